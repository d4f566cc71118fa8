#ifndef STATE_H
#define STATE_H
#include "types.h"

/*
 * The public state block: everything a scorer, a text reader or an oracle may read lies here.
 *
 * The build parses the two structs below (one field a line, with its comment), checks every offset
 * against the compiler with _Static_assert, and exports the layout to the harness as
 * pokebench/tallgrass/data/state.json and to people as tallgrass/STATE.md.
 * A change of layout raises STATE_VERSION.
 */
#define STATE_ADDRESS 0xC100
#define STATE_VERSION 2

/* One creature. */
typedef struct {
  u8 species;         /* row of the world's species table */
  u8 level;           /* 1 to 99 */
  u16 hp;             /* 0 = fainted */
  u16 max_hp;         /* hit points when healed */
  u16 exp;            /* experience gathered towards the next level */
  u8 status;          /* STATUS_*: 0 none, 1 poison, 2 sleep, 3 paralysis */
  u8 sleep_turns;     /* turns left asleep */
  u8 type;            /* row of the world's type chart */
  u8 attack;          /* battle value at this level */
  u8 defense;         /* battle value at this level */
  u8 speed;           /* battle value at this level */
  u8 special;         /* battle value at this level */
  u8 moves[4];        /* rows of the world's move table, 0 = none */
  u8 pp[4];           /* uses left of each move */
  u8 catch_rate;      /* 0 to 255, higher is easier */
  u8 reserved[8];     /* zero */
} Creature;

/* The block itself, at STATE_ADDRESS. */
typedef struct {
  u8 magic[4];              /* "TGS2" once the engine runs */
  u8 version;               /* STATE_VERSION */
  u8 engine;                /* engine revision */
  u32 world_id;             /* hash of the world's data; 0 before start-up */
  u8 crash;                 /* CRASH_*: 0 none, 0xEE ran into empty ROM, 0xCA stack overflow, 0xBD bad world data */
  u8 mode;                  /* MODE_*: 0 boot, 1 title, 2 world, 3 text, 4 menu, 5 battle, 6 transition */
  u32 frame;                /* VBlanks counted since power-on (none while the LCD is off) */
  u8 sub;                   /* in battle: SUB_* 0 message, 1 command menu, 2 move menu, 3 bag menu, 4 party menu; in text: 1 yes/no */
  u8 ready;                 /* 1 while the game waits for a button */
  u8 input_seq;             /* counts consumed button presses, wraps */
  u8 map;                   /* current map */
  u8 x;                     /* player's column on the map, in 16-pixel cells */
  u8 y;                     /* player's row on the map */
  u8 facing;                /* 0 down, 1 up, 2 left, 3 right */
  u8 moving;                /* 1 while a step is under way */
  u8 map_width;             /* cells */
  u8 map_height;            /* cells */
  u8 ui_rows;               /* text rows at the bottom of the screen: 0, 6, 8 (a question) or 18; they are UI_SHADOW's first ui_rows */
  u8 cursor;                /* selected entry of the open menu */
  u8 menu_count;            /* entries of the open menu */
  u8 party_count;           /* 0 to 6 */
  u8 badges;                /* bit i = badge i+1 */
  u8 keys;                  /* bit 0 cutter, 1 raft */
  u32 steps;                /* cells walked */
  u16 money;                /* coins, at most 65535 */
  u8 battle;                /* 0 none, 1 wild, 2 tamer */
  u8 battle_argument;       /* wild: species; tamer: row of the trainer table */
  u8 last_result;           /* 0 none, 1 won, 2 lost, 3 caught, 4 fled */
  u8 active_slot;           /* party slot that fights */
  u8 enemy_left;            /* creatures the tamer has not sent out yet */
  u8 turn;                  /* turn of the battle, from 1 */
  u8 heal_map;              /* where a lost battle ends */
  u8 heal_x;                /* column there */
  u8 heal_y;                /* row there */
  u8 last_milestone;        /* newest milestone bit */
  u8 milestone_count;       /* milestones set */
  u8 reserved0;             /* zero */
  u16 rng;                  /* state of the game's random numbers */
  u16 catches;              /* creatures tamed in the wild */
  u16 wins;                 /* battles won */
  u16 losses;               /* battles lost */
  u16 script_id;            /* script that runs, 0xFFFF = none */
  u16 text_id;              /* text shown last, 0xFFFF = none */
  u8 reserved1[2];          /* zero */
  u8 milestones[8];         /* bit m = milestone m happened (MS_*); only ever set */
  u8 flags[64];             /* 512 story flags; flag 1+i = leader i+1 beaten */
  u8 reserved2[8];          /* zero */
  Creature party[6];        /* the first party_count are real */
  u8 bag[40];               /* 20 pairs of item, quantity; item 0 ends the list */
  Creature enemy;           /* opponent in a battle */
  u32 milestone_frames[64]; /* value of `frame` when each milestone was first set */
  u16 canary;               /* 0xA55A: nothing wrote past the block */
} State;

