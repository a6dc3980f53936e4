"""verification_rows.py - the rows of docs/verification.md; what they are for and how figures are read: verification.py."""
from verification import EXACT, NUMBER, Apart, Count, Figure, Largest, Row, chi_square, holds, largest_z, z

NOTHING_ELSE = "nothing else is uncertain"
DEFECT = r"^(?:  )?(?!no defect)[^,\n]+, (?:[a-z ]+, )?seed \d+$"

TOTALS = [
    Row("expected total", r"$\sum \text{confidence} \cdot E[C] \cdot \sum_t w_t\,(1-E[f_t])\,E[n_t]\,E[m_t]$", "no ground effect, no clearance",
        "statistics.test_totals", "the_total_is_the_product_of_means", [z("mean")]),
    Row("expected total with a shift", r"$E[m_t]$ is $E[\mathrm{logistic}(\mathrm{logit}\,m_t+\Delta)]$ by quadrature", "rates per campaign, strike or carrier",
        "statistics.test_campaign_level", "the_shift_reaches_rates_of_every_level", [largest_z(4)]),
    Row("strikes that exist", r"mean $S c E[u]$; variance $S(cE[u]-c^2E[u^2])+S^2c^2\mathrm{Var}[u]$", "reliability $u$ shared by a class of reports",
        "statistics.test_campaign_level", "reliability_is_shared", [z("strikes"), z("variance of strikes", "variance")]),
    Row("carriers that did not open", r"$C f$, each with its load; duds of the others $C(1-f)Nm$", "$f$ per carrier", "statistics.test_totals",
        "intact_carriers_are_counted_with_their_load", [z("carriers that did not open"), z("duds of those that did", "duds")]),
    Row("spread of a strike's duds", r"beta-binomial, $N m (1-m)(k+N)/(k+1)$, $N$ the whole strike's load", "carriers and $m_t$ fixed",
        "statistics.test_totals", "between_strike_spread_is_beta_binomial", [z("mean"), z("variance", "variance")]),
    Row("total of ten strikes, one shared rate", r"$\mathrm{Var}=S\,N\,E[p(1-p)]+S^2N^2\,\mathrm{Var}[p]$", "loads fixed", "statistics.test_totals",
        "uncertain_rates_have_the_published_spread", [z("variance", "variance", "^ten strikes, one rate shared")]),
    Row("the same, independent rates", r"$\mathrm{Var}=S\,N\,E[p(1-p)]+S\,N^2\,\mathrm{Var}[p]$", "loads fixed", "statistics.test_totals",
        "uncertain_rates_have_the_published_spread", [z("variance", "variance", "^ten strikes, independent")]),
]

CELLS = [
    Row("cell mean, gaussian along the grid", r"$N m\,\Delta\Phi_x\,\Delta\Phi_y$", NOTHING_ELSE, "statistics.test_closed_forms",
        "the_map_has_the_closed_form", [chi_square("density of 814 cells of 7 m")]),
    Row("count in a cell", r"Binomial$(N, pq)$: mean, variance, $P(\geq 1)$, $P(\geq 2)$, neighbours' covariance", "place, heading and rate fixed",
        "statistics.test_closed_forms", "one_strike_has_the_published_cells", [largest_z()]),
    Row("location error normal, points", "covariances of error, spread and pattern add", "heading fixed; for the mean only",
        "statistics.test_closed_forms", "location_errors_move_the_mean", [z("duds on the grid, covariances added")]),
    Row("location error normal, expectations", "the same, by cells", "heading fixed; gaussian patterns", "statistics.test_expected_power",
        "an_undamaged_engine_passes", [z("mean of sixty cells", "closed form", "no defect, closed form"),
                                       z("mean of sixty cells", "sampled", "no defect, sampled")]),
    Row("location error uniform on a disc", r"share of a small square $a^2/(\pi r^2)$", "pattern small", "statistics.test_closed_forms",
        "location_errors_move_the_mean", [z("strikes on a square of 100 m in a disc of 300 m")]),
    Row("P(at least one), points", r"$1-E[(1-pF)^N]$ by quadrature over the Beta", "place and heading fixed", "statistics.test_closed_forms",
        "probability_of_at_least_one_has_its_quadrature", [largest_z()]),
    Row("P(at least one), expectations", "the same", "place and heading fixed", "statistics.test_expected_value",
        "probability_has_its_quadrature", [largest_z(name="P")]),
    Row("ellipse and ring, by cells", r"share within $z$ semi-axes: $z^2$; $(z^2-(1-w/2)^2)/(2w)$", "cells of a hundredth of the pattern",
        "statistics.test_shapes", "masses_inside_a_radius_are_known",
        [Apart(r"of the semi-axes +(\d\.\d{6}) against (\d\.\d{6})$", "{0} shares, off by up to {1}")]),
    Row("ellipse and ring, points", "squares of distances uniform, directions uniform", "", "statistics.test_shapes", "points_lie_evenly",
        [Largest(rf"sqrt\(n\) D = {NUMBER}", r"{0} figures, sqrt(n) D up to {1} (bound 2.63)")]),
    Row("displaced parts", "place less what was drawn, along and across the heading", "normal and uniform displacements",
        "statistics.test_campaign_level", "the_displacement_has_its_distribution", [largest_z(4)]),
    Row("ground classes", r"mean of $\mathrm{logistic}(\mathrm{logit}\,p+\beta)$ per class by quadrature", "both estimators; $p$ and $\\beta$ per campaign",
        "statistics.test_surface", "classes_have_their_quadrature", [largest_z()]),
    Row("clearance", r"what remains is $\prod_j (1-E[c_j]E[D_j])$; tasks before the strike change nothing", "both estimators",
        "statistics.test_surface", "clearance_leaves_its_share", [largest_z()]),
]

