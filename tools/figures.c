/* figures.c - see figures.h: which figures there are, and their files. Not here: what they show (figures_*.c). */
#include "figures.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "figures_private.h"
#include "text_output.h"

static const figure_spec FIGURES[] = {
    {.file = "map-dud-density",
     .title = "Expected duds per hectare",
     .unit = "duds per hectare",
     .layer = "dud_density",
     .height = figures_map_height,
     .draw = figures_map_draw},
    {.file = "map-dud-probability",
     .title = "Probability of at least one dud in a cell",
     .unit = "probability per cell",
     .layer = "dud_probability",
     .height = figures_map_height,
     .draw = figures_map_draw},
    {.file = "map-containment",
     .title = "Smallest areas that hold 50, 80 and 95 % of the expected duds",
     .unit = "share of all expected duds inside",
     .layer = "dud_containment",
     .height = figures_map_height,
     .draw = figures_map_draw},
    {.file = "map-accident-density",
     .title = "Expected accidents per hectare in the first year",
     .unit = "accidents per hectare in the first year",
     .layer = "accident_density",
     .height = figures_map_height,
     .draw = figures_map_draw},
    {.file = "map-dud-density-spread",
     .title = "Spread: standard deviation of the duds per hectare",
     .unit = "duds per hectare",
     .layer = "dud_density_sd",
     .height = figures_map_height,
     .draw = figures_map_draw},
    {.file = "map-dud-count-spread",
     .title = "Spread: standard deviation of the number of duds in a cell",
     .unit = "duds in a cell",
     .layer = "dud_count_sd",
     .height = figures_map_height,
     .draw = figures_map_draw},
    {.file = "map-dud-density-error",
     .title = "Monte Carlo standard error of the duds per hectare",
     .unit = "duds per hectare",
     .layer = "dud_density_standard_error",
     .height = figures_map_height,
     .draw = figures_map_draw},
    {.file = "map-dud-probability-error",
     .title = "Monte Carlo standard error of the probability of a dud",
     .unit = "probability per cell",
     .layer = "dud_probability_standard_error",
     .height = figures_map_height,
     .draw = figures_map_draw},
    {.file = "map-exceedance",
     .title = "Probability that the duds per hectare are more than",
     .unit = "probability",
     .layer = "exceedance_probability",
     .by_threshold = true,
     .height = figures_map_height,
     .draw = figures_map_draw},
    {.file = "map-background",
     .title = "Background: duds per hectare of strikes that nobody reported",
     .unit = "duds per hectare",
     .of = "A judgement of the author, in no other figure; strikes",
     .layer = "background_density",
     .height = figures_map_height,
     .draw = figures_map_draw},
    {.file = "chart-district-duds",
     .title = "Duds by district: median and 90 % interval",
     .unit = "number of duds",
     .mean = UXO_COLUMN_DUDS_MEAN,
     .low = UXO_COLUMN_DUDS_P05,
     .middle = UXO_COLUMN_DUDS_P50,
     .high = UXO_COLUMN_DUDS_P95,
     .height = figures_interval_height,
     .draw = figures_interval_draw},
    {.file = "chart-district-accidents",
     .title = "Accidents in the first year by district: median and 90 % interval",
     .unit = "accidents in the first year",
     .mean = UXO_COLUMN_ACCIDENTS_MEAN,
     .low = UXO_COLUMN_ACCIDENTS_P05,
     .middle = UXO_COLUMN_ACCIDENTS_P50,
     .high = UXO_COLUMN_ACCIDENTS_P95,
     .height = figures_interval_height,
     .draw = figures_interval_draw},
    {.file = "chart-exceedance-duds",
     .title = "How likely are at least so many duds?",
     .unit = "number of duds",
     .quantity = "dud_count",
     .middle = UXO_COLUMN_DUDS_P50,
     .mean = UXO_COLUMN_DUDS_MEAN,
     .height = figures_exceedance_height,
     .draw = figures_exceedance_draw},
    {.file = "chart-exceedance-accidents",
     .title = "How likely are at least so many accidents in the first year?",
     .unit = "accidents in the first year",
     .quantity = "accidents",
     .middle = UXO_COLUMN_ACCIDENTS_P50,
     .mean = UXO_COLUMN_ACCIDENTS_MEAN,
     .height = figures_exceedance_height,
     .draw = figures_exceedance_draw},
    {.file = "chart-variance",
     .title = "What the spread of the total hangs on",
     .unit = "share of the variance of the number of duds, all districts",
     .height = figures_variance_height,
     .draw = figures_variance_draw},
    {.file = "chart-ranking-duds",
     .title = "How sure is the order of districts by duds?",
     .unit = "rank by expected duds, 1 = most",
     .quantity = "duds",
     .height = figures_ranking_height,
     .draw = figures_ranking_draw},
    {.file = "chart-ranking-accidents",
     .title = "How sure is the order of districts by accidents?",
     .unit = "rank by expected accidents, 1 = most",
     .quantity = "accidents",
     .height = figures_ranking_height,
     .draw = figures_ranking_draw},
};
enum { FIGURE_COUNT = sizeof FIGURES / sizeof *FIGURES };

