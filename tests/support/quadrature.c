/* quadrature.c - see quadrature.h. */
#include "quadrature.h"

#include <gsl/gsl_integration.h>
#include <gsl/gsl_randist.h>
#include <math.h>

static double none_given_rate(double p, void *parameters)
{
    const double *const f = parameters;
    return gsl_ran_beta_pdf(p, 5.0, 35.0) * pow(1.0 - p * *f, 644.0);
}

double quadrature_none(double f)
{
    enum { INTERVALS = 1000 };
    double none, error;
    const gsl_function function = {none_given_rate, &f};
    gsl_integration_workspace *const workspace = gsl_integration_workspace_alloc(INTERVALS);
    gsl_integration_qag(&function, 0.0, 1.0, 1e-12, 1e-10, INTERVALS, GSL_INTEG_GAUSS61, workspace, &none, &error);
    gsl_integration_workspace_free(workspace);
    return none;
}
