/* quadrature.h - chances that have no closed form, by GSL's adaptive quadrature. */
#ifndef UXOSIM_TESTS_QUADRATURE_H
#define UXOSIM_TESTS_QUADRATURE_H

/* E[(1 - p f)^644] with p of Beta(5, 35): that no submunition of a load of 644 stays as a dud in a cell that a share f of them falls on. */
double quadrature_none(double f);

#endif
