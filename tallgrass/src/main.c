#include "menu/menus.h"
#include "overworld/overworld.h"
#include "system/system.h"
#include "system/ui.h"

#define WORLD_VERSION 2
#define ENGINE_REVISION 1
#define CANARY 0xA55A
#define UI_TILES_SIZE 2048

static void state_start(void) {
  S.magic[0] = 'T';
  S.magic[1] = 'G';
  S.magic[2] = 'S';
  S.magic[3] = '2';
  S.version = STATE_VERSION;
  S.engine = ENGINE_REVISION;
  S.script_id = 0xFFFF;
  S.text_id = 0xFFFF;
  S.canary = CANARY;
}

static u8 world_open(void) {
  far_copy(&world, WORLD_BANK, WORLD_ADDRESS, sizeof(World));
  return world.magic[0] == 'T' && world.magic[1] == 'G' && world.magic[2] == 'W' &&
         world.magic[3] == '2' && world.version == WORLD_VERSION;
}

static void graphics_load(void) {
  FarPtr graphics;
  fetch_graphics(&graphics, GFX_UI);
  fetch(INTERFACE_TILES, &graphics, 0, UI_TILES_SIZE);
  fetch_graphics(&graphics, GFX_SPRITES);
  fetch(SPRITE_TILES, &graphics, 0, UI_TILES_SIZE);
}

static void type_chart_load(void) {
  fetch(TYPE_CHART, &world.type_chart, 0, (u16)world.type_count * world.type_count);
}

static void screen_off(void) {
  while (io_line != SCREEN_LINES + 1); /* interrupts are still off, so this ends */
  io_lcdc = 0;
}

static void screen_on(void) {
  io_window_x = 7;
  h_window_y = SCREEN_LINES;
  h_lcdc = LCDC_GAME;
  io_lcdc = LCDC_GAME;
  io_interrupt_flags = 0;
  io_interrupt_enable = 1;
  __asm__("ei");
}

void main(void) {
  io_sound = 0;
  state_start();
  screen_off();
  if (!world_open()) {
    bad_world_draw();
    screen_on();
    bad_world_run();
  }
  S.world_id = world.id;
  S.rng = world.rng_seed;
  graphics_load();
  type_chart_load();
  screen_on();
  title_run();
  overworld_run();
}
