#ifndef WORLD_H
#define WORLD_H
#include "types.h"

/*
 * World data, format TGW2: what a generated world is made of. Written by pokebench/tallgrass/pack.py,
 * read by this engine and by pokebench/tallgrass/rom.py. No object crosses a bank.
 */
#define WORLD_BANK 5
#define WORLD_ADDRESS 0x4000
#define NO_FLAG 0xFFFF
#define NO_MILESTONE 0xFF

typedef struct {
  u8 bank;
  u16 addr; /* 0x4000 to 0x7FFF */
} FarPtr;

typedef struct {
  u8 magic[4]; /* "TGW2" */
  u8 version;  /* 2 */
  u8 reserved0;
  u32 id; /* first four bytes of SHA-256 over banks 5 and up with this header's id zeroed, little endian */
  u16 rng_seed;
  u8 map_count;
  u8 species_count;
  u8 move_count;
  u8 item_count;
  u8 trainer_count;
  u8 type_count;
  u8 start_map;
  u8 start_x;
  u8 start_y;
  u8 badge_count;
  FarPtr maps;       /* Map[map_count] */
  FarPtr species;    /* Species[species_count] */
  FarPtr moves;      /* Move[move_count] */
  FarPtr items;      /* Item[item_count] */
  FarPtr trainers;   /* Trainer[trainer_count] */
  FarPtr type_chart; /* u8[type_count][type_count]: attacker, defender; 0, 5, 10 or 20 tenths */
  FarPtr type_names; /* char[type_count][8], NUL padded */
  FarPtr texts;      /* FarPtr[]: ASCII, '\n' new line, '\f' new page, NUL end; 18 columns, 4 lines a page, at most 255 bytes */
  FarPtr scripts;    /* FarPtr[]: at most 96 bytes each */
  FarPtr encounters; /* Encounter[]: 8 x (species, level) */
  FarPtr graphics;   /* FarPtr[]: GFX_* */
  u8 title[12];      /* the region's name, NUL padded */
} World;

typedef struct {
  FarPtr cells; /* metatile ids, row-major */
  u16 cells_size;
  FarPtr events; /* u8 counts[5] (warps, npcs, signs, triggers, conditions), then the records in that order */
  u16 events_size; /* at most 1024 */
  u8 width;
  u8 height; /* width x height at most 3072 */
  u8 tileset;
  u8 border;    /* metatile shown outside the map */
  u8 encounter; /* row of the encounter table */
  u8 milestone; /* set on entering, NO_MILESTONE = none */
  u16 name;     /* text id */
  u8 reserved[2];
} Map; /* 20 bytes */

typedef struct { u8 x, y, map, to_x, to_y; } Warp;
typedef struct { u8 x, y, sprite, facing; u16 script, hide_flag; } Npc; /* hidden once hide_flag is set */
typedef struct { u8 x, y; u16 script; } Sign;
typedef struct { u8 x, y; u16 script, flag; } Trigger; /* runs when stepped on, until flag is set */
typedef struct { u8 x, y, metatile, when_clear; u16 flag; } Condition; /* cell becomes metatile when flag is set, or with when_clear = 1 while it is clear */

typedef struct {
  u8 name[10];
  u8 type;
  u8 hp, attack, defense, speed, special; /* base values */
  u8 catch_rate;
  u8 exp;            /* experience yield */
  FarPtr portrait;   /* 5 x 5 tiles, row-major, 400 bytes */
  u8 evolve_level;   /* 0 = never */
  u8 evolve_to;
  u8 reserved;
  u8 learnset[8][2]; /* level, move; level 0 = empty */
} Species; /* 40 bytes */

typedef struct { u8 name[10]; u8 type, power, accuracy, pp, effect, reserved; } Move; /* 16 bytes; move 1 is the plain attack */
typedef struct { u8 name[12]; u16 price; u8 kind, amount; } Item; /* 16 bytes; item 0 is none */
typedef struct { u8 name[12]; u8 count; u8 team[6][2]; u16 reward; u8 reserved[5]; } Trainer; /* 32 bytes */
typedef struct { u8 slots[8][2]; } Encounter; /* 16 bytes */

enum { ITEM_QUEST, ITEM_HEAL, ITEM_ORB, ITEM_CURE };
enum { EFFECT_NONE, EFFECT_POISON, EFFECT_SLEEP, EFFECT_LOWER_ATTACK, EFFECT_LOWER_DEFENSE, EFFECT_RECOVER, EFFECT_PARALYSE };
enum { KEY_CUTTER, KEY_RAFT };
enum { ATTR_FLOOR, ATTR_WALL, ATTR_GRASS, ATTR_WATER, ATTR_ICE, ATTR_WARP, ATTR_COUNTER, ATTR_LEDGE, ATTR_BUSH, ATTR_ROCK };

/* GFX_UI: 128 tiles, ids 0-31 interface, 32-126 ASCII. GFX_SPRITES: 128 tiles. GFX_TITLE: 128 tiles (ids 0x80-0xFF), then 18 x 20 tile ids.
 * GFX_TILESET: 64 attributes, 64 x 4 tile ids (0x80-0xFF), 128 tiles. */
enum { GFX_UI, GFX_SPRITES, GFX_TITLE, GFX_TILESET };

/* Script operations; a target is a byte offset from the script's start. */
enum {
  OP_END = 0,
  OP_TEXT = 1,         /* text16 */
  OP_SET = 2,          /* flag16 */
  OP_IF_FLAG = 3,      /* flag16, target: jump when set */
  OP_GIVE = 4,         /* item, quantity */
  OP_NEED_ITEM = 5,    /* item, target: jump when missing */
  OP_HEAL = 6,         /* heal the party, remember this place; MS_FIRST_HEAL if the party is not empty */
  OP_TRAINER = 7,      /* trainer: battle; anything but a win ends the script */
  OP_WARP = 8,         /* map, x, y; ends the script */
  OP_GIVE_CREATURE = 9, /* species, level */
  OP_SHOP = 10,        /* reserved byte */
  OP_YES_NO = 11,      /* target: jump on no */
  OP_BADGE = 12,       /* badge 0-7 */
  OP_MILESTONE = 13,   /* milestone bit */
  OP_JUMP = 14,        /* target */
  OP_KEY = 15,         /* key */
  OP_NEED_KEY = 16,    /* key, target: jump when missing */
  OP_NEED_BADGES = 17, /* count, target: jump when fewer */
  OP_MONEY = 18,       /* amount16: add */
  OP_TAKE_ITEM = 19    /* item: remove one */
};

#endif
