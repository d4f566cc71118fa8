#include "battle/fight.h"
#include "system/system.h"

#define STATUS_WORTH 20 /* a move without power counts as this much of it */

/* Power against the own creature, with the bonus of its own type and some chance. */
static u16 worth(u8 slot) {
  u16 value;
  move_load(foe.creature->moves[slot]);
  value = (u16)(move.power ? move.power : STATUS_WORTH) *
          effectiveness(move.type, own.creature->type) / 10;
  if (move.type == foe.creature->type) value += value >> 1;
  return value + (random_byte() & 31);
}

u8 foe_choose_move(void) {
  u8 slot, choice = ACTION_PLAIN;
  u16 value, best = 0;
  for (slot = 0; slot != MOVES_MAX; slot++) {
    if (!foe.creature->moves[slot] || !foe.creature->pp[slot]) continue;
    value = worth(slot);
    if (value < best || (choice != ACTION_PLAIN && value == best)) continue;
    best = value;
    choice = slot;
  }
  return choice;
}
