/* qml.c - see qml.h. Not here: the colours (colours.c). */
#include "qml.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "colours.h"
#include "markup.h"
#include "output.h"
#include "uxosim/number_text.h"

enum { SPECIAL_ROWS = 3, MOST_KINDS = 4096 };

static void write_item(const char *tag, const char *value, uint32_t rgb, int alpha, const char *label, FILE *out)
{
    fprintf(out, "          <%s value=\"%s\" color=\"#%06x\" alpha=\"%d\" label=\"", tag, value, (unsigned)rgb, alpha);
    markup_write(label, markup_xml_entity, out);
    fputs("\"/>\n", out);
}

/* A value belongs to the first item that it does not exceed. */
static void write_classes(const colours_scale *scale, const char *unit, FILE *out)
{
    const size_t last = scale->count - 1;
    const double most = isinf(scale->upper[last]) ? scale->upper[last - 1] : scale->upper[last];
    const char *const of = strcmp(unit, "hectare-1") == 0 ? " per hectare" : "";
    char text[COLOURS_LABEL_SIZE], value[UXO_NUMBER_SIZE], number[UXO_NUMBER_SIZE], label[2 * COLOURS_LABEL_SIZE];
    fprintf(
        out,
        "    <rasterrenderer type=\"singlebandpseudocolor\" band=\"1\" opacity=\"1\" alphaBand=\"-1\" "
        "nodataColor=\"#%06x\" "
        "classificationMin=\"0\" classificationMax=\"%s\">\n"
        "      <rasterTransparency/>\n"
        "      <minMaxOrigin><limits>None</limits><extent>WholeRaster</extent></minMaxOrigin>\n"
        "      <rastershader>\n"
        "        <colorrampshader colorRampType=\"DISCRETE\" classificationMode=\"1\" clip=\"0\" minimumValue=\"0\" "
        "maximumValue=\"%s\" labelPrecision=\"6\">\n",
        (unsigned)COLOURS_NO_DATA, uxo_number_text(number, most), number);
    write_item("item", "0", COLOURS_PAPER, 0, COLOURS_ZERO_NOTE, out);
    for (size_t i = 0; i < scale->count; i++) {
        snprintf(label, sizeof label, "%s%s", colours_label(scale, i, text), of);
        write_item("item", uxo_number_text(value, scale->upper[i]), scale->rgb[i],
                   scale->rgb[i] == COLOURS_PAPER ? 0 : 255, label, out);
    }
    fputs("        </colorrampshader>\n      </rastershader>\n    </rasterrenderer>\n", out);
}

/* Districts by their names, ground by the words of its classes. */
static void write_kinds(uxo_result *result, const char *layer, FILE *out)
{
    const bool is_district = strcmp(layer, "district") == 0;
    size_t count = 0;
    const char *const *const names = is_district ? uxo_result_strings(result, "/districts/name", &count) : NULL;
    const char *const words = is_district ? NULL : uxo_result_text(result, "/ground", "flag_meanings");
    char value[32], word[128];
    fprintf(out,
            "    <rasterrenderer type=\"paletted\" band=\"1\" opacity=\"1\" alphaBand=\"-1\" nodataColor=\"#%06x\">\n"
            "      <rasterTransparency/>\n      <colorPalette>\n",
            (unsigned)COLOURS_NO_DATA);
    for (size_t i = 0; names != NULL && i + SPECIAL_ROWS < count; i++) {
        snprintf(value, sizeof value, "%zu", i);
        write_item("paletteEntry", value, colours_tint(i), 255, names[i], out);
    }
    const char *next = words;
    for (size_t i = 0; next != NULL && *next != '\0' && i < MOST_KINDS; i++) {
        const int length = (int)strcspn(next, " ");
        snprintf(value, sizeof value, "%zu", i);
        snprintf(word, sizeof word, "%.*s", length < 120 ? length : 120, next);
        write_item("paletteEntry", value, colours_tint(i), 255, word, out);
        next += length + (next[length] == ' ');
    }
    fputs("      </colorPalette>\n    </rasterrenderer>\n", out);
}

static void write_style(uxo_result *result, const char *layer, FILE *out)
{
    const char *const unit = uxo_result_layer_unit(result, layer);
    colours_scale scale;
    fputs("<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
          "<qgis version=\"3.22.0\" styleCategories=\"AllStyleCategories\" hasScaleBasedVisibilityFlag=\"0\">\n"
          "  <pipe>\n"
          /* Between cells nothing is known that a blur could show. */
          "    <provider><resampling enabled=\"false\" zoomedInResamplingMethod=\"nearestNeighbour\" "
          "zoomedOutResamplingMethod=\"nearestNeighbour\" maxOversampling=\"2\"/></provider>\n",
          out);
    if (colours_for_layer(layer, unit, &scale)) {
        write_classes(&scale, unit, out);
    } else {
        write_kinds(result, layer, out);
    }
    fputs("    <brightnesscontrast brightness=\"0\" contrast=\"0\" gamma=\"1\"/>\n"
          "    <huesaturation saturation=\"0\" grayscaleMode=\"0\" colorizeOn=\"0\"/>\n"
          "    <rasterresampler maxOversampling=\"2\"/>\n"
          "  </pipe>\n"
          "  <blendMode>0</blendMode>\n"
          "</qgis>\n",
          out);
}

uxo_status qml_check_name(const char *raster, const char *input, uxo_report *report)
{
    char *const style = tool_output_name(raster, ".qml");
    uxo_status status = UXO_OK;
    if (style == NULL) {
        status = uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    } else if (strcmp(style, raster) == 0) {
        status = uxo_fail(report, UXO_ERR_USAGE, NULL, "'%s' is where the style belongs: call the raster .tif", raster);
    } else {
        status = tool_output_apart(style, input, report);
    }
    free(style);
    return status;
}

uxo_status qml_write_beside(uxo_result *result, const char *layer, const char *raster, uxo_report *report)
{
    char *const path = tool_output_name(raster, ".qml");
    tool_output output;
    if (path == NULL) {
        return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    }
    uxo_status status = tool_output_open(&output, path, report);
    if (status == UXO_OK) {
        write_style(result, layer, output.stream);
        status = tool_output_close(&output, report);
    }
    free(path);
    return status;
}
