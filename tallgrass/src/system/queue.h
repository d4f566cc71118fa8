#ifndef QUEUE_H
#define QUEUE_H
#include "types.h"

/*
 * Writes to video memory that the next VBlank carries out. Whoever fills the queue opens it first,
 * which waits until the last writes have been carried out.
 */
void queue_open(void);
void queue_row(u16 to, const u8 *from, u8 count);    /* to the right; at most 63 */
void queue_column(u16 to, const u8 *from, u8 count); /* downwards; at most 63 */
void queue_interface_row(u16 to, const u8 *from);    /* 20 tiles straight from the shadow */
void queue_commit(void);

#endif
