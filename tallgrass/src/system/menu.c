#include "system/menu.h"

#include "system/system.h"
#include "system/ui.h"

Menu menu;

static u8 first; /* topmost visible entry */

void menu_fixed(u8 x, u8 y, u8 step, u8 count) {
  menu.x = x;
  menu.y = y;
  menu.step = step;
  menu.count = count;
  menu.visible = count;
  menu.cursor = 0;
  menu.draw = 0;
}

void menu_list(u8 y, u8 visible, u8 count, void (*draw)(u8, u8)) {
  menu_fixed(1, y, 1, count);
  if (count > visible) menu.visible = visible;
  menu.draw = draw;
}

static u8 row_of(u8 index) { return menu.y + (u8)(index - first) * menu.step; }

static void draw_entries(void) {
  u8 i;
  for (i = first; i != first + menu.visible; i++) menu.draw(i, row_of(i));
}

/* Scrolls until the cursor can be seen. */
static void follow_cursor(void) {
  u8 before = first;
  if (menu.cursor < first) first = menu.cursor;
  if (menu.cursor >= first + menu.visible) first = menu.cursor - menu.visible + 1;
  if (first != before && menu.draw) draw_entries();
}

static void show_cursor(void) {
  follow_cursor();
  S.cursor = menu.cursor;
  ui_put(menu.x, row_of(menu.cursor), '>');
  ui_flush();
}

static void move_cursor(u8 keys) {
  ui_put(menu.x, row_of(menu.cursor), ' ');
  if (keys & KEY_UP) {
    menu.cursor = menu.cursor ? menu.cursor - 1 : menu.count - 1;
  } else if (keys & KEY_DOWN) {
    if (++menu.cursor == menu.count) menu.cursor = 0;
  }
}

static u8 choose(void) {
  u8 keys;
  for (;;) {
    show_cursor();
    keys = input_wait();
    if (keys & KEY_A) return menu.cursor;
    if (keys & (KEY_B | KEY_START)) return MENU_CANCEL;
    move_cursor(keys);
  }
}

u8 menu_run(void) {
  u8 choice;
  first = 0;
  if (menu.cursor >= menu.count) menu.cursor = menu.count - 1;
  S.menu_count = menu.count;
  if (menu.draw) draw_entries();
  choice = choose();
  S.menu_count = 0;
  return choice;
}
