#include "hardware.h"
#include "menu/menus.h"
#include "system/system.h"
#include "system/ui.h"

/*
 * Without world data there is no art either, so the letters of the message come from here:
 * one byte a row, in the darkest shade.
 */
#define GLYPH_ROWS 8

typedef struct {
  u8 letter;
  u8 rows[GLYPH_ROWS];
} Glyph;

static const Glyph glyphs[] = {
    {'A', {0x38, 0x44, 0x44, 0x7C, 0x44, 0x44, 0x44, 0x00}},
    {'B', {0x78, 0x44, 0x44, 0x78, 0x44, 0x44, 0x78, 0x00}},
    {'D', {0x78, 0x44, 0x44, 0x44, 0x44, 0x44, 0x78, 0x00}},
    {'L', {0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x7C, 0x00}},
    {'O', {0x38, 0x44, 0x44, 0x44, 0x44, 0x44, 0x38, 0x00}},
    {'R', {0x78, 0x44, 0x44, 0x78, 0x50, 0x48, 0x44, 0x00}},
    {'T', {0x7C, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x00}},
    {'W', {0x44, 0x44, 0x44, 0x54, 0x54, 0x6C, 0x44, 0x00}},
};
#define GLYPHS (sizeof(glyphs) / sizeof(Glyph))

static void draw_glyph(const Glyph *glyph) {
  u8 *to = INTERFACE_TILES + ((u16)glyph->letter << 4);
  u8 row;
  for (row = 0; row != GLYPH_ROWS; row++) {
    *to++ = glyph->rows[row];
    *to++ = glyph->rows[row];
  }
}

static void clear_tile(u8 letter) {
  u8 *to = INTERFACE_TILES + ((u16)letter << 4);
  u8 i;
  for (i = 0; i != 16; i++) *to++ = 0;
}

void bad_world_draw(void) __banked {
  u8 i;
  clear_tile(' ');
  for (i = 0; i != GLYPHS; i++) draw_glyph(&glyphs[i]);
}

void bad_world_run(void) __banked {
  S.crash = CRASH_BAD_WORLD;
  ui_clear(0, UI_ROWS);
  ui_print(3, 8, "BAD WORLD DATA");
  h_palette = PALETTE_NORMAL;
  ui_show(UI_ROWS);
  wait_frame(); /* the window moves at the next VBlank */
  park();
}
