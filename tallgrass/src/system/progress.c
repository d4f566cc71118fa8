#include "system/progress.h"

#include "state.h"

#define FLAGS 512
#define MILESTONES 64

static const u8 bits[8] = {1, 2, 4, 8, 16, 32, 64, 128};

u8 bit_of(u8 index) { return bits[index & 7]; }

void flag_set(u16 flag) {
  if (flag < FLAGS) S.flags[flag >> 3] |= bits[(u8)flag & 7];
}

u8 flag_get(u16 flag) {
  if (flag >= FLAGS) return 0;
  return S.flags[flag >> 3] & bits[(u8)flag & 7];
}

void milestone(u8 bit) {
  u8 *byte = S.milestones + (bit >> 3);
  if (bit >= MILESTONES || (*byte & bits[bit & 7])) return;
  *byte |= bits[bit & 7];
  __asm__("di"); /* the frame counter runs in the interrupt */
  S.milestone_frames[bit] = S.frame;
  __asm__("ei");
  S.last_milestone = bit;
  S.milestone_count++;
}

u8 badge_count(void) {
  u8 count = 0;
  u8 badges = S.badges;
  while (badges) {
    count += badges & 1;
    badges >>= 1;
  }
  return count;
}
