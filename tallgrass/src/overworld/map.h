#ifndef MAP_H
#define MAP_H
#include "world.h"

/* The map the player is on: its cells, its events, who stands where. */

extern Map map;
extern u8 person_count;
extern Npc *people;

void map_load(u8 id);                   /* also sets the map's milestone */
void map_apply_flags(void);             /* conditions follow the flags; changed cells are redrawn */
u8 map_cell(u8 x, u8 y);                /* metatile; the border outside the map */
u8 map_attribute(u8 x, u8 y);           /* ATTR_* */
u8 map_set_cell(u8 x, u8 y, u8 metatile); /* 1 when that changed it */
u8 map_enterable(u8 x, u8 y, u8 direction);
u8 person_is_here(const Npc *person);   /* not hidden by its flag */
Npc *map_person_at(u8 x, u8 y);         /* 0 = nobody */
Warp *map_warp_at(u8 x, u8 y);
Sign *map_sign_at(u8 x, u8 y);
Trigger *map_trigger_at(u8 x, u8 y);    /* only one whose flag is clear */

#endif
