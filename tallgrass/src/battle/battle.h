#ifndef BATTLE_H
#define BATTLE_H
#include "types.h"

/* Battles, in bank 2. */

extern u8 wild_level;          /* level of the wild creature */
void battle_run(void) __banked; /* S.battle and S.battle_argument say against whom; leaves S.last_result */

#endif
