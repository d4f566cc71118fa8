#include "system/ui.h"

#include "system/queue.h"
#include "system/system.h"

#define ROWS_A_FRAME 4 /* more do not fit into a VBlank */
#define BAR_CELLS 6
#define BAR_PIXELS 48

static u8 *place(u8 x, u8 y) {
  UI_DIRTY[y] = 1;
  return UI_SHADOW + (u16)y * UI_COLUMNS + x;
}

static void fill(u8 x, u8 y, u8 width, u8 tile) {
  u8 *to = place(x, y);
  while (width--) *to++ = tile;
}

void ui_clear_part(u8 x, u8 y, u8 width, u8 height) {
  while (height--) fill(x, y++, width, ' ');
}

void ui_clear(u8 top, u8 rows) { ui_clear_part(0, top, UI_COLUMNS, rows); }

static void box_row(u8 x, u8 y, u8 width, u8 left) {
  fill(x + 1, y, width - 2, left == TILE_LEFT ? ' ' : TILE_HORIZONTAL);
  ui_put(x, y, left);
  ui_put(x + width - 1, y,
         left == TILE_TOP_LEFT ? TILE_TOP_RIGHT : left == TILE_LEFT ? TILE_RIGHT : TILE_BOTTOM_RIGHT);
}

void ui_box(u8 x, u8 y, u8 width, u8 height) {
  box_row(x, y++, width, TILE_TOP_LEFT);
  for (height -= 2; height; height--) box_row(x, y++, width, TILE_LEFT);
  box_row(x, y, width, TILE_BOTTOM_LEFT);
}

void ui_put(u8 x, u8 y, u8 tile) {
  u8 *to = place(x, y);
  *to = tile;
}

void ui_print(u8 x, u8 y, const char *text) {
  u8 *to = place(x, y);
  while (*text) *to++ = *text++;
}

void ui_print_field(u8 x, u8 y, const FarPtr *from, u16 offset, u8 size) {
  u8 *to = place(x, y);
  u8 ended = 0;
  fetch(to, from, offset, size);
  while (size--) {
    if (!*to) ended = 1;
    if (ended) *to = ' ';
    to++;
  }
}

void ui_number(u8 x, u8 y, u16 value, u8 width) {
  u8 *to = place(x + width, y);
  do {
    *--to = '0' + (u8)(value % 10);
    value /= 10;
    width--;
  } while (value && width);
  while (width--) *--to = ' ';
}

void ui_hex(u8 x, u8 y, u32 value) {
  u8 *to = place(x, y);
  u8 i, digit;
  for (i = 0; i != 8; i++) {
    digit = (u8)(value >> 28);
    *to++ = digit < 10 ? '0' + digit : 'A' - 10 + digit;
    value <<= 4;
  }
}

void ui_bar(u8 x, u8 y, u16 value, u16 full) {
  u8 *to = place(x, y);
  u8 pixels = (u8)(value * BAR_PIXELS / full);
  u8 i, part;
  if (value && !pixels) pixels = 1;
  for (i = 0; i != BAR_CELLS; i++) {
    part = pixels > 8 ? 8 : pixels;
    *to++ = TILE_BAR + part;
    pixels -= part;
  }
}

static void send_rows(void) {
  queue_commit();
  queue_open();
}

void ui_flush(void) {
  u8 row, sent = 0;
  u16 to = WINDOW_MAP;
  const u8 *from = UI_SHADOW;
  queue_open();
  for (row = 0; row != UI_ROWS; row++) {
    if (UI_DIRTY[row]) {
      UI_DIRTY[row] = 0;
      queue_interface_row(to, from);
      if (++sent == ROWS_A_FRAME) {
        send_rows();
        sent = 0;
      }
    }
    to += 32;
    from += UI_COLUMNS;
  }
  if (sent) send_rows();
}

void ui_show(u8 rows) {
  u8 line = SCREEN_LINES - (rows << 3);
  ui_flush();
  sprites_hide_below(line);
  h_window_y = line;
  S.ui_rows = rows;
}

void ui_hide(void) {
  h_window_y = SCREEN_LINES;
  S.ui_rows = 0;
}
