#include "battle/fight.h"
#include "hardware.h"
#include "system/system.h"
#include "system/text.h"
#include "system/ui.h"

#define PORTRAIT_SIDE 5
#define PORTRAIT_SIZE 400
#define FOE_PORTRAIT 0x80 /* first tile */
#define OWN_PORTRAIT (FOE_PORTRAIT + PORTRAIT_SIDE * PORTRAIT_SIDE)
#define BOX_TOP 12
#define BOX_LINES 4
#define LOSS_FRAMES 4

static void load_portrait(const Fighter *fighter, u8 *to) {
  species_load(fighter->creature->species);
  fetch(to, &species.portrait, 0, PORTRAIT_SIZE);
}

void screen_load_portraits(void) {
  lcd_off();
  load_portrait(&foe, PICTURE_TILES);
  load_portrait(&own, PICTURE_TILES + PORTRAIT_SIZE);
  lcd_on();
}

static void put_portrait(u8 x, u8 y, u8 tile) {
  u8 column, row;
  for (row = y; row != y + PORTRAIT_SIDE; row++) {
    for (column = x; column != x + PORTRAIT_SIDE; column++) ui_put(column, row, tile++);
  }
}

static void values_of(const Fighter *fighter, u8 x, u8 y) {
  const Creature *creature = fighter->creature;
  creature_draw_name(x, y, creature->species);
  ui_put(x, y + 1, 'L');
  ui_number(x + 1, y + 1, creature->level, 2);
  creature_draw_status(x + 4, y + 1, creature);
  type_draw_name(x, y + 2, creature->type);
}

static void draw_bar(const Fighter *fighter, u16 hp) {
  u16 full = fighter->creature->max_hp;
  if (fighter->is_foe) {
    ui_bar(3, 4, hp, full);
    return;
  }
  ui_bar(11, 10, hp, full);
  ui_number(11, 11, hp, 3);
  ui_put(14, 11, '/');
  ui_number(15, 11, full, 3);
}

static void own_values(void) {
  values_of(&own, 9, 7);
  ui_print(9, 10, "HP");
  draw_bar(&own, own.creature->hp);
}

void screen_values(void) {
  values_of(&foe, 1, 1);
  ui_print(1, 4, "HP");
  draw_bar(&foe, foe.creature->hp);
  own_values();
}

void screen_draw(void) {
  ui_clear(0, BOX_TOP);
  put_portrait(14, 0, FOE_PORTRAIT);
  put_portrait(2, 7, OWN_PORTRAIT);
  screen_values();
  message_open();
}

void screen_draw_own(void) {
  ui_clear(7, BOX_TOP - 7);
  put_portrait(2, 7, OWN_PORTRAIT);
  own_values();
  message_open();
}

void screen_animate_loss(Fighter *fighter, u16 before) {
  u16 loss = before - fighter->creature->hp;
  u8 i;
  for (i = 1; i <= LOSS_FRAMES; i++) {
    draw_bar(fighter, before - loss * i / LOSS_FRAMES);
    ui_flush();
  }
}

static u8 lines;

void message_open(void) {
  ui_box(0, BOX_TOP, UI_COLUMNS, UI_ROWS - BOX_TOP);
  lines = 0;
}

void message(const char *text) {
  if (lines == BOX_LINES) message_wait();
  lines++;
  text_line(BOX_TOP + lines, text);
}

void message_line(void) { message(line); }

void message_subject(const Fighter *fighter) {
  if (lines == BOX_LINES - 1) message_wait(); /* what it does stands on the same page */
  line_start(fighter->is_foe ? "Foe " : "");
  line_add_name(fighter->name, NAME_SIZE);
  message_line();
}

void message_wait(void) {
  text_wait();
  message_open();
}

void message_alone(const char *text) {
  message_open();
  message(text);
  message_wait();
}
