#ifndef SCRIPT_H
#define SCRIPT_H
#include "types.h"

/* Runs the world's scripts. */
#define NO_SCRIPT 0xFFFF

extern u8 script_ended_in_defeat; /* the last script lost a battle */
void script_run(u16 id);

#endif
