#ifndef PAGES_H
#define PAGES_H
#include "types.h"

/* What the menus of this bank share. */

#define LIST_PAGE 14 /* rows of a page that leaves room for a note */
void page_start(const char *title, u8 rows); /* an empty frame with a title on its edge */
void page_coins(void);                /* the coins, on the edge too */
void page_note(const char *text);     /* a line in the box at the bottom */
void page_notice(const char *text);   /* the same, until a button is pressed */
void party_release_pictures(void);    /* the map again, if a portrait took the place of its tiles */

void bag_run(void);
void status_run(void);
void save_run(void);

enum { SAVE_NONE, SAVE_GOOD, SAVE_DAMAGED, SAVE_FOREIGN };
u8 save_check(void);
void save_load(void);
void save_store(void);

#endif
