#ifndef TYPES_H
#define TYPES_H
#include <stdint.h>

/* Fixed-width integers. Little endian, no padding: a struct is laid out as it is written. */
typedef uint8_t u8;
typedef int8_t i8;
typedef uint16_t u16;
typedef int16_t i16;
typedef uint32_t u32;

#endif
