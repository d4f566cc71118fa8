#include "menu/menus.h"
#include "menu/pages.h"
#include "system/creatures.h"
#include "system/items.h"
#include "system/menu.h"
#include "system/system.h"
#include "system/ui.h"

#define LIST_TOP 2
#define LIST_ROWS 10

static void draw(void) {
  page_start("BAG", LIST_PAGE);
  page_coins();
  page_note("Use what?");
}

static u8 apply(Creature *creature) {
  return item.kind == ITEM_HEAL ? creature_heal(creature, item.amount) : creature_cure(creature);
}

static void use_on_someone(u8 item_id) {
  u8 slot;
  party_prompt = PROMPT_USE;
  slot = party_choose();
  if (slot == MENU_CANCEL) return;
  item_load(item_id);
  if (apply(&S.party[slot])) {
    item_take(item_id);
    page_notice("It feels better!");
  } else {
    page_notice("It has no use now.");
  }
}

static void use(u8 item_id) {
  item_load(item_id);
  if (S.party_count && (item.kind == ITEM_HEAL || item.kind == ITEM_CURE)) {
    use_on_someone(item_id);
  } else if (item.kind == ITEM_ORB) {
    page_notice("Only for the wild.");
  } else {
    page_notice("Keep it safe.");
  }
}

static void say_empty(void) {
  draw();
  ui_show(UI_ROWS);
  page_notice("The bag is empty.");
}

void bag_run(void) {
  u8 slot = 0;
  for (;;) {
    if (!bag_slots_used()) {
      say_empty();
      return;
    }
    draw();
    menu_list(LIST_TOP, LIST_ROWS, bag_slots_used(), bag_draw_entry);
    menu.cursor = slot;
    ui_show(UI_ROWS);
    slot = menu_run();
    if (slot == MENU_CANCEL) return;
    use(S.bag[slot << 1]);
  }
}
