/* schema_output.c - keys of a scenario: what the result file holds. Data only, see schema_table.c. */
#include "schema_private.h"

static const uxo_key_row output_rows[] = {
    {.path = "output", .type = UXO_TYPE_SECTION, .meaning = "What the result file holds."},
    {.path = "output.quantiles",
     .type = UXO_TYPE_NUMBERS,
     .unit = "1",
     .minimum = 0,
     .minimum_open = true,
     .maximum = 1,
     .maximum_open = true,
     .allowed = "1 to 32",
     .default_text = "[0.05, 0.5, 0.95]",
     .example = "[0.05, 0.5, 0.95]",
     .meaning = "Quantiles of the conditional density that are mapped. With the expected-value estimator only."},
    {.path = "output.density_thresholds_per_ha",
     .type = UXO_TYPE_NUMBERS,
     .unit = "hectare-1",
     .minimum = 0,
     .minimum_open = true,
     .maximum = 1e6,
     .allowed = "1 to 32",
     .default_text = "[1, 10]",
     .example = "[1, 10]",
     .meaning = "Densities for which the probability of exceeding them is mapped. With the expected-value estimator "
                "only."},
    {.path = "output.variance_realisations",
     .type = UXO_TYPE_INTEGER,
     .minimum = 0,
     .maximum = 1e6,
     .example = "500",
     .meaning =
         "Pairs of realisations from which the shares of groups of draws in the variance of each district are "
         "estimated; each costs about as much as nine realisations of points, and 500 give a share to about 0.04 "
         "(standard error). 0: none are computed. Default: a quarter of the realisations (an eightieth with analog), "
         "500 at most."},
    {.path = "output.layers",
     .type = UXO_TYPE_STRINGS,
     .allowed = "all",
     .default_text = "all",
     .example = "all",
     .items = "dud_density|dud_probability|dud_density_sd|dud_count_sd|dud_density_quantile|exceedance_probability|"
              "dud_density_standard_error|dud_probability_standard_error|accident_density|dud_containment|population|"
              "district|ground|background_density",
     .meaning =
         "Raster layers that are written; population, district, ground and background_density always are, where the "
         "scenario has "
         "them. "
         "accident_density needs a population. dud_count_sd comes from analog; dud_density_sd, dud_density_quantile "
         "and "
         "exceedance_probability come from expected-value."},
};

const uxo_schema_part uxo_schema_output = {output_rows, sizeof output_rows / sizeof *output_rows};