#define S (*(State *)STATE_ADDRESS)

enum { MODE_BOOT, MODE_TITLE, MODE_WORLD, MODE_TEXT, MODE_MENU, MODE_BATTLE, MODE_TRANSITION };
enum { SUB_NONE, SUB_COMMAND, SUB_MOVES, SUB_BAG, SUB_PARTY };
enum { STATUS_NONE, STATUS_POISON, STATUS_SLEEP, STATUS_PARALYSIS };
enum { RESULT_NONE, RESULT_WON, RESULT_LOST, RESULT_CAUGHT, RESULT_FLED };
enum { BATTLE_NONE, BATTLE_WILD, BATTLE_TAMER };
enum { CRASH_NONE = 0, CRASH_BAD_WORLD = 0xBD, CRASH_STACK = 0xCA, CRASH_EMPTY_ROM = 0xEE };

/* Milestone bits: the same event has the same bit in every world. */
enum {
  MS_NEW_GAME = 0,    /* a new game was begun at the title */
  MS_STARTER = 1,     /* first creature received (script) */
  MS_FIRST_WIN = 2,   /* first battle won */
  MS_FIRST_CATCH = 3, /* first wild creature tamed */
  MS_FIRST_HEAL = 4,  /* first rest at a rest house after the starter */
  MS_EVOLUTION = 5,   /* first evolution */
  MS_TOWN = 8,        /* 8..15: town 1..8 entered (map) */
  MS_BADGE = 16,      /* 16..23: badge 1..8 received (script) */
  MS_QUEST = 24,      /* 24..31: quest object 1..8 obtained (script) */
  MS_CHAMPION = 63    /* the champion was beaten (script) */
};

/* Other fixed places in work RAM. */
#define OAM_SHADOW ((u8 *)0xC000)  /* 160 bytes of sprites, copied by DMA at VBlank */
#define DIAGNOSTICS 0xC0F0         /* ISR end line, main loop end line, u16 lag frames */
#define TYPE_CHART ((u8 *)0xC600)  /* copy of the chart, at most 15 x 15 */
#define TEXT_BUFFER ((u8 *)0xC700) /* 256 bytes */
#define UI_SHADOW ((u8 *)0xC800)   /* 18 rows x 20 ASCII characters */
#define UI_DIRTY ((u8 *)0xC968)    /* one flag a row */
#define TILE_ATTRIBUTES ((u8 *)0xC980) /* ATTR_* of 64 metatiles */
#define METATILES ((u8 *)0xCA00)   /* 64 x 4 tile ids: top left, top right, bottom left, bottom right */
#define VRAM_QUEUE ((u8 *)0xCB00)  /* 256 bytes, drained at VBlank */
#define MAP_EVENTS ((u8 *)0xCC00)  /* 1 KiB: the current map's events */
#define MAP_CELLS ((u8 *)0xD000)   /* 3 KiB: metatile ids, row-major */

#endif
