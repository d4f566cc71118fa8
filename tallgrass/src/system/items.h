#ifndef ITEMS_H
#define ITEMS_H
#include "world.h"

/* The bag: 20 slots of item and quantity, filled from the front. */
#define BAG_SLOTS 20
#define MAX_QUANTITY 99

extern Item item; /* the row that item_load fetched */

void item_load(u8 id);
u8 item_count(u8 id);
u8 item_give(u8 id, u8 quantity); /* 0 when the bag has no room */
void item_take(u8 id);            /* one of them */
u8 bag_slots_used(void);
void bag_draw_entry(u8 slot, u8 row); /* name and quantity, for a menu */

#endif
