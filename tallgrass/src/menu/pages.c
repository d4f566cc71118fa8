#include "menu/pages.h"

#include "system/system.h"
#include "system/text.h"
#include "system/ui.h"


void page_start(const char *title, u8 rows) {
  ui_box(0, 0, UI_COLUMNS, rows);
  line_start(" ");
  line_add(title);
  line_add(" ");
  ui_print(2, 0, line);
}

void page_coins(void) {
  ui_number(7, 0, S.money, 5);
  ui_print(12, 0, " coins ");
}

void page_note(const char *text) {
  ui_box(0, LIST_PAGE, UI_COLUMNS, UI_ROWS - LIST_PAGE);
  ui_print(1, LIST_PAGE + 1, text);
}

void page_notice(const char *text) {
  page_note(text);
  text_wait();
}