CLUSTERS = [
    Row("quadrat variance, fixed load", r"$\lambda a^2+c\,\kappa\mu^2I(a)^2-n(\mu q)^2$, $c=(N-1)/N$", "quadrats far inside the disc; $n$ strikes",
        "statistics.test_clustering", "clusters_have_the_variance_of_theory", [
            Figure(rf"quadrats of 100 m, variance / mean {NUMBER}", "100 m: variance/mean {0}"), z("variance", "variance", "quadrats of 100 m")]),
    Row("quadrat variance, random rates", r"$c=\frac{N-1}{N}\,E[p^2]/E[p]^2$", "the same", "statistics.test_clustering",
        "clusters_have_the_variance_of_theory", [z("variance", "200 m: variance", "failure rates differ(?:.|\n)*?quadrats of 200 m"), largest_z()]),
    Row("the same, 40 strikes of 50", r"$n(Npq+N(N-1)p^2I^2/A-(Npq)^2)$", "the same", "statistics.test_closed_forms",
        "quadrats_have_the_variance_of_clusters", [z("variance of a quadrat")]),
    Row("a Thomas process", "R's spatstat, `rThomas`: mean, variance, covariance of neighbours, distribution", "many improbable strikes, Poisson loads",
        "statistics.test_spatstat", "", [Largest(rf"\|z\| = {NUMBER}", "{0} figures, z up to {1}"),
                                         Largest(rf"distribution .* z = {NUMBER}", "{0} distributions, z up to {1}")]),
]

INVARIANCE = [
    Row("threads, instruction sets: points", "the same bits", "1 to 8 threads; all kernels the processor has", "property.test_invariance",
        "threads_and_kernels_change_nothing", [EXACT]),
    Row("threads, instruction sets: maps of expectations", "the same bits", "the same", "property.test_expected_invariance",
        "threads_and_kernels_change_nothing", [Largest(rf": {NUMBER} differences", "{0} runs, {1} differences")]),
    Row("memory", "the same bits", "tables from one carrier to all", "property.test_expected_invariance", "memory_changes_nothing",
        [Largest(rf": {NUMBER} differences", "{0} runs, {1} differences")]),
    Row("all these with ground and clearance", "the same bits", "", "property.test_surface_invariance", "nothing_of_the_machine_is_seen",
        [Largest(rf": {NUMBER} differences", "{0} runs, {1} differences")]),
    Row("order of strikes: points", "the same counts", "", "property.test_invariance", "the_order_of_strikes_changes_nothing", [EXACT]),
    Row("order of strikes: maps of expectations", "equal to rounding of single precision", "", "property.test_expected_invariance",
        "the_order_of_strikes_changes_nothing", [Largest(rf": {NUMBER} of the largest", "{0} layers, off by up to {1} of the largest")]),
    Row("grid shift, rotation by 90 degrees: points", "the map moves or turns", "rotation without location errors, drawn along the grid's axes",
        "property.test_invariance", "shifts_and_quarter_turns_move_the_map",
        [Largest(rf"duds, {NUMBER} cells off after", "{0} scenarios, {1} points on the other side of an edge"),
         Largest(rf"shift, {NUMBER} after the turn", "after the turn {1}")]),
    Row("grid shift: maps of expectations", "the same", "", "property.test_expected_invariance", "shifts_move_the_map",
        [Largest(rf": {NUMBER} of the largest", "{0} layers, off by up to {1} of the largest")]),
    Row("rotation by 90 degrees: maps of expectations", "the same", "as for points", "property.test_expected_invariance", "quarter_turns_turn_the_map",
        [Largest(rf": {NUMBER} of the largest", "{0} layers, off by up to {1} of the largest")]),
    Row("coarser cells: points", "a cell holds what its parts held", "2 x 2 and 5 x 5 cells to one", "property.test_invariance",
        "coarser_cells_conserve_totals", [Count(r"all \d+ cells hold what", "{0} scenarios, exact")]),
    Row("coarser cells: maps of expectations", "the same, to the error of a gaussian at the centres of cells", "2 x 2 cells to one",
        "property.test_expected_invariance", "coarser_cells_conserve_the_map",
        [Largest(rf"cells differ by {NUMBER} of", "{0} scenarios, cells off by up to {1} of the largest"),
         Largest(rf"totals by {NUMBER}$", "totals by {1}")]),
]

