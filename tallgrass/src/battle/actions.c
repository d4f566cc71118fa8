#include "battle/fight.h"
#include "menu/menus.h"
#include "system/items.h"
#include "system/menu.h"
#include "system/system.h"
#include "system/text.h"
#include "system/ui.h"

#define BOX_TOP 12
#define MOVES_TOP 8 /* the move menu is taller than the message box */

enum { COMMAND_FIGHT, COMMAND_BAG, COMMAND_SWAP, COMMAND_RUN };

static u8 run_menu(u8 sub) {
  u8 choice;
  S.sub = sub;
  choice = menu_run();
  S.sub = SUB_NONE;
  return choice;
}

static u8 choose_command(void) {
  message_open();
  ui_print(1, BOX_TOP + 1, "What will");
  creature_draw_name(1, BOX_TOP + 2, own.creature->species);
  ui_print(1, BOX_TOP + 3, "do?");
  ui_print(14, BOX_TOP + 1, "FIGHT");
  ui_print(14, BOX_TOP + 2, "BAG");
  ui_print(14, BOX_TOP + 3, "SWAP");
  ui_print(14, BOX_TOP + 4, "RUN");
  menu_fixed(13, BOX_TOP + 1, 1, 4);
  return run_menu(SUB_COMMAND);
}

static void draw_move(u8 slot, u8 row) {
  move_load(own.creature->moves[slot]);
  ui_print_field(2, row, &world.moves, (u16)own.creature->moves[slot] * sizeof(Move), NAME_SIZE);
  ui_number(13, row, own.creature->pp[slot], 2);
  ui_put(15, row, '/');
  ui_number(16, row, move.pp, 2);
  type_draw_name(3, row + 1, move.type);
  if (move.power) {
    ui_print(12, row + 1, "pow");
    ui_number(16, row + 1, move.power, 3);
  }
}

static u8 draw_moves(void) {
  u8 slot;
  ui_box(0, MOVES_TOP, UI_COLUMNS, UI_ROWS - MOVES_TOP);
  for (slot = 0; slot != MOVES_MAX && own.creature->moves[slot]; slot++) {
    draw_move(slot, MOVES_TOP + 1 + (slot << 1));
  }
  return slot;
}

static u8 choose_move(void) {
  u8 slot;
  if (!has_uses_left(own.creature)) {
    message_alone("No uses left!");
    return ACTION_PLAIN;
  }
  menu_fixed(1, MOVES_TOP + 1, 2, draw_moves());
  slot = run_menu(SUB_MOVES);
  screen_draw_own();
  if (slot == MENU_CANCEL) return ACTION_NONE;
  if (own.creature->pp[slot]) return slot;
  message_alone("It is used up!");
  return ACTION_NONE;
}

static u8 say_useless(void) {
  message_alone("It has no use now.");
  return ACTION_NONE;
}

static u8 use_on_own(u8 used, u8 item_id) {
  if (!used) return say_useless();
  item_take(item_id);
  screen_values();
  message_subject(&own);
  message("feels better!");
  message_wait();
  return ACTION_PASS;
}

static u8 use_orb(u8 item_id) {
  if (S.battle == BATTLE_TAMER) {
    message_alone("It has a tamer!");
    return ACTION_NONE;
  }
  item_take(item_id);
  orb_throw();
  return ACTION_PASS;
}

static u8 use_item(u8 item_id) {
  item_load(item_id);
  message_open();
  switch (item.kind) {
    case ITEM_HEAL: return use_on_own(creature_heal(own.creature, item.amount), item_id);
    case ITEM_CURE: return use_on_own(creature_cure(own.creature), item_id);
    case ITEM_ORB: return use_orb(item_id);
    default: return say_useless();
  }
}

static u8 choose_item(void) {
  u8 slot;
  u8 count = bag_slots_used();
  if (!count) {
    message_alone("The bag is empty.");
    return ACTION_NONE;
  }
  message_open();
  menu_list(BOX_TOP + 1, 4, count, bag_draw_entry);
  slot = run_menu(SUB_BAG);
  return slot == MENU_CANCEL ? ACTION_NONE : use_item(S.bag[slot << 1]);
}

/* Slot of a creature that can fight and does not yet, or MENU_CANCEL. */
static u8 choose_fighter(void) {
  u8 slot;
  S.sub = SUB_PARTY;
  party_prompt = PROMPT_SEND;
  slot = party_choose();
  S.sub = SUB_NONE;
  screen_draw();
  if (slot == MENU_CANCEL) return MENU_CANCEL;
  if (slot == S.active_slot && own.creature->hp) {
    message_alone("It fights already!");
  } else if (!S.party[slot].hp) {
    message_alone("It cannot fight!");
  } else {
    return slot;
  }
  return MENU_CANCEL;
}

void send_out(u8 slot) {
  S.active_slot = slot;
  fighter_set(&own, &S.party[slot]);
  screen_load_portraits();
  screen_draw();
  line_start("Go, ");
  line_add_name(own.name, NAME_SIZE);
  line_add("!");
  message_line();
  message_wait();
}

void replace_fainted(void) {
  u8 slot;
  do {
    slot = choose_fighter();
  } while (slot == MENU_CANCEL);
  send_out(slot);
}

static u8 choose_swap(void) {
  u8 slot = choose_fighter();
  if (slot == MENU_CANCEL) return ACTION_NONE;
  send_out(slot);
  return ACTION_PASS;
}

static u8 try_to_run(void) {
  if (S.battle == BATTLE_TAMER) {
    message_open();
    message("You can't run from");
    message("a tamer's battle!");
    message_wait();
    return ACTION_NONE;
  }
  if (own.creature->speed >= foe.creature->speed || random_byte() < 128) {
    S.last_result = RESULT_FLED;
    message_alone("You got away!");
  } else {
    message_alone("You can't escape!");
  }
  return ACTION_PASS;
}

static u8 carry_out(u8 command) {
  switch (command) {
    case COMMAND_FIGHT: return choose_move();
    case COMMAND_BAG: return choose_item();
    case COMMAND_SWAP: return choose_swap();
    case COMMAND_RUN: return try_to_run();
    default: return ACTION_NONE;
  }
}

u8 action_choose(void) {
  u8 action;
  do {
    action = carry_out(choose_command());
  } while (action == ACTION_NONE);
  return action;
}
