/* qml.h - QGIS styles for exported layers: the same classes and colours as on the figures. */
#ifndef UXOSIM_TOOLS_QML_H
#define UXOSIM_TOOLS_QML_H

#include "uxosim/result.h"

/* UXO_ERR_USAGE for a raster whose style would overwrite it, or the file `input` that it is made from. */
UXO_MUST_USE uxo_status qml_check_name(const char *raster, const char *input, uxo_report *report);

/* Writes the style of a layer beside its raster: "folder/layer.tif" -> "folder/layer.qml", which QGIS takes by itself.
 * Zero is transparent, as paper is white; cells without a number are grey. A layer of several planes is styled by its first. */
UXO_MUST_USE uxo_status qml_write_beside(uxo_result *result, const char *layer, const char *raster, uxo_report *report);

#endif
