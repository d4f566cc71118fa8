#include "menu/pages.h"
#include "overworld/map.h"
#include "system/progress.h"
#include "system/system.h"
#include "system/text.h"
#include "system/ui.h"

#define NAME_COLUMNS 18

static void draw_text(u8 x, u8 y, u16 id) {
  FarPtr text;
  fetch(&text, &world.texts, id * sizeof(FarPtr), sizeof(FarPtr));
  ui_print_field(x, y, &text, 0, NAME_COLUMNS);
}

static void draw_value(u8 row, const char *name, u16 value) {
  ui_print(1, row, name);
  ui_number(13, row, value, 5);
}

static void draw_badges(void) {
  u8 i;
  ui_print(1, 14, "badges");
  for (i = 0; i != world.badge_count; i++) {
    ui_put(10 + i, 14, S.badges & bit_of(i) ? '*' : '.');
  }
}

static void draw_tools(void) {
  ui_print(1, 16, "tools");
  if (S.keys & bit_of(KEY_CUTTER)) ui_print(8, 16, "cutter");
  if (S.keys & bit_of(KEY_RAFT)) ui_print(15, 16, "raft");
}

void status_run(void) {
  page_start("STATUS", UI_ROWS);
  line_start("");
  line_add_name(world.title, sizeof(world.title));
  ui_print(1, 2, line);
  draw_text(1, 3, map.name);
  draw_value(5, "coins", S.money);
  draw_value(6, "cells walked", S.steps > 0xFFFF ? 0xFFFF : (u16)S.steps);
  draw_value(8, "battles won", S.wins);
  draw_value(9, "battles lost", S.losses);
  draw_value(10, "creatures", S.party_count);
  draw_value(11, "tamed", S.catches);
  draw_badges();
  draw_tools();
  ui_show(UI_ROWS);
  input_confirm();
}
