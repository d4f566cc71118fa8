#include "menu/menus.h"
#include "menu/pages.h"
#include "system/items.h"
#include "system/menu.h"
#include "system/system.h"
#include "system/text.h"
#include "system/ui.h"

#define LIST_TOP 2
#define STOCK_MAX 10

static u8 stock[STOCK_MAX]; /* items on sale */
static u8 stock_count;

static u8 is_sold(void) { return item.price && item.kind != ITEM_QUEST; }

static void find_stock(void) {
  u8 id;
  stock_count = 0;
  for (id = 1; id < world.item_count && stock_count != STOCK_MAX; id++) {
    item_load(id);
    if (is_sold()) stock[stock_count++] = id;
  }
}

static void draw_entry(u8 index, u8 row) {
  if (index == stock_count) {
    ui_print(2, row, "LEAVE");
    return;
  }
  item_load(stock[index]);
  ui_print_field(2, row, &world.items, (u16)stock[index] * sizeof(Item), sizeof(item.name));
  ui_number(14, row, item.price, 5);
}

static void note_owned(u8 item_id) {
  line_start("Thanks! You own ");
  line_add_number(item_count(item_id));
  page_note(line);
}

static void buy(u8 item_id) {
  item_load(item_id);
  if (S.money < item.price) {
    page_note("Too few coins.");
  } else if (item_count(item_id) == MAX_QUANTITY || !item_give(item_id, 1)) {
    page_note("Your bag is full.");
  } else {
    S.money -= item.price;
    page_coins();
    note_owned(item_id);
  }
}

static void open(void) {
  S.mode = MODE_MENU;
  find_stock();
  page_start("SHOP", LIST_PAGE);
  page_coins();
  page_note("What do you need?");
  menu_list(LIST_TOP, STOCK_MAX + 1, stock_count + 1, draw_entry);
}

void shop_run(void) __banked {
  u8 choice;
  open();
  ui_show(UI_ROWS);
  for (;;) {
    choice = menu_run();
    if (choice >= stock_count) break; /* LEAVE or cancelled */
    buy(stock[choice]);
  }
  ui_hide();
  S.mode = MODE_WORLD;
}