ESTIMATORS = [
    Row("points against closed-form maps", r"z of cells: $\chi^2$ of density and of $P(\geq1)$", "60 strikes out of each other's reach",
        "statistics.test_expected_value", "points_have_the_expected_maps",
        [Largest(rf"chi-square {NUMBER} of 60", "{0} figures, chi-square up to {1} of 60")]),
    Row("sampled maps against closed-form ones", "the same, and the variance", "the same", "statistics.test_expected_value",
        "sampling_has_the_closed_form", [Largest(rf"chi-square {NUMBER} of 60", "{0} figures, chi-square up to {1} of 60"),
                                         largest_z(name="variance")]),
    Row("ovals, rings and gaussians mixed", r"z of cells, other seeds: $\chi^2$", "60 strikes, every size a distribution", "statistics.test_shapes",
        "the_estimators_agree", [Largest(rf"chi-square {NUMBER} of 60", "{0} figures, chi-square up to {1} of 60")]),
    Row("with ground and clearance", r"z of cells and districts: $\chi^2$", "a patchwork of classes and tasks", "statistics.test_surface_patchwork",
        "both_estimators_agree_on_a_patchwork", [chi_square("cells of the map", "cells"), chi_square("districts, points less what is expected", "districts")]),
    Row("duds by district and realisation", "the same whole numbers with either", "with ground and clearance too", "property.test_surface_invariance",
        "points_are_the_same_with_both_estimators", [EXACT]),
    Row("quantiles of a cell", "those of the rate", "place fixed", "statistics.test_expected_order", "quantiles_are_those_of_the_rate",
        [Figure(rf"quantiles: error {NUMBER} of the peak", "off by {0} of the peak")]),
    Row("affected area", "area of the blocks that expect enough, by hand", "", "statistics.test_expected_order", "affected_area_is_that_of_its_blocks",
        [Figure(rf"^ +{NUMBER} ha of {NUMBER}", "{0} ha, equal")]),
    Row("each run checks itself", "Bernstein's inequality, one dud too many is seen", "false alarms below $10^{-9}$ a run", "unit.test_self_check",
        "a_single_dud_too_many_is_seen_anywhere", [holds("seen")]),
    Row("districts", "points less expectations, realisation by realisation", "24 districts, place and rate uncertain",
        "statistics.test_expected_value", "districts_are_expected_what_they_get", [chi_square("duds less what is expected, 24 districts")]),
]

MONTE_CARLO = [
    Row("errors shrink", r"scatter over seeds $\propto R^{-1/2}$, $R$ = 100 and 1600", "both estimators", "statistics.test_monte_carlo_error",
        "more_realisations_are_better_as_they_say", [
            z("exponent of R, scatter", "exponent of the mean", "^mean of duds"), z("exponent of R, scatter", "of the 95 % quantile", "^95 % quantile"),
            z("exponent of R, scatter", "of a cell's expectation", "^expectations: density")]),
    Row("stated errors cover closed forms", "90 % intervals hold them in 90 % of 300 runs", "$R$ = 1600", "statistics.test_monte_carlo_error",
        "more_realisations_are_better_as_they_say", [Figure(rf"covered by 90 % intervals +{NUMBER}", "mean {0}"),
                                                     Figure(rf"covered by 90 % intervals +{NUMBER}", "a cell's points {0}", "^points: density of a cell$"),
                                                     Figure(rf"covered by 90 % intervals +{NUMBER}", "its expectation {0}", "^expectations: density of a cell$")]),
    Row("stated errors are the scatter", "mean stated error over scatter of 600 seeds is 1", "$R$ = 300", "statistics.test_errors",
        "stated_errors_are_those_of_many_seeds", [Figure(rf"^ +{name} .* ratio {NUMBER}$", name + " {0}")
                                                  for name in ("duds_mean", "duds_sd", "duds_p50", "duds_p95", "density of a cell")]),
    Row("stated errors of maps cover closed forms", "90 % intervals hold them in 90 % of 200 runs", "cells above a twentieth of the densest",
        "statistics.test_expected_coverage", "stated_errors_cover_the_closed_form",
        [Figure(rf"dud_density +the {NUMBER} dense cells: covered {NUMBER}", "density, {0} cells: {1}"),
         Figure(rf"dud_probability +the {NUMBER} dense cells: covered {NUMBER}", "probability, {0} cells: {1}")]),
]

