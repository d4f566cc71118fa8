#ifndef HARDWARE_H
#define HARDWARE_H
#include "types.h"

/*
 * Registers and high RAM. They are absolute variables and not __sfr: the compiler loads an __sfr in
 * `if (sfr)` from page 0x00 instead of 0xFF (the build refuses symbols below 0x100).
 */
volatile u8 __at(0xFF0F) io_interrupt_flags;
volatile u8 __at(0xFF26) io_sound;
volatile u8 __at(0xFF40) io_lcdc;
volatile u8 __at(0xFF44) io_line;
volatile u8 __at(0xFF48) io_object_palette;
volatile u8 __at(0xFF4B) io_window_x;
volatile u8 __at(0xFFFF) io_interrupt_enable;

/* High RAM, in step with crt0.s; the interrupt handler copies the second group to the registers. */
volatile u8 __at(0xFF92) h_keys;    /* KEY_* held */
volatile u8 __at(0xFF93) h_pressed; /* KEY_* gone down since the game last looked */
volatile u8 __at(0xFF94) h_queue;   /* 1 = VRAM_QUEUE is to be drained */

volatile u8 __at(0xFF95) h_scroll_x;
volatile u8 __at(0xFF96) h_scroll_y;
volatile u8 __at(0xFF97) h_window_y;
volatile u8 __at(0xFF98) h_lcdc;
volatile u8 __at(0xFF99) h_palette;

volatile u8 __at(0xFFA0) h_copy_bank;
volatile u8 __at(0xFFA1) h_copy_low;
volatile u8 __at(0xFFA2) h_copy_high;

#define KEY_A 0x01
#define KEY_B 0x02
#define KEY_SELECT 0x04
#define KEY_START 0x08
#define KEY_RIGHT 0x10
#define KEY_LEFT 0x20
#define KEY_UP 0x40
#define KEY_DOWN 0x80
#define KEY_DIRECTIONS 0xF0

#define LCDC_ON 0x80
#define LCDC_GAME 0xE7 /* on; window map 9C00; window; tiles 8800; world map 9800; 8x16 sprites; background */

#define SCREEN_LINES 144
#define PALETTE_NORMAL 0xE4

#define SPRITE_TILES ((u8 *)0x8000)
#define PICTURE_TILES ((u8 *)0x8800) /* tileset on the map, portraits in a battle, the title picture */
#define INTERFACE_TILES ((u8 *)0x9000)
#define WORLD_MAP 0x9800
#define WINDOW_MAP 0x9C00

#endif
