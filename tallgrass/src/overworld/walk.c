#include "overworld/walk.h"

#include "battle/battle.h"
#include "menu/menus.h"
#include "overworld/draw.h"
#include "overworld/map.h"
#include "overworld/overworld.h"
#include "overworld/script.h"
#include "system/creatures.h"
#include "system/progress.h"
#include "system/system.h"
#include "system/text.h"
#include "system/ui.h"

#define CELL_PIXELS 16
#define ENCOUNTER_CHANCE 24 /* of 256, each step in grass */
#define LAWN 0

u8 beside_x(u8 x, u8 direction) {
  return direction == LEFT ? x - 1 : direction == RIGHT ? x + 1 : x;
}

u8 beside_y(u8 y, u8 direction) {
  return direction == UP ? y - 1 : direction == DOWN ? y + 1 : y;
}

static void load_tileset(void) {
  FarPtr graphics;
  fetch_graphics(&graphics, GFX_TILESET + map.tileset);
  fetch(TILE_ATTRIBUTES, &graphics, 0, 64);
  fetch(METATILES, &graphics, 64, 256);
  fetch(PICTURE_TILES, &graphics, 320, 2048);
}

void show_map(void) {
  lcd_off();
  load_tileset();
  draw_all();
  ui_hide();
  S.mode = MODE_WORLD;
  draw_sprites(0);
  lcd_on();
}

void overworld_redraw(void) __banked {
  show_map();
  fade_in();
}

void change_map(u8 id, u8 x, u8 y) {
  S.mode = MODE_TRANSITION;
  fade_out();
  S.x = x;
  S.y = y;
  map_load(id);
  overworld_redraw();
}

/* A lost battle ends at the last rest place, with half the coins. */
static void wake_at_rest_place(void) {
  party_restore();
  S.money >>= 1;
  change_map(S.heal_map, S.heal_x, S.heal_y);
}

/* A defeat counts once: what follows may not have run a script at all. */
static void after_script(void) {
  if (script_ended_in_defeat) {
    script_ended_in_defeat = 0;
    wake_at_rest_place();
  }
  keys_discard();
}

static u8 pixels_done, pixels_a_frame; /* of the step under way */

static void begin_step(u8 direction, u8 speed) {
  S.ready = 0;
  S.facing = direction;
  S.moving = 1;
  pixels_done = 0;
  pixels_a_frame = speed;
  draw_ahead(direction);
}

/* 1 when the next cell in that direction lets the player in. */
static u8 way_is_free(u8 direction) {
  return map_enterable(beside_x(S.x, direction), beside_y(S.y, direction), direction);
}

static void wild_battle(void) {
  Encounter encounter;
  u8 slot = random_byte() & 7;
  fetch(&encounter, &world.encounters, (u16)map.encounter * sizeof(Encounter), sizeof(Encounter));
  S.battle = BATTLE_WILD;
  S.battle_argument = encounter.slots[slot][0];
  wild_level = encounter.slots[slot][1];
  S.ready = 0;
  battle_run();
  if (S.last_result == RESULT_LOST) {
    wake_at_rest_place();
  } else {
    overworld_redraw();
  }
}

static u8 event_at_feet(void) {
  Warp *warp = map_warp_at(S.x, S.y);
  Trigger *trigger;
  if (warp) {
    change_map(warp->map, warp->to_x, warp->to_y);
    return 1;
  }
  trigger = map_trigger_at(S.x, S.y);
  if (!trigger) return 0;
  script_run(trigger->script);
  after_script();
  draw_sprites(0);
  return 1;
}

static void end_step(void) {
  u8 attribute;
  S.x = beside_x(S.x, S.facing);
  S.y = beside_y(S.y, S.facing);
  S.moving = 0;
  S.steps++;
  draw_centre();
  draw_sprites(0); /* at rest already while an event runs */
  if (event_at_feet()) return;
  attribute = map_attribute(S.x, S.y);
  if (attribute == ATTR_ICE && way_is_free(S.facing)) {
    begin_step(S.facing, 2);
  } else if (attribute == ATTR_GRASS && party_first_able() != NOBODY &&
             random_byte() < ENCOUNTER_CHANCE) {
    wild_battle();
  }
}

static void continue_step(void) {
  pixels_done += pixels_a_frame;
  draw_scroll(S.facing, pixels_a_frame);
  if (pixels_done != CELL_PIXELS) {
    draw_sprites(pixels_done);
    return;
  }
  end_step();
  keys_discard();
}

static void talk_to(Npc *person) {
  person->facing = S.facing ^ 1; /* opposite */
  draw_sprites(0);
  wait_frame();
  script_run(person->script);
}

static void cut_bush(u8 x, u8 y) {
  if (S.keys & bit_of(KEY_CUTTER)) {
    map_set_cell(x, y, LAWN);
  } else {
    text_say("A thorn bush. Some\ntool could cut it.");
  }
}

static void touch_cell(u8 x, u8 y, u8 attribute) {
  if (attribute == ATTR_BUSH) {
    cut_bush(x, y);
  } else if (attribute == ATTR_WATER && !(S.keys & bit_of(KEY_RAFT))) {
    text_say("The water is deep.");
  }
}

static void interact(void) {
  u8 x = beside_x(S.x, S.facing);
  u8 y = beside_y(S.y, S.facing);
  u8 attribute = map_attribute(x, y);
  Npc *person;
  Sign *sign;
  S.ready = 0;
  if (attribute == ATTR_COUNTER && !map_person_at(x, y) && !map_sign_at(x, y)) {
    x = beside_x(x, S.facing); /* talk across it */
    y = beside_y(y, S.facing);
  }
  person = map_person_at(x, y);
  sign = map_sign_at(x, y);
  if (person) {
    talk_to(person);
  } else if (sign) {
    script_run(sign->script);
  } else {
    touch_cell(x, y, attribute);
  }
  after_script();
}

static void open_start_menu(void) {
  S.ready = 0;
  start_menu_run();
  keys_discard();
}

static void steer(u8 keys) {
  u8 direction;
  if (!(keys & KEY_DIRECTIONS)) return;
  direction = keys & KEY_DOWN ? DOWN : keys & KEY_UP ? UP : keys & KEY_LEFT ? LEFT : RIGHT;
  if (way_is_free(direction)) {
    begin_step(direction, keys & KEY_B ? 2 : 1);
  } else {
    S.facing = direction;
  }
}

static void act_on(u8 pressed, u8 held) {
  if (pressed & KEY_START) {
    open_start_menu();
  } else if (pressed & KEY_A) {
    interact();
  } else {
    steer(pressed | held);
  }
}

/* Draws only when something may have changed: an idle game sleeps most of the frame. */
static void take_input(void) {
  u8 pressed = keys_take();
  u8 held = h_keys;
  if (pressed | held) {
    act_on(pressed, held);
    draw_sprites(0);
  }
}

static void enter_world(void) {
  S.moving = 0;
  S.script_id = NO_SCRIPT;
  script_ended_in_defeat = 0;
  S.mode = MODE_TRANSITION;
  map_load(S.map);
  overworld_redraw();
  keys_discard();
}

void overworld_run(void) __banked {
  enter_world();
  for (;;) {
    if (S.moving) {
      continue_step();
    } else {
      take_input();
    }
    if (!S.moving) S.ready = 1;
    wait_frame();
  }
}
