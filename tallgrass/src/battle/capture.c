#include "battle/fight.h"
#include "menu/menus.h"
#include "system/items.h"
#include "system/menu.h"
#include "system/progress.h"
#include "system/system.h"
#include "system/text.h"

/* Chance of 256: the fewer hit points are left, the better; a status helps. */
static u8 chance(void) {
  const Creature *creature = foe.creature;
  u8 health = (u8)(100 - (u8)(creature->hp * 67 / creature->max_hp));
  u16 rate = (u16)creature->catch_rate * health / 100;
  if (creature->status) rate += rate >> 1;
  rate += item.amount;
  return rate > 255 ? 255 : (u8)rate;
}

static void copy_foe(u8 slot) { S.party[slot] = S.enemy; }

/* With a full party somebody has to go: one of the six, or the newcomer. */
static void make_room(void) {
  u8 slot;
  message_open();
  message("The party is full.");
  message("Let one go free?");
  message_wait();
  S.sub = SUB_PARTY;
  party_prompt = PROMPT_RELEASE;
  slot = party_choose();
  S.sub = SUB_NONE;
  screen_draw();
  if (slot != MENU_CANCEL) copy_foe(slot);
}

static void keep(void) {
  message_subject(&foe);
  message("was tamed!");
  message_wait();
  if (S.party_count == PARTY_MAX) {
    make_room();
  } else {
    copy_foe(S.party_count);
    S.party_count++;
  }
  if (S.catches != 0xFFFF) S.catches++;
  milestone(MS_FIRST_CATCH);
  S.last_result = RESULT_CAUGHT;
}

void orb_throw(void) {
  message_open();
  message("You threw the");
  line_start("");
  line_add_name(item.name, sizeof(item.name));
  line_add("!");
  message_line();
  if (random_byte() < chance()) {
    keep();
  } else {
    message("It broke free!");
    message_wait();
  }
}
