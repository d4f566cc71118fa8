#include "system/queue.h"

#include "system/system.h"

#define KIND_INTERFACE 0x40
#define KIND_COLUMN 0x80

static u8 *end;

void queue_open(void) {
  while (h_queue & 1) wait_frame();
  end = VRAM_QUEUE;
}

static void put_head(u8 kind, u16 to) {
  *end++ = kind;
  *end++ = (u8)to;
  *end++ = (u8)(to >> 8);
}

static void put_bytes(const u8 *from, u8 count) {
  while (count--) *end++ = *from++;
}

void queue_row(u16 to, const u8 *from, u8 count) {
  put_head(count, to);
  put_bytes(from, count);
}

void queue_column(u16 to, const u8 *from, u8 count) {
  put_head(KIND_COLUMN | count, to);
  put_bytes(from, count);
}

void queue_interface_row(u16 to, const u8 *from) {
  put_head(KIND_INTERFACE, to);
  *end++ = (u8)(u16)from;
  *end++ = (u8)((u16)from >> 8);
}

void queue_commit(void) {
  *end = 0;
  h_queue = 1;
}