VARIANCE = [
    Row("estimators of shares", "Ishigami's function, $S$ and $T$", "", "statistics.test_variance", "ishigami_has_its_known_shares", [largest_z()]),
    Row("their stated errors", r"mean $z^2$ of 300 repetitions is 1", "200 pairs", "statistics.test_variance", "stated_errors_are_the_spread",
        [Figure(rf"^first order: mean z\^2 = {NUMBER}", "first order {0}"), Figure(rf"^total: mean z\^2 = {NUMBER}", "total {0}")]),
    Row("shares of groups of underlying draws", r"$\mathrm{Var}(E[Y\mid g])/\mathrm{Var}(Y)$ by hand", "rate, existence, carriers and scatter uncertain",
        "statistics.test_variance", "levels_have_their_shares", [z("campaign rates", "campaign rates"), largest_z()]),
    Row("no variance gives NaN", "", "a district that nothing reaches", "statistics.test_variance", "the_place_decides_between_districts", [holds("NaN")]),
    Row("accidents on a log scale", r"$\mathrm{Var}(\ln x_g)/\sum\mathrm{Var}(\ln x)$, $S_g=T_g$", "contacts so few that nothing saturates",
        "statistics.test_variance_accidents", "logarithms_share_out_a_product", [z("first order", "detonation", "^detonation"), largest_z()]),
    Row("Sobol' indices of a sweep", "Ishigami's, an additive and a product function: $S$, $T$ and pairs, to one over the base rows", "256 base rows, 300 seeds",
        "statistics.test_sensitivity", "indices_are_those_of_the_closed_form", [largest_z()]),
    Row("without the noise of the outputs", r"$V_i=a_i^2/12$ of $\sum a_i x_i$ with noise of each scenario, and of all", "20 batches of realisations",
        "statistics.test_sensitivity_noise", "noise_is_taken_off", [largest_z()]),
    Row("as if strikes were independent", "the standard deviation without what they share", "ten strikes", "statistics.test_variance",
        "independence_would_narrow_the_interval", [z("independent")]),
]

RISK = [
    Row("accidents of one strike", "Binomial$(N, pK)$", "$K$ fixed", "statistics.test_accidents", "accidents_of_one_strike_are_binomial",
        [z("mean"), z("variance", "variance")]),
    Row("the same, $q$ uncertain", r"$NpE[K]-Np^2E[K^2]+N^2p^2\,\mathrm{Var}[K]$", "$q$ uniform, shared by all duds", "statistics.test_accidents",
        "what_people_do_is_shared_by_all_duds", [z("mean"), z("variance", "variance")]),
    Row("accidents by cell and district", r"$n\,K(\rho)$", "two densities of people", "statistics.test_accidents", "rows_and_maps_follow_the_people",
        [largest_z(), Largest(rf"chance of a cell off by at most {NUMBER}", "map off by up to {1}")]),
    Row("accidents where the ground differs", "one total from map, districts and points of either estimator", "classes, clearance, activities by class",
        "statistics.test_accidents", "a_patchwork_of_ground_is_the_same_for_all",
        [Figure(rf"^map {NUMBER}, districts {NUMBER}; analog: map {NUMBER}, points {NUMBER}", "{0}, {1}; analog {2}, {3}")]),
    Row("zones: duds", r"$\sum_c w_c\,N m\,E[F_c]$, $w_c$ the share of a cell", "overlapping zones, both estimators", "statistics.test_zones",
        "zones_have_their_closed_form", [largest_z()]),
    Row("zones: shares of cells", "GEOS, polygon by polygon", "", "unit.test_layers_zones", "shares_are_those_of_geos",
        [Figure(rf"zones off by up to {NUMBER} of a 255th", "off by up to {0} of a 255th")]),
    Row("a walk", r"$1-e^{-\text{contacts}}$ against points in a row of cells", "few duds of many fail", "statistics.test_walk_points",
        "points_on_the_strip", [largest_z()]),
    Row("a walk past a gaussian", r"$\Delta\Phi$ along and across the strip", "place and heading fixed", "unit.test_walk", "a_rectangle_has_its_share",
        [holds("within 1e-6 of the densest strip")]),
    Row("a walk past ovals", "area in common of strip and oval, counted by points", "the same", "unit.test_walk", "ovals_have_their_share",
        [holds("within 2e-4")]),
    Row("weights of realisations", "a weight of 2 is a realisation twice", "every statistic", "unit.test_weights", "repeats_and_weights", [holds("equal")]),
    Row("unreported strikes", r"compound Poisson: mean $bA\,E[X]$, variance $bA\,E[X^2]$ and that of $b$", "", "statistics.test_background",
        "a_compound_poisson_number", [z("mean"), z("variance", "variance")]),
    Row("a result alone draws again", "conditional density of a tile equal to the run's", "", "unit.test_redraw", "the_file_alone_draws_again",
        [holds("within 2e-6 of the densest realisation")]),
]

