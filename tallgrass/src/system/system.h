#ifndef SYSTEM_H
#define SYSTEM_H
#include "hardware.h"
#include "state.h"
#include "world.h"

/* Machine services, in bank 0. */

extern World world; /* the header of the world data */

void wait_frame(void);                                      /* sleep until the next VBlank has been served */
void park(void);                                            /* stop for good */
void far_copy(void *to, u8 bank, u16 from, u16 size);       /* copy from any ROM bank */
void fetch(void *to, const FarPtr *from, u16 offset, u16 size); /* copy from `offset` behind a far pointer */
void fetch_graphics(FarPtr *to, u8 row);                    /* where a GFX_* lies */

u8 random_byte(void); /* next random number, 0 to 255 */
u16 add_capped(u16 a, u16 b); /* a + b, at most 65535 */

u8 keys_take(void);    /* consume the buttons pressed since the last look; counts in input_seq */
void keys_discard(void); /* forget presses made while the game was busy */
u8 input_wait(void);   /* be ready until a button is pressed; returns it */
void input_confirm(void); /* be ready until A or B is pressed */

void lcd_off(void);  /* at VBlank; video memory is free to write until lcd_on */
void lcd_on(void);
void fade_out(void); /* to white, 8 frames */
void fade_in(void);  /* from white, 8 frames */

void sprites_hide(void);             /* all of them */
void sprites_hide_below(u8 line);    /* those that reach under `line` */

#endif
