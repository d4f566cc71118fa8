#include <stddef.h>

#include "menu/pages.h"
#include "system/system.h"

/* The save: magic, world, layout version, then the state block from `sub` on, then its checksum. */
#define SRAM_ENABLE (*(volatile u8 *)0x0000)
#define SRAM_BANK (*(volatile u8 *)0x4000)
#define SRAM_OPEN 0x0A
#define SRAM_MAGIC ((u8 *)0xA000)
#define SRAM_WORLD (*(u32 *)0xA004)
#define SRAM_VERSION (*(u8 *)0xA008)
#define SRAM_DATA ((u8 *)0xA010)
#define SRAM_CHECKSUM (*(u16 *)0xA00A)

#define SAVED_FROM offsetof(State, sub)
#define SAVED_SIZE (offsetof(State, canary) - SAVED_FROM)
#define STATE_DATA ((u8 *)(STATE_ADDRESS + SAVED_FROM))

static const u8 magic[4] = {'T', 'G', 'R', 'S'};

static void sram_open(void) {
  SRAM_ENABLE = SRAM_OPEN;
  SRAM_BANK = 0;
}

static void sram_close(void) { SRAM_ENABLE = 0; }

static void copy(u8 *to, const u8 *from, u16 size) {
  while (size--) *to++ = *from++;
}

static u16 checksum(void) {
  const u8 *byte = SRAM_DATA;
  u16 size = SAVED_SIZE;
  u16 sum = 0x1234;
  while (size--) {
    sum = (sum << 1) | (sum >> 15);
    sum ^= *byte++;
  }
  return sum;
}

static u8 has_magic(void) {
  u8 i;
  for (i = 0; i != 4; i++) {
    if (SRAM_MAGIC[i] != magic[i]) return 0;
  }
  return 1;
}

static u8 inspect(void) {
  if (!has_magic()) return SAVE_NONE;
  if (SRAM_WORLD != S.world_id) return SAVE_FOREIGN;
  if (SRAM_VERSION != STATE_VERSION || SRAM_CHECKSUM != checksum()) return SAVE_DAMAGED;
  return SAVE_GOOD;
}

u8 save_check(void) {
  u8 result;
  sram_open();
  result = inspect();
  sram_close();
  return result;
}

void save_load(void) {
  u8 presses = S.input_seq; /* goes on counting */
  sram_open();
  copy(STATE_DATA, SRAM_DATA, SAVED_SIZE);
  sram_close();
  S.input_seq = presses;
  S.ready = 0;
}

void save_store(void) {
  sram_open();
  SRAM_MAGIC[0] = 0; /* no save, should the power fail half-way */
  copy(SRAM_DATA, STATE_DATA, SAVED_SIZE);
  SRAM_WORLD = S.world_id;
  SRAM_VERSION = STATE_VERSION;
  SRAM_CHECKSUM = checksum();
  copy(SRAM_MAGIC, magic, 4);
  sram_close();
}

void save_run(void) {
  save_store();
  page_notice("The game is saved.");
}
