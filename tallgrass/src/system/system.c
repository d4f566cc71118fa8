#include "system/system.h"

#define SPRITES 40

World world;

void far_copy_bytes(u8 *to, u16 from); /* crt0.s */

void far_copy(void *to, u8 bank, u16 from, u16 size) {
  h_copy_bank = bank;
  h_copy_low = (u8)size;
  h_copy_high = (u8)(size >> 8);
  far_copy_bytes((u8 *)to, from);
}

void fetch(void *to, const FarPtr *from, u16 offset, u16 size) {
  far_copy(to, from->bank, from->addr + offset, size);
}

void fetch_graphics(FarPtr *to, u8 row) {
  fetch(to, &world.graphics, (u16)row * sizeof(FarPtr), sizeof(FarPtr));
}

u8 random_byte(void) {
  u16 r = S.rng;
  r ^= r << 7;
  r ^= r >> 9;
  r ^= r << 8;
  S.rng = r;
  return (u8)r ^ (u8)(r >> 8);
}

u16 add_capped(u16 a, u16 b) {
  u16 sum = a + b;
  return sum < a ? 0xFFFF : sum;
}

u8 keys_take(void) {
  u8 keys;
  __asm__("di"); /* a press between the two lines would be lost */
  keys = h_pressed;
  h_pressed = 0;
  __asm__("ei");
  if (keys) S.input_seq++;
  return keys;
}

void keys_discard(void) { h_pressed = 0; }

u8 input_wait(void) {
  u8 keys;
  keys_discard();
  S.ready = 1;
  do {
    wait_frame();
    keys = keys_take();
  } while (!keys);
  S.ready = 0;
  return keys;
}

void input_confirm(void) {
  while (!(input_wait() & (KEY_A | KEY_B)));
}

void lcd_off(void) {
  wait_frame();
  h_lcdc &= (u8)~LCDC_ON;
  io_lcdc = h_lcdc;
}

void lcd_on(void) {
  h_lcdc |= LCDC_ON;
  io_lcdc = h_lcdc;
}

static const u8 fade_palettes[4] = {PALETTE_NORMAL, 0x90, 0x40, 0x00};

/* The palette is a parameter because SDCC 4.2 writes a broken operand for `register = array[index]`. */
static void show_palette(u8 palette) {
  h_palette = palette;
  io_object_palette = palette & 0xF3; /* the lightest shade of people is white on any ground */
  wait_frame();
  wait_frame();
}

void fade_out(void) {
  u8 level;
  if (!h_palette) return; /* white already */
  for (level = 0; level != 4; level++) show_palette(fade_palettes[level]);
}

void fade_in(void) {
  u8 level = 4;
  while (level--) show_palette(fade_palettes[level]);
}

void sprites_hide(void) { sprites_hide_below(0); }

void sprites_hide_below(u8 line) {
  u8 *sprite = OAM_SHADOW;
  u8 i;
  for (i = 0; i != SPRITES; i++) {
    if (*sprite > line) *sprite = 0; /* a sprite's y counts from 16 lines above the screen */
    sprite += 4;
  }
}
