#include "overworld/map.h"

#include "overworld/draw.h"
#include "overworld/walk.h"
#include "system/progress.h"
#include "system/system.h"

Map map;
u8 person_count;
Npc *people;

static u8 warp_count, sign_count, trigger_count, condition_count;
static Warp *warps;
static Sign *signs;
static Trigger *triggers;
static Condition *conditions;

static void find_events(void) {
  u8 *event = MAP_EVENTS;
  warp_count = *event++;
  person_count = *event++;
  sign_count = *event++;
  trigger_count = *event++;
  condition_count = *event++;
  warps = (Warp *)event;
  people = (Npc *)(warps + warp_count);
  signs = (Sign *)(people + person_count);
  triggers = (Trigger *)(signs + sign_count);
  conditions = (Condition *)(triggers + trigger_count);
}

void map_load(u8 id) {
  S.map = id;
  fetch(&map, &world.maps, (u16)id * sizeof(Map), sizeof(Map));
  fetch(MAP_CELLS, &map.cells, 0, map.cells_size);
  fetch(MAP_EVENTS, &map.events, 0, map.events_size);
  S.map_width = map.width;
  S.map_height = map.height;
  find_events();
  map_apply_flags();
  if (map.milestone != NO_MILESTONE) milestone(map.milestone);
}

static u8 *cell_at(u8 x, u8 y) { return MAP_CELLS + (u16)y * map.width + x; }

u8 map_cell(u8 x, u8 y) {
  if (x >= map.width || y >= map.height) return map.border;
  return *cell_at(x, y);
}

u8 map_attribute(u8 x, u8 y) { return TILE_ATTRIBUTES[map_cell(x, y)]; }

u8 map_set_cell(u8 x, u8 y, u8 metatile) {
  u8 *cell = cell_at(x, y);
  if (x >= map.width || y >= map.height || *cell == metatile) return 0;
  *cell = metatile;
  draw_cell(x, y);
  return 1;
}

static u8 condition_holds(const Condition *condition) {
  return condition->when_clear ? !flag_get(condition->flag) : flag_get(condition->flag);
}

static void restore_cell(const Condition *condition) {
  u8 original;
  fetch(&original, &map.cells, (u16)condition->y * map.width + condition->x, 1);
  map_set_cell(condition->x, condition->y, original);
}

void map_apply_flags(void) {
  const Condition *condition = conditions;
  const Condition *end = conditions + condition_count;
  for (; condition != end; condition++) {
    if (!condition_holds(condition)) restore_cell(condition);
  }
  for (condition = conditions; condition != end; condition++) {
    if (condition_holds(condition)) map_set_cell(condition->x, condition->y, condition->metatile);
  }
}

u8 person_is_here(const Npc *person) { return !flag_get(person->hide_flag); }

Npc *map_person_at(u8 x, u8 y) {
  Npc *person = people;
  u8 i;
  for (i = 0; i != person_count; i++) {
    if (person->x == x && person->y == y && person_is_here(person)) return person;
    person++;
  }
  return 0;
}

Warp *map_warp_at(u8 x, u8 y) {
  Warp *warp = warps;
  u8 i;
  for (i = 0; i != warp_count; i++) {
    if (warp->x == x && warp->y == y) return warp;
    warp++;
  }
  return 0;
}

Sign *map_sign_at(u8 x, u8 y) {
  Sign *sign = signs;
  u8 i;
  for (i = 0; i != sign_count; i++) {
    if (sign->x == x && sign->y == y) return sign;
    sign++;
  }
  return 0;
}

Trigger *map_trigger_at(u8 x, u8 y) {
  Trigger *trigger = triggers;
  u8 i;
  for (i = 0; i != trigger_count; i++) {
    if (trigger->x == x && trigger->y == y && !flag_get(trigger->flag)) return trigger;
    trigger++;
  }
  return 0;
}

u8 map_enterable(u8 x, u8 y, u8 direction) {
  if (x >= map.width || y >= map.height || map_person_at(x, y)) return 0;
  switch (map_attribute(x, y)) {
    case ATTR_FLOOR:
    case ATTR_GRASS:
    case ATTR_ICE:
    case ATTR_WARP:
      return 1;
    case ATTR_WATER:
      return S.keys & bit_of(KEY_RAFT);
    case ATTR_LEDGE:
      return direction == DOWN;
    default:
      return 0;
  }
}
