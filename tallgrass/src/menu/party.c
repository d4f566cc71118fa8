#include "menu/menus.h"
#include "menu/pages.h"
#include "overworld/overworld.h"
#include "system/creatures.h"
#include "system/menu.h"
#include "system/system.h"
#include "system/text.h"
#include "system/ui.h"

#define LIST_TOP 1
#define ACTIONS_TOP 13
#define PORTRAIT_SIDE 5
#define PORTRAIT_SIZE 400
#define PORTRAIT_TILE 0x80
#define MOVES_TOP 9

u8 party_prompt;

static u8 pictures_taken;

static void draw_fraction(u8 x, u8 y, u16 part, u16 whole) {
  ui_number(x, y, part, 3);
  ui_put(x + 3, y, '/');
  ui_number(x + 4, y, whole, 3);
}

static void draw_entry(u8 slot) {
  const Creature *creature = &S.party[slot];
  u8 row = LIST_TOP + (slot << 1);
  creature_draw_name(2, row, creature->species);
  ui_put(12, row, 'L');
  ui_number(13, row, creature->level, 2);
  creature_draw_status(16, row, creature);
  type_draw_name(3, row + 1, creature->type);
  draw_fraction(12, row + 1, creature->hp, creature->max_hp);
}

static void draw_list(const char *note) {
  u8 slot;
  page_start("PARTY", LIST_PAGE);
  for (slot = 0; slot != S.party_count; slot++) draw_entry(slot);
  page_note(note);
}

static u8 choose_from(u8 cursor) {
  menu_fixed(1, LIST_TOP, 2, S.party_count);
  menu.cursor = cursor;
  ui_show(UI_ROWS);
  return menu_run();
}

static const char *const prompts[3] = {"Use it on whom?", "Send out whom?", "Let whom go free?"};

u8 party_choose(void) __banked {
  draw_list(prompts[party_prompt]);
  return choose_from(0);
}

static void take_pictures(const Creature *creature) {
  pictures_taken = 1;
  species_load(creature->species);
  lcd_off();
  fetch(PICTURE_TILES, &species.portrait, 0, PORTRAIT_SIZE);
  lcd_on();
}

void party_release_pictures(void) {
  if (!pictures_taken) return;
  pictures_taken = 0;
  overworld_redraw();
}

static void put_portrait(u8 x, u8 y) {
  u8 tile = PORTRAIT_TILE;
  u8 column, row;
  for (row = y; row != y + PORTRAIT_SIDE; row++) {
    for (column = x; column != x + PORTRAIT_SIDE; column++) ui_put(column, row, tile++);
  }
}

static void draw_value(u8 row, const char *name, u16 value) {
  ui_print(1, row, name);
  ui_number(8, row, value, 3);
}

static void draw_move(u8 row, u8 id, u8 uses) {
  move_load(id);
  ui_print_field(1, row, &world.moves, (u16)id * sizeof(Move), NAME_SIZE);
  ui_number(13, row, uses, 2);
  ui_put(15, row, '/');
  ui_number(16, row, move.pp, 2);
  type_draw_name(3, row + 1, move.type);
  if (!move.power) return;
  ui_print(12, row + 1, "pow");
  ui_number(16, row + 1, move.power, 3);
}

static void draw_moves(const Creature *creature) {
  u8 i;
  for (i = 0; i != MOVES_MAX && creature->moves[i]; i++) {
    draw_move(MOVES_TOP + (i << 1), creature->moves[i], creature->pp[i]);
  }
}

static void draw_creature(const Creature *creature) {
  ui_box(0, 0, UI_COLUMNS, UI_ROWS);
  creature_draw_name(1, 1, creature->species);
  ui_put(12, 1, 'L');
  ui_number(13, 1, creature->level, 2);
  creature_draw_status(16, 1, creature);
  type_draw_name(1, 2, creature->type);
  ui_print(1, 3, "HP");
  draw_fraction(4, 3, creature->hp, creature->max_hp);
  draw_value(4, "attack", creature->attack);
  draw_value(5, "defense", creature->defense);
  draw_value(6, "speed", creature->speed);
  ui_print(1, 8, "to next level");
  ui_number(15, 8, creature_next_exp(creature) - creature->exp, 4);
  put_portrait(13, 2);
  draw_moves(creature);
}

static void look_at(const Creature *creature) {
  take_pictures(creature);
  draw_creature(creature);
  ui_show(UI_ROWS);
  input_confirm();
}

static void swap(Creature *a, Creature *b) {
  u8 *from = (u8 *)a, *to = (u8 *)b;
  u8 i, kept;
  for (i = 0; i != sizeof(Creature); i++) {
    kept = *from;
    *from++ = *to;
    *to++ = kept;
  }
}

static void reorder(u8 slot) {
  u8 other;
  draw_list("Trade places with?");
  other = choose_from(slot);
  if (other != MENU_CANCEL && other != slot) swap(&S.party[slot], &S.party[other]);
}

enum { ACTION_LOOK, ACTION_MOVE, ACTION_BACK, ACTIONS };

static u8 choose_action(void) {
  ui_box(4, ACTIONS_TOP, UI_COLUMNS - 4, UI_ROWS - ACTIONS_TOP);
  ui_print(6, ACTIONS_TOP + 1, "LOOK");
  ui_print(6, ACTIONS_TOP + 2, "TRADE PLACES");
  ui_print(6, ACTIONS_TOP + 3, "BACK");
  menu_fixed(5, ACTIONS_TOP + 1, 1, ACTIONS);
  return menu_run();
}

static void act_on(u8 slot) {
  switch (choose_action()) {
    case ACTION_LOOK: look_at(&S.party[slot]); break;
    case ACTION_MOVE: reorder(slot); break;
    default: break;
  }
}

static void say_nobody(void) {
  page_start("PARTY", LIST_PAGE);
  page_note("");
  ui_show(UI_ROWS);
  page_notice("Nobody is here.");
}

void party_run(void) __banked {
  u8 slot = 0;
  if (!S.party_count) {
    say_nobody();
    return;
  }
  for (;;) {
    draw_list("Whom?");
    slot = choose_from(slot);
    if (slot == MENU_CANCEL) return;
    act_on(slot);
  }
}
