#ifndef MENUS_H
#define MENUS_H
#include "types.h"

/* Full-screen menus, in bank 3. A banked function takes no parameters; they go through the variables here. */

void title_run(void) __banked;       /* until a game is begun or continued */
void bad_world_draw(void) __banked;  /* with the screen off */
void bad_world_run(void) __banked;   /* never returns */
void start_menu_run(void) __banked;
void shop_run(void) __banked;
void party_run(void) __banked;       /* look and reorder */

enum { PROMPT_USE, PROMPT_SEND, PROMPT_RELEASE };
extern u8 party_prompt;              /* PROMPT_*: what the choice is for */
u8 party_choose(void) __banked;      /* slot, or MENU_CANCEL */

#endif
