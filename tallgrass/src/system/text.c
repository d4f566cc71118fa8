#include "system/text.h"

#include "system/menu.h"
#include "system/system.h"
#include "system/ui.h"

#define LETTERS_A_FRAME 6 /* so that a full page is there within one step of 20 frames */
#define BOX_ROWS 6
#define ASK_ROWS 8
#define TEXT_LINES 4

static u8 column, row, letters;

static void put_letter(char letter) {
  if (column > LINE_COLUMNS) return;
  ui_put(column++, row, letter);
  if (++letters < LETTERS_A_FRAME) return;
  letters = 0;
  if (!(h_keys & KEY_B)) ui_flush();
}

void text_line(u8 y, const char *text) {
  column = 1;
  row = y;
  letters = 0;
  while (*text) put_letter(*text++);
  ui_flush();
}

static void page_start(void) {
  ui_box(0, 0, UI_COLUMNS, BOX_ROWS);
  column = 1;
  row = 1;
  letters = 0;
}

static void open_box(void) {
  S.mode = MODE_TEXT;
  page_start();
  ui_show(BOX_ROWS);
}

void text_wait(void) {
  u8 y = S.ui_rows - 1;
  ui_put(UI_COLUMNS - 2, y, TILE_MORE);
  ui_flush();
  input_confirm();
  ui_put(UI_COLUMNS - 2, y, TILE_HORIZONTAL);
}

static void next_page(void) {
  ui_flush();
  text_wait();
  page_start();
}

static void next_line(void) {
  column = 1;
  if (++row > TEXT_LINES) next_page();
}

static void print(const char *text) {
  char letter;
  while ((letter = *text++)) {
    if (letter == '\n') {
      next_line();
    } else if (letter == '\f') {
      next_page();
    } else {
      put_letter(letter);
    }
  }
  ui_flush();
}

void text_show(u16 id) {
  FarPtr text;
  S.text_id = id;
  fetch(&text, &world.texts, id * sizeof(FarPtr), sizeof(FarPtr));
  far_copy(TEXT_BUFFER, text.bank, text.addr, 255);
  TEXT_BUFFER[255] = 0;
  open_box();
  print((const char *)TEXT_BUFFER);
}

void text_close(void) {
  if (S.mode != MODE_TEXT) return;
  ui_hide();
  S.mode = MODE_WORLD;
}

void text_say(const char *text) {
  open_box();
  print(text);
  text_wait();
  text_close();
}

/* The box grows downwards by two rows, so that the question stays on the screen. */
static void open_question(void) {
  if (S.mode != MODE_TEXT) open_box();
  ui_put(0, BOX_ROWS - 1, TILE_LEFT);
  ui_print(1, BOX_ROWS - 1, " YES              ");
  ui_put(UI_COLUMNS - 1, BOX_ROWS - 1, TILE_RIGHT);
  ui_box(0, BOX_ROWS, UI_COLUMNS, 2);
  ui_put(0, BOX_ROWS, TILE_LEFT);
  ui_print(1, BOX_ROWS, " NO               ");
  ui_put(UI_COLUMNS - 1, BOX_ROWS, TILE_RIGHT);
  ui_show(ASK_ROWS);
}

u8 text_ask(void) {
  u8 choice;
  open_question();
  S.sub = 1;
  menu_fixed(1, BOX_ROWS - 1, 1, 2);
  choice = menu_run();
  S.sub = SUB_NONE;
  return choice == 0;
}

char line[LINE_COLUMNS + 1];
static u8 line_size;

void line_start(const char *text) {
  line_size = 0;
  line_add(text);
}

static void line_put(char letter) {
  if (line_size == LINE_COLUMNS) return;
  line[line_size++] = letter;
  line[line_size] = 0;
}

void line_add(const char *text) {
  line[line_size] = 0;
  while (*text) line_put(*text++);
}

void line_add_name(const u8 *name, u8 size) {
  while (size-- && *name) line_put(*name++);
}

void line_add_number(u16 value) {
  u8 digits[5];
  u8 count = 0;
  do {
    digits[count++] = '0' + (u8)(value % 10);
    value /= 10;
  } while (value);
  while (count) line_put(digits[--count]);
}
