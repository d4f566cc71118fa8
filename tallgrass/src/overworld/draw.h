#ifndef DRAW_H
#define DRAW_H
#include "types.h"

/* The map on the background layer, a ring of 16 x 16 cells, and the sprites on it. */

void draw_all(void);             /* everything, with the screen off; centres the camera on the player */
void draw_cell(u8 x, u8 y);      /* one cell that changed, if it is on the screen */
void draw_ahead(u8 direction);   /* the row or column that a step is going to uncover */
void draw_scroll(u8 direction, u8 pixels); /* move the view by `pixels` within a step */
void draw_centre(void);          /* a step has ended: the camera's cell follows the player */
void draw_sprites(u8 pixels);    /* the player and the people; `pixels` of the step are done */

#endif
