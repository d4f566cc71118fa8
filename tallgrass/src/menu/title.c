#include <stddef.h>

#include "menu/menus.h"
#include "menu/pages.h"
#include "system/items.h"
#include "system/menu.h"
#include "system/progress.h"
#include "system/system.h"
#include "system/ui.h"

#define REGION_ROW 9
#define MENU_ROW 11
#define NOTE_ROW 14
#define WORLD_ROW 16

#define TILES_SIZE 2048
#define PICTURE_SIZE (UI_ROWS * UI_COLUMNS)

#define FIRST_COINS 500
#define FIRST_SALVES 3
#define FIRST_ORBS 5
#define ITEM_SALVE 1
#define ITEM_FIRST_ORB 2

static void draw_picture(const FarPtr *graphics) {
  u8 row;
  lcd_off();
  fetch(PICTURE_TILES, graphics, 0, TILES_SIZE);
  lcd_on();
  fetch(UI_SHADOW, graphics, TILES_SIZE, PICTURE_SIZE);
  for (row = 0; row != UI_ROWS; row++) UI_DIRTY[row] = 1;
}

static void draw_logo(void) {
  FarPtr graphics;
  ui_clear(0, UI_ROWS);
  fetch_graphics(&graphics, GFX_TITLE);
  if (graphics.bank) {
    draw_picture(&graphics);
  } else {
    ui_box(1, 2, 18, 5);
    ui_print(5, 4, "TALLGRASS");
  }
}

static u8 title_length(void) {
  u8 length = 0;
  while (length != sizeof(world.title) && world.title[length]) length++;
  return length;
}

static void draw_region(void) {
  u8 i, length = title_length();
  u8 x = (UI_COLUMNS - length) >> 1;
  for (i = 0; i != length; i++) ui_put(x + i, REGION_ROW, world.title[i]);
}

static void draw_world_id(void) {
  ui_print(3, WORLD_ROW, "world");
  ui_hex(9, WORLD_ROW, world.id);
}

static void draw_entries(u8 save) {
  if (save == SAVE_GOOD) {
    ui_print(6, MENU_ROW, "CONTINUE");
    ui_print(6, MENU_ROW + 2, "NEW GAME");
  } else {
    ui_print(6, MENU_ROW, "NEW GAME");
  }
  if (save == SAVE_DAMAGED) ui_print(2, NOTE_ROW, "save is damaged");
  if (save == SAVE_FOREIGN) ui_print(1, NOTE_ROW, "save: other world");
}

static void draw(u8 save) {
  draw_logo();
  draw_region();
  draw_entries(save);
  draw_world_id();
}

static void clear_state(void) {
  u8 presses = S.input_seq; /* goes on counting */
  u8 *byte = (u8 *)STATE_ADDRESS + offsetof(State, sub);
  u16 size = offsetof(State, canary) - offsetof(State, sub);
  while (size--) *byte++ = 0;
  S.input_seq = presses;
}

static void new_game(void) {
  clear_state();
  S.rng = world.rng_seed ^ (u16)S.frame;
  if (!S.rng) S.rng = 1; /* 0 would stay 0 */
  S.map = world.start_map;
  S.x = world.start_x;
  S.y = world.start_y;
  S.heal_map = S.map;
  S.heal_x = S.x;
  S.heal_y = S.y;
  S.text_id = 0xFFFF;
  S.money = FIRST_COINS;
  item_give(ITEM_SALVE, FIRST_SALVES);
  item_give(ITEM_FIRST_ORB, FIRST_ORBS);
  milestone(MS_NEW_GAME);
}

static u8 choose(u8 save) {
  u8 choice;
  menu_fixed(5, MENU_ROW, 2, save == SAVE_GOOD ? 2 : 1);
  do {
    choice = menu_run();
  } while (choice == MENU_CANCEL);
  return choice;
}

void title_run(void) __banked {
  u8 save = save_check();
  S.mode = MODE_TITLE;
  sprites_hide();
  draw(save);
  ui_show(UI_ROWS);
  fade_in();
  if (choose(save) == 0 && save == SAVE_GOOD) {
    save_load();
  } else {
    new_game();
  }
  fade_out();
  ui_hide();
}