uxo_status figures_make_folder(const char *folder, uxo_report *report)
{
    struct stat about;
    if (mkdir(folder, 0777) != 0 && (errno != EEXIST || stat(folder, &about) != 0 || !S_ISDIR(about.st_mode))) {
        return uxo_fail(report, UXO_ERR_CANTCREATE, NULL, "cannot make the folder '%s': %s", folder,
                        strerror(errno == EEXIST ? ENOTDIR : errno));
    }
    return UXO_OK;
}

static uxo_status write_figure(const figure_spec *figure, const figures_source *source, double height,
                               canvas_format format, const char *path, uxo_report *report)
{
    canvas page;
    char title[1024];
    text_fit(title, sizeof title, "%s. %s", figure->title, source->title);
    const canvas_about about = {title, UXO_SENTENCE, source->program};
    UXO_TRY(canvas_open(&page, &source->lib, format, FIGURE_WIDTH, height, &about, report));
    const uxo_status status = figure->draw(figure, source, &page, report);
    if (status != UXO_OK) {
        canvas_abandon(&page);
        return status;
    }
    return canvas_save(&page, &about, path, report);
}

static uxo_status write_formats(const figure_spec *figure, const figures_source *source, double height,
                                const char *folder, uxo_report *report)
{
    const size_t size = strlen(folder) + strlen(figure->file) + 16;
    char *const path = malloc(size);
    uxo_status status = path != NULL ? UXO_OK : uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory");
    for (int format = 0; format < CANVAS_FORMAT_COUNT && status == UXO_OK; format++) {
        snprintf(path, size, "%s/%s.%s", folder, figure->file, canvas_extension((canvas_format)format));
        status = write_figure(figure, source, height, (canvas_format)format, path, report);
    }
    free(path);
    return status;
}

/* One figure, or one for each threshold of its layer. */
static uxo_status write_planes(const figure_spec *figure, const figures_source *source, double height,
                               const char *folder, int *written, uxo_report *report)
{
    uint32_t planes = figure->by_threshold ? uxo_result_layer_planes(source->maps.result, figure->layer) : 1;
    for (uint32_t i = 0; i < planes; i++) {
        char name[128] = "", file[192], title[256];
        figure_spec plane = *figure;
        if (figure->by_threshold && uxo_result_plane_name(source->maps.result, figure->layer, i, name, sizeof name)) {
            const char *const space = strrchr(name, ' '); /* "threshold 10" */
            const char *const number = space != NULL ? space + 1 : name;
            snprintf(file, sizeof file, "%s-%s", figure->file, number);
            snprintf(title, sizeof title, "%s %s", figure->title, number);
            plane.file = file;
            plane.title = title;
        }
        plane.plane = i;
        UXO_TRY(write_formats(&plane, source, height, folder, report));
        ++*written;
    }
    return UXO_OK;
}

static uxo_status write_all(const figures_source *source, const char *folder, uxo_report *report)
{
    int written = 0;
    char missing[1024] = "";
    for (int i = 0; i < FIGURE_COUNT; i++) {
        const double height = FIGURES[i].height(&FIGURES[i], source);
        if (height > 0.0) {
            UXO_TRY(write_planes(&FIGURES[i], source, height, folder, &written, report));
        } else {
            const size_t length = strlen(missing);
            snprintf(missing + length, sizeof missing - length, "%s%s", length > 0 ? ", " : "", FIGURES[i].file);
        }
    }
    if (source->internal) {
        uxo_report_add(
            report, UXO_NOTE, NULL,
            "%d figures in '%s', each as PNG, SVG and PDF; INTERNAL: with reported strikes, cells as they are", written,
            folder);
    } else {
        uxo_report_add(report, UXO_NOTE, NULL,
                       "%d figures in '%s', each as PNG, SVG and PDF; public: cells of %g m, no strikes", written,
                       folder, source->maps.grid.cell_size_m);
    }
    if (missing[0] != '\0') {
        uxo_report_add(report, UXO_NOTE, NULL, "no data for: %s", missing);
    }
    return UXO_OK;
}

uxo_status figures_write(uxo_result *result, const char *folder, const figures_audience *audience, uxo_report *report)
{
    figures_source source;
    UXO_TRY(figures_source_open(&source, result, audience, report));
    uxo_status status = figures_make_folder(folder, report);
    if (status == UXO_OK) {
        status = write_all(&source, folder, report);
    }
    figures_source_close(&source);
    return status;
}
