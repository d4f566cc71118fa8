#ifndef PROGRESS_H
#define PROGRESS_H
#include "types.h"

/* What happened in the story: flags and milestones. Both are only ever set. */

void flag_set(u16 flag);
u8 flag_get(u16 flag); /* 0 for NO_FLAG */
void milestone(u8 bit); /* set it and keep the frame of the first time */
u8 badge_count(void);
u8 bit_of(u8 index); /* 1 << index, quickly */

#endif
