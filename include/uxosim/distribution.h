/* distribution.h - reads a quantity (a number or a distribution) from a YAML node.
 *
 * Forms and rules: interfaces in docs/scenario.md. {interval90} is solved here for its Beta or log-normal; solved
 * parameters are rounded to 10 significant digits, because the special functions behind them differ between processors.
 */
#ifndef UXOSIM_DISTRIBUTION_H
#define UXOSIM_DISTRIBUTION_H

#include "uxosim/quantity.h"
#include "uxosim/schema.h"

/* Reads `node` as the row says (RATE, POSITIVE, COUNT or HEADING without the word unknown).
 * Errors: UXO_ERR_DATA, each with its place; out is then a constant 0.
 * `per` that the row does not allow is an error. */
UXO_MUST_USE uxo_status uxo_distribution_read(const uxo_node *node, const uxo_key_row *row, uxo_quantity *out,
                                              uxo_report *report);

/* Reads a choice of words: one word, {a: 0.6, b: 0.4} or {choice: {a: 0.6, b: 0.4}}. False after an error.
 *
 * word    room for UXO_MAX_CHOICES; texts of the nodes, in ascending order
 * weight  room for UXO_MAX_CHOICES; normalised; words of weight zero are left out
 */
bool uxo_distribution_read_weights(const uxo_node *node, const uxo_key_row *row, const char **word, double *weight,
                                   uint32_t *count, uxo_report *report);

/* Beta whose 5 % and 95 % points are these, 0 < q05 < q95 < 1; a, b rounded to 10 digits.
 * False if it cannot be solved. */
bool uxo_distribution_beta_from_interval(double q05, double q95, double *a, double *b);

/* One line for people: "Beta, mean 0.116, 5-95 % 0.05-0.2, per campaign". */
void uxo_distribution_describe(const uxo_quantity *quantity, char *text, size_t size);

#endif