TWIN = [
    Row(f"slow readable twin: {what}", "`tests/support/twin.py`, NumPy, its own random numbers", "600 realisations of the twin, both estimators",
        "statistics.test_twin", rf"{case}, seed", [Largest(rf", z = {NUMBER}", "{0} figures, z up to {1}"),
                                                   Largest(rf"mean z\^2 = {NUMBER}", "{0} maps, mean z² up to {1}")])
    for case, what in (("levels", "rates at every level, events, mixtures"), ("headings", "headings, discs, carriers per campaign"),
                       ("shapes", "ovals and rings"), ("theatre", "shift, reliability, displaced parts"), ("ground", "ground and clearance"),
                       ("accidents", "people and accidents"), ("land use", "people, land use and clearance"),
                       ("background", "unreported strikes"))
]

POWER = [
    Row("a rate 1 % off, a pattern 2 % off, half a cell, a lost block: points", "", "", "statistics.test_power", "seeded_defects_are_caught",
        [Count(DEFECT, "{0} of {0} seen")]),
    Row("the same: maps of expectations", "", "sampled and in closed form", "statistics.test_expected_power", "seeded_defects_are_caught",
        [Count(DEFECT, "{0} of {0} seen")]),
    Row("an oval 1 % off, 2 degrees, 1 m", "", "", "statistics.test_shapes", "points_have_the_shares_of_cells",
        [Count(r"^  (?!no defect).*tail (?:0|\S*e-\d+)$", "{0} seen")]),
    Row("log odds 0.05 off, a task applied twice, ground a cell too far east", "", "map and points", "statistics.test_surface_power",
        "seeded_defects_are_caught", [Count(DEFECT, "{0} of {0} seen")]),
    Row("hazard 1 % off, contacts 2 % off, no saturation, a lost block", "", "", "statistics.test_accidents_power", "seeded_defects_are_caught",
        [Count(DEFECT, "{0} of {0} seen")]),
    Row("lost accidents, swapped districts, a tenth more, seen by the run itself", "", "the self-check of every run", "statistics.test_accidents_power",
        "a_run_sees_its_own_defects", [Count("OUT OF BOUNDS", "{0} of {0} seen")]),
    Row("a strip 5 % too wide", "", "", "statistics.test_walk_points", "a_wrong_width_is_caught", [largest_z()]),
    Row("zones: shares of 256, half a cell, the first of several, the larger part of a cell", "", "points and expectations", "statistics.test_zones",
        "seeded_defects_are_caught", [Count(r"^ +[^,\n]+, (?:points|expected), set 0, zone 0 ", "{0} of {0} seen")]),
    Row("unreported strikes beyond the edge left out", "", "", "statistics.test_background", "a_missing_margin_is_caught", [largest_z()]),
    Row("in the twin: half a cell, 10 % of the rate, reach 60 % further, everyday contacts 30 % more", "", "4000 realisations of the twin", "statistics.test_twin_power", "",
        [Figure(r"^all (\d+) defects were seen", "{0} of {0} seen")]),
]

SECTIONS = [("Totals and their spread", TOTALS), ("Cells", CELLS), ("Clusters", CLUSTERS), ("What must not change a result", INVARIANCE),
            ("The two estimators", ESTIMATORS), ("Monte Carlo error", MONTE_CARLO), ("Shares of variance", VARIANCE), ("Accidents, zones, a walk, unreported strikes", RISK),
            ("The twin", TWIN), ("Seeded defects", POWER)]
