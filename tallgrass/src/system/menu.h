#ifndef MENU_H
#define MENU_H
#include "types.h"

/* A vertical menu with the cursor ">". What does not fit scrolls. */
#define MENU_CANCEL 0xFF

typedef struct {
  u8 x;       /* column of the cursor */
  u8 y;       /* row of the first visible entry */
  u8 step;    /* rows an entry takes */
  u8 count;   /* entries, at least 1 */
  u8 visible; /* entries shown at once */
  u8 cursor;  /* selected entry, kept between runs */
  void (*draw)(u8 index, u8 row); /* draws one entry; 0 when the entries stand there already */
} Menu;

extern Menu menu;

void menu_fixed(u8 x, u8 y, u8 step, u8 count);                     /* entries are on the screen already */
void menu_list(u8 y, u8 visible, u8 count, void (*draw)(u8, u8));   /* entries of one row; cursor in column 1 */
u8 menu_run(void);                                                  /* selected entry, or MENU_CANCEL for B */

#endif
