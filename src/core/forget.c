/*
 * forget.c
 *	  The forgetting curve.
 */
#include "core/forget.h"

#include <math.h>

#define FORGET_DECAY 0.1542
#define FORGET_FACTOR 0.98034649441348005 /* 0.9^(-1/0.1542) - 1, checked by the unit test */

double
skill_retrievability(double days, double stability)
{
	if (days <= 0)
		return 1;
	return pow(1 + FORGET_FACTOR * days / stability, -FORGET_DECAY);
}
