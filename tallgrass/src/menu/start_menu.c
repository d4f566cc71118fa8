#include "menu/menus.h"
#include "menu/pages.h"
#include "system/menu.h"
#include "system/system.h"
#include "system/ui.h"

enum { ENTRY_PARTY, ENTRY_BAG, ENTRY_STATUS, ENTRY_SAVE, ENTRY_EXIT, ENTRIES };

static void draw(void) {
  ui_clear(0, UI_ROWS);
  ui_box(0, 0, 12, 12);
  ui_print(3, 1, "PARTY");
  ui_print(3, 3, "BAG");
  ui_print(3, 5, "STATUS");
  ui_print(3, 7, "SAVE");
  ui_print(3, 9, "EXIT");
  menu_fixed(2, 1, 2, ENTRIES);
}

/* 0 when the menu is left. */
static u8 open_entry(u8 entry) {
  switch (entry) {
    case ENTRY_PARTY: party_run(); return 1;
    case ENTRY_BAG: bag_run(); return 1;
    case ENTRY_STATUS: status_run(); return 1;
    case ENTRY_SAVE: save_run(); return 1;
    default: return 0;
  }
}

void start_menu_run(void) __banked {
  u8 entry = 0;
  S.mode = MODE_MENU;
  do {
    draw();
    menu.cursor = entry;
    ui_show(UI_ROWS);
    entry = menu_run();
  } while (open_entry(entry));
  ui_hide();
  S.mode = MODE_WORLD;
  party_release_pictures();
}
