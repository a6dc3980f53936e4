/* gdal_library.h - GDAL, loaded when it is first needed.
 *
 * GDAL brings some hundred libraries, which take longer to load than a small run takes; a scenario without layers needs
 * none of them. So the program is not linked to GDAL: whoever needs it opens it and calls its functions through this
 * struct. Not here: what they are called for.
 */
#ifndef UXOSIM_GDAL_LIBRARY_H
#define UXOSIM_GDAL_LIBRARY_H

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <gdal_alg.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include "uxosim/error.h"

/* Every function of GDAL that uxosim calls. A new one is added here. */
/* clang-format off */
#define UXO_GDAL_FUNCTIONS(X) \
    X(CSLDestroy) X(CPLErrorReset) X(CPLGetErrorHandlerUserData) X(CPLGetLastErrorMsg) X(CPLGetLastErrorType) \
    X(CPLHexToBinary) X(CPLPopErrorHandler) X(CPLPushErrorHandler) X(CPLPushErrorHandlerEx) \
    X(CPLQuietErrorHandler) X(CPLSetConfigOption) X(CPLSetErrorHandler) X(CPLSetThreadLocalConfigOption) \
    X(VSIFree) X(VSIGetMemFileBuffer) X(VSIUnlink) \
    X(OSRClone) X(OSRDestroySpatialReference) X(OSRImportFromEPSG) X(OSRIsSame) X(OSRNewSpatialReference) \
    X(OSRRelease) X(OSRSetAxisMappingStrategy) X(OSRSetFromUserInput) X(OSRSetPROJEnableNetwork) \
    X(OCTDestroyCoordinateTransformation) X(OCTNewCoordinateTransformation) X(OCTTransformEx) \
    X(GDALAllRegister) X(GDALClose) X(GDALCreate) X(GDALCreateCopy) X(GDALDataTypeIsComplex) \
    X(GDALDatasetCreateLayer) X(GDALDatasetGetLayer) X(GDALDatasetGetLayerByName) X(GDALDatasetGetLayerCount) \
    X(GDALFillRaster) X(GDALGetDriverByName) X(GDALGetDriverCount) X(GDALGetFileList) X(GDALGetGeoTransform) X(GDALGetMaskBand) \
    X(GDALGetMaskFlags) X(GDALGetRasterBand) X(GDALGetRasterColorTable) X(GDALGetRasterCount) \
    X(GDALGetRasterDataType) X(GDALGetRasterNoDataValue) X(GDALGetRasterOffset) X(GDALGetRasterScale) \
    X(GDALGetRasterXSize) X(GDALGetRasterYSize) X(GDALGetSpatialRef) X(GDALInvGeoTransform) X(GDALOpenEx) \
    X(GDALRasterIO) X(GDALRasterizeGeometries) X(GDALSetDescription) X(GDALSetGeoTransform) \
    X(GDALSetMetadataItem) X(GDALSetRasterNoDataValue) X(GDALSetRasterUnitType) X(GDALSetSpatialRef) \
    X(OGR_FD_GetFieldCount) X(OGR_FD_GetFieldDefn) X(OGR_FD_GetFieldIndex) \
    X(OGR_Fld_Create) X(OGR_Fld_Destroy) X(OGR_Fld_GetNameRef) X(OGR_Fld_GetType) X(OGR_Fld_SetAlternativeName) \
    X(OGR_F_Create) X(OGR_F_Destroy) X(OGR_F_GetFID) X(OGR_F_GetFieldAsDateTime) X(OGR_F_GetFieldAsString) \
    X(OGR_F_GetFieldDefnRef) X(OGR_F_GetGeometryRef) X(OGR_F_IsFieldSetAndNotNull) X(OGR_F_SetFieldDouble) \
    X(OGR_F_SetFieldString) X(OGR_F_SetGeometry) \
    X(OGR_GT_Flatten) X(OGR_G_AddGeometry) X(OGR_G_AddGeometryDirectly) X(OGR_G_AddPoint_2D) X(OGR_G_Area) \
    X(OGR_G_AssignSpatialReference) X(OGR_G_Clone) X(OGR_G_CreateFromWkb) X(OGR_G_CreateGeometry) \
    X(OGR_G_DestroyGeometry) X(OGR_G_ExportToIsoWkb) X(OGR_G_FlattenTo2D) X(OGR_G_ForceToMultiPolygon) \
    X(OGR_G_GetEnvelope) X(OGR_G_GetGeometryCount) X(OGR_G_GetGeometryName) X(OGR_G_GetGeometryRef) \
    X(OGR_G_GetGeometryType) X(OGR_G_GetLinearGeometry) X(OGR_G_GetPointCount) X(OGR_G_GetX) X(OGR_G_GetY) \
    X(OGR_G_Intersection) X(OGR_G_IsEmpty) X(OGR_G_IsValid) X(OGR_G_MakeValid) X(OGR_G_SetPoint_2D) \
    X(OGR_G_Transform) X(OGR_G_UnionCascaded) X(OGR_G_WkbSize) \
    X(OGR_L_CreateFeature) X(OGR_L_CreateField) X(OGR_L_GetFeatureCount) X(OGR_L_GetGeomType) \
    X(OGR_L_GetLayerDefn) X(OGR_L_GetName) X(OGR_L_GetNextFeature) X(OGR_L_GetSpatialRef) X(OGR_L_ResetReading)
/* clang-format on */

typedef struct uxo_gdal {
#define X(name) __typeof__(name) *name;
    UXO_GDAL_FUNCTIONS(X)
#undef X
} uxo_gdal;

/* Loads GDAL, or finds that it is loaded already; it stays until the program ends. An error when this machine has no GDAL
 * of the version that uxosim was built for; `place`: what needs it. */
UXO_MUST_USE uxo_status uxo_gdal_open(uxo_gdal *self, const uxo_place *place, uxo_report *report);

/* Version of GDAL where it is loaded, else false: it is not loaded for this. */
bool uxo_gdal_loaded_version(char *text, size_t size);

/* For a handler of GDAL's errors, which is called without a pointer of its own: what was pushed together with it. */
void *uxo_gdal_handler_data(void);

#endif
