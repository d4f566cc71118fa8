#include "types.h"

/*
 * Computes what the compiler and its library can compute from operands that a test writes, so that
 * the test can compare it with its own arithmetic. Remainders with a sign are left out: the library's
 * are wrong, and the engine's build refuses them.
 */
typedef int32_t i32;

typedef struct {
  u8 a, b;
  u16 c, d;
  u32 e, f;
} Operands;

volatile Operands __at(0xC0A0) operands;
volatile u16 __at(0xC0C0) words[32];
volatile u32 __at(0xC120) longs[16];
volatile u8 __at(0xC180) go;
volatile u8 __at(0xC181) done;
volatile u8 __at(0xC190) bytes[16];

static u8 a, b;
static u16 c, d;
static u32 e, f;

static void read_operands(void) {
  a = operands.a;
  b = operands.b;
  c = operands.c;
  d = operands.d;
  e = operands.e;
  f = operands.f;
}

static void multiply(void) {
  words[0] = (u16)a * b;
  words[1] = (u16)((i16)(i8)a * (i8)b);
  words[2] = (u16)((i16)(i8)a * b);
  words[3] = c * d;
  words[4] = (u16)((i16)c * (i16)d);
  longs[0] = e * f;
  longs[1] = (u32)c * d;
  longs[2] = (u32)((i32)(i16)c * (i16)d);
  longs[3] = (u32)a * c;
}

static void divide(void) {
  if (b) {
    words[5] = a / b;
    words[6] = a % (u16)b;
    words[7] = (u16)(i16)((i8)a / (i8)b);
    words[8] = c / b;
    words[9] = c % b;
  }
  if (d) {
    words[10] = c / d;
    words[11] = c % d;
    words[12] = c == 0x8000 && d == 0xFFFF ? 0x8000 : (u16)((i16)c / (i16)d);
  }
  if (f) {
    longs[4] = e / f;
    longs[5] = e % f;
  }
}

static void shift(void) {
  words[13] = c << (b & 15);
  words[14] = c >> (b & 15);
  words[15] = (u16)((i16)c >> (b & 15));
  words[16] = (u8)(a << (b & 7));
  words[17] = a >> (b & 7);
  words[18] = (u16)(i16)((i8)a >> (b & 7));
  longs[6] = e << (b & 31);
  longs[7] = e >> (b & 31);
}

static void add(void) {
  words[19] = c + d;
  words[20] = c - d;
  longs[8] = e + f;
  longs[9] = e - f;
  bytes[0] = a > b ? a - b : b - a;
  bytes[1] = (a & 0x0F) | (b & 0xF0);
  bytes[2] = (u8)(a << 4) | (a >> 4);
  bytes[3] = !a;
  bytes[4] = ~a;
  bytes[5] = -a;
}

static i8 order(i8 left, i8 right) { return left < right ? -1 : left > right ? 1 : 0; }

static i8 order_words(i16 left, i16 right) { return left < right ? -1 : left > right ? 1 : 0; }

static void compare(void) {
  words[21] = (u16)(i16)order((i8)a, (i8)b);
  words[22] = (u16)(i16)order_words((i16)c, (i16)d);
  bytes[6] = c < d;
  bytes[7] = a == b;
  bytes[8] = e < f;
  bytes[9] = (i32)e < (i32)f;
  bytes[10] = (i8)a >= 0 && (i8)b < 0;
}

static u8 chosen(u8 value) {
  switch (value) {
    case 0: return 7;
    case 1: return 9;
    case 2: return 11;
    case 3: return 3;
    case 7: return 4;
    case 8: return 1;
    case 200: return 77;
    default: return value;
  }
}

static void branch(void) {
  bytes[11] = chosen(a);
  bytes[12] = chosen(b & 7);
}

static u8 ones(u16 value) {
  u8 i, count = 0;
  for (i = 0; i != 16; i++) {
    if ((value >> i) & 1) count++;
  }
  return count;
}

typedef struct {
  u8 first;
  u16 second;
  u8 rest[5];
} Record;

static Record records[9];

static u16 sum_of_records(void) {
  u16 sum = 0;
  u8 i;
  for (i = 0; i != 9; i++) {
    sum += records[i].first;
    sum ^= records[i].second;
    sum += records[i].rest[i % 5u];
  }
  return sum;
}

static void index_records(void) {
  Record *record;
  u8 i;
  for (i = 0; i != 9; i++) {
    records[i].first = a + i;
    records[i].second = c + (u16)i * d;
    records[i].rest[i % 5u] = b ^ i;
  }
  words[23] = sum_of_records();
  record = &records[b % 9u];
  record->second++;
  words[24] = records[b % 9u].second;
  bytes[13] = ones(c);
}

/* The shape of the engine's damage formula. */
static void damage(void) {
  u32 result = (u32)((u16)(a & 127) * 2 / 5 + 2) * b;
  u16 defense = d & 0xFF;
  result = result * (c & 0xFF) / (defense ? defense : 1) / 50 + 2;
  result += result >> 1;
  result = result * 20 / 10;
  longs[10] = result * (u8)(217 + a % 39u) / 255;
}

void main(void) {
  for (;;) {
    while (!go);
    go = 0;
    read_operands();
    multiply();
    divide();
    shift();
    add();
    compare();
    branch();
    index_records();
    damage();
    done = 1;
  }
}
