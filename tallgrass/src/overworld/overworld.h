#ifndef OVERWORLD_H
#define OVERWORLD_H
#include "types.h"

/* Walking, in bank 1. */

void overworld_run(void) __banked;    /* the game itself; never returns */
void overworld_redraw(void) __banked; /* after a screen that used the picture tiles */

#endif
