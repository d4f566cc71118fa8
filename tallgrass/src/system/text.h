#ifndef TEXT_H
#define TEXT_H
#include "types.h"

/* The text box over the map, and lines put together from parts. */

void text_show(u16 id);            /* open the box and print a text of the world; its last page stays */
void text_wait(void);              /* show the arrow until A or B is pressed */
void text_close(void);             /* close the box if it is open */
void text_say(const char *text);   /* open, print, wait, close */
u8 text_ask(void);                 /* YES and NO under the open text; 1 for yes; the box stays open */

void text_line(u8 y, const char *line); /* print one line letter by letter from column 1 */

#define LINE_COLUMNS 18
extern char line[LINE_COLUMNS + 1];
void line_start(const char *text);           /* begin `line` */
void line_add(const char *text);             /* what does not fit is cut off */
void line_add_name(const u8 *name, u8 size); /* a NUL-padded name */
void line_add_number(u16 value);

#endif
