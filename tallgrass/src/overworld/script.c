#include "overworld/script.h"

#include "battle/battle.h"
#include "menu/menus.h"
#include "overworld/map.h"
#include "overworld/overworld.h"
#include "overworld/walk.h"
#include "system/creatures.h"
#include "system/items.h"
#include "system/progress.h"
#include "system/system.h"
#include "system/text.h"

#define SCRIPT_MAX 96

u8 script_ended_in_defeat;

static u8 script[SCRIPT_MAX];
static const u8 *next; /* operation or operand to read; 0 = ended */

static u8 operand(void) { return *next++; }

static u16 operand16(void) {
  u8 low = operand();
  return low | (u16)operand() << 8;
}

static void jump_if(u8 condition) {
  u8 target = operand();
  if (condition) next = script + target;
}

static void stop(void) { next = 0; }

static void op_text(void) {
  text_show(operand16());
  if (*next != OP_YES_NO) text_wait(); /* a question stays open for its answer */
}

static void op_give(void) {
  u8 item_id = operand();
  if (!item_give(item_id, operand())) {
    text_say("Your bag is full!");
    stop();
  }
}

static void op_heal(void) {
  text_close();
  fade_out();
  party_restore();
  fade_in();
  S.heal_map = S.map;
  S.heal_x = S.x;
  S.heal_y = S.y;
  if (S.party_count) milestone(MS_FIRST_HEAL);
}

static void op_trainer(void) {
  text_close();
  S.battle = BATTLE_TAMER;
  S.battle_argument = operand();
  battle_run();
  if (S.last_result == RESULT_WON) {
    overworld_redraw();
    return;
  }
  script_ended_in_defeat = 1;
  stop();
}

static void op_warp(void) {
  u8 id = operand();
  u8 x = operand();
  text_close();
  change_map(id, x, operand());
  stop();
}

static void op_give_creature(void) {
  u8 species_id = operand();
  u8 level = operand();
  if (S.party_count == PARTY_MAX) {
    text_say("Your party is\nfull!");
    stop();
    return;
  }
  creature_make(&S.party[S.party_count], species_id, level);
  S.party_count++;
}

static void op_shop(void) {
  operand();
  text_close();
  shop_run();
}

static void op_need_item(void) {
  u8 item_id = operand();
  jump_if(!item_count(item_id));
}

static void op_need_key(void) {
  u8 key = operand();
  jump_if(!(S.keys & bit_of(key)));
}

static void op_need_badges(void) {
  u8 wanted = operand();
  jump_if(badge_count() < wanted);
}

static void op_if_flag(void) {
  u16 flag = operand16();
  jump_if(flag_get(flag) != 0);
}

/* Operations that only note something. */
static void run_note(u8 operation) {
  switch (operation) {
    case OP_SET: flag_set(operand16()); break;
    case OP_BADGE: S.badges |= bit_of(operand()); break;
    case OP_KEY: S.keys |= bit_of(operand()); break;
    case OP_MILESTONE: milestone(operand()); break;
    case OP_MONEY: S.money = add_capped(S.money, operand16()); break;
    case OP_TAKE_ITEM: item_take(operand()); break;
    case OP_GIVE: op_give(); break;
    case OP_GIVE_CREATURE: op_give_creature(); break;
    default: stop(); break;
  }
}

/* Operations that branch, or that show something. */
static void run_operation(u8 operation) {
  switch (operation) {
    case OP_TEXT: op_text(); break;
    case OP_YES_NO: jump_if(!text_ask()); break;
    case OP_IF_FLAG: op_if_flag(); break;
    case OP_NEED_ITEM: op_need_item(); break;
    case OP_NEED_KEY: op_need_key(); break;
    case OP_NEED_BADGES: op_need_badges(); break;
    case OP_JUMP: jump_if(1); break;
    case OP_HEAL: op_heal(); break;
    case OP_TRAINER: op_trainer(); break;
    case OP_WARP: op_warp(); break;
    case OP_SHOP: op_shop(); break;
    default: run_note(operation); break;
  }
}

void script_run(u16 id) {
  FarPtr place;
  fetch(&place, &world.scripts, id * sizeof(FarPtr), sizeof(FarPtr));
  far_copy(script, place.bank, place.addr, SCRIPT_MAX);
  S.script_id = id;
  script_ended_in_defeat = 0;
  for (next = script; next;) run_operation(operand());
  text_close();
  if (!script_ended_in_defeat) map_apply_flags();
  S.script_id = NO_SCRIPT;
}
