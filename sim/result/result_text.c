/* result_text.c - quantities and days as text of the scenario format. Not here: descriptions for people (distribution).
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "result_parts.h"
#include "uxosim/number_text.h"

/* Text that grows within a fixed size. */
typedef struct text_buffer {
    char *text;
    size_t size, length;
} text_buffer;

UXO_PRINTF(2, 3) static void append(text_buffer *self, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int written = vsnprintf(self->text + self->length, self->size - self->length, format, arguments);
    va_end(arguments);
    if (written > 0) {
        self->length += (size_t)written;
        self->length = self->length < self->size ? self->length : self->size - 1;
    }
}

static void append_parameters(text_buffer *text, const char *form, const double *numbers, unsigned count)
{
    char number[UXO_NUMBER_SIZE];
    append(text, "{%s: ", form);
    for (unsigned i = 0; i < count; i++) {
        append(text, "%s%s", i == 0 ? "[" : ", ", uxo_number_text(number, numbers[i]));
    }
    append(text, "]");
}

static void append_choices(text_buffer *text, const uxo_quantity *quantity)
{
    char value[UXO_NUMBER_SIZE];
    char weight[UXO_NUMBER_SIZE];
    append(text, "{choice: {");
    for (uint32_t i = 0; i < quantity->choices; i++) {
        append(text, "%s%s: %s", i == 0 ? "" : ", ", uxo_number_text(value, quantity->value[i]),
               uxo_number_text(weight, quantity->weight[i]));
    }
    append(text, "}");
}

void result_quantity_text(const uxo_quantity *quantity, char out[RESULT_QUANTITY_SIZE])
{
    /* Forms that the scenario format solves from other numbers are written with what was solved. */
    static const struct {
        const char *name;
        unsigned parameters;
    } form[] = {
        [UXO_FORM_CONSTANT] = {"constant", 1},     [UXO_FORM_UNIFORM] = {"uniform", 2},
        [UXO_FORM_RANGE] = {"range", 2},           [UXO_FORM_TRIANGULAR] = {"triangular", 3},
        [UXO_FORM_BETA] = {"beta_alpha_beta", 2},  [UXO_FORM_LOGNORMAL] = {"lognormal_mean_sd_of_log", 2},
        [UXO_FORM_NORMAL] = {"normal_mean_sd", 2}, [UXO_FORM_POISSON] = {"poisson", 1},
        [UXO_FORM_CHOICE] = {"choice", 0},
    };
    static const char *const per[] = {[UXO_PER_UNSAID] = "",
                                      [UXO_PER_CAMPAIGN] = ", per: campaign",
                                      [UXO_PER_STRIKE] = ", per: strike",
                                      [UXO_PER_CARRIER] = ", per: carrier"};
    text_buffer text = {out, RESULT_QUANTITY_SIZE, 0};
    if (quantity->form == UXO_FORM_CONSTANT) {
        uxo_number_text(out, quantity->p[0]);
        return;
    }
    if (quantity->form == UXO_FORM_CHOICE) {
        append_choices(&text, quantity);
    } else {
        append_parameters(&text, form[quantity->form].name, quantity->p, form[quantity->form].parameters);
    }
    append(&text, "%s}", per[quantity->per]);
}
