#include "system/items.h"

#include "system/system.h"
#include "system/ui.h"

Item item;

void item_load(u8 id) { fetch(&item, &world.items, (u16)id * sizeof(Item), sizeof(Item)); }

/* The slot that holds `id`; for 0, the first empty slot. 0 when there is none. */
static u8 *slot_of(u8 id) {
  u8 *slot = S.bag;
  u8 i;
  for (i = 0; i != BAG_SLOTS; i++) {
    if (*slot == id) return slot;
    slot += 2;
  }
  return 0;
}

u8 item_count(u8 id) {
  u8 *slot = slot_of(id);
  return id && slot ? slot[1] : 0;
}

u8 item_give(u8 id, u8 quantity) {
  u8 *slot = slot_of(id);
  if (!slot) slot = slot_of(0);
  if (!slot || !id) return 0;
  slot[0] = id;
  slot[1] = quantity > MAX_QUANTITY - slot[1] ? MAX_QUANTITY : slot[1] + quantity;
  return 1;
}

static void close_gap(u8 *slot) {
  u8 *end = S.bag + 2 * (BAG_SLOTS - 1);
  for (; slot != end; slot++) slot[0] = slot[2];
  end[0] = 0;
  end[1] = 0;
}

void item_take(u8 id) {
  u8 *slot = slot_of(id);
  if (!slot || !id) return;
  if (--slot[1] == 0) close_gap(slot);
}

u8 bag_slots_used(void) {
  u8 used = 0;
  while (used != BAG_SLOTS && S.bag[used << 1]) used++;
  return used;
}

void bag_draw_entry(u8 slot, u8 row) {
  u8 *entry = S.bag + (slot << 1);
  ui_print_field(2, row, &world.items, (u16)entry[0] * sizeof(Item), sizeof(item.name));
  ui_put(15, row, 'x');
  ui_number(16, row, entry[1], 2);
}
