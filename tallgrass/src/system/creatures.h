#ifndef CREATURES_H
#define CREATURES_H
#include "state.h"
#include "world.h"

/* Creatures: their making, their values, the party. */
#define PARTY_MAX 6
#define MOVES_MAX 4
#define NOBODY 0xFF
#define NAME_SIZE 10

extern Species species; /* the row that species_load fetched */
extern Move move;       /* the row that move_load fetched */

void species_load(u8 id);
void move_load(u8 id);

void creature_make(Creature *creature, u8 species_id, u8 level);
void creature_update(Creature *creature);        /* values of its species and level; hit points grow along */
u16 creature_next_exp(const Creature *creature); /* experience that the next level takes */
void creature_restore(Creature *creature);       /* hit points, uses and status as after a rest */
u8 creature_heal(Creature *creature, u8 amount); /* 0 when it is healthy or fainted */
u8 creature_cure(Creature *creature);            /* 0 when there is nothing to cure */

void party_restore(void);
u8 party_first_able(void); /* slot of the first creature that can fight, or NOBODY */

void creature_draw_name(u8 x, u8 y, u8 species_id);
void creature_draw_status(u8 x, u8 y, const Creature *creature); /* three letters */
void type_draw_name(u8 x, u8 y, u8 type);                       /* eight columns */

#endif
