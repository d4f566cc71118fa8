#ifndef UI_H
#define UI_H
#include "world.h"

/*
 * The interface: text and boxes on the window layer, 20 x 18 characters. A character's tile has its
 * ASCII code. Everything is drawn into UI_SHADOW first; ui_flush carries the changed rows to the screen.
 */
#define UI_COLUMNS 20
#define UI_ROWS 18

enum {
  TILE_TOP_LEFT = 1, TILE_HORIZONTAL, TILE_TOP_RIGHT, TILE_LEFT, TILE_RIGHT, TILE_BOTTOM_LEFT,
  TILE_MORE, TILE_BOTTOM_RIGHT, TILE_BAR = 16
};

void ui_clear(u8 top, u8 rows);                      /* fill rows with spaces */
void ui_clear_part(u8 x, u8 y, u8 width, u8 height); /* fill a rectangle with spaces */
void ui_box(u8 x, u8 y, u8 width, u8 height);        /* an empty framed box */
void ui_put(u8 x, u8 y, u8 tile);
void ui_print(u8 x, u8 y, const char *text);
void ui_print_field(u8 x, u8 y, const FarPtr *from, u16 offset, u8 size); /* a NUL-padded name, padded with spaces */
void ui_number(u8 x, u8 y, u16 value, u8 width);     /* right-aligned */
void ui_hex(u8 x, u8 y, u32 value);                  /* eight digits */
void ui_bar(u8 x, u8 y, u16 value, u16 full);        /* six cells */
void ui_flush(void);                                 /* carry changed rows to the screen */
void ui_show(u8 rows);                               /* flush, then show the first `rows` rows at the bottom of the screen */
void ui_hide(void);                                  /* show the map alone */

#endif
