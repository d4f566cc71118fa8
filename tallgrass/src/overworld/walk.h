#ifndef WALK_H
#define WALK_H
#include "types.h"

/* What the modules of this bank share. */

enum { DOWN, UP, LEFT, RIGHT };

void show_map(void);                 /* draw the map the player is on and switch the screen on */
void change_map(u8 id, u8 x, u8 y);  /* with fades */
u8 beside_x(u8 x, u8 direction);
u8 beside_y(u8 y, u8 direction);

#endif
