#include "battle/fight.h"
#include "system/progress.h"
#include "system/system.h"
#include "system/text.h"

#define LEVEL_MAX 99
#define LEARNSET 8

static u16 yield(void) {
  u16 gain;
  species_load(foe.creature->species);
  gain = (u16)species.exp * foe.creature->level / 6 + 1;
  if (S.battle == BATTLE_TAMER) gain += gain >> 1;
  return gain;
}

static u8 knows(const Creature *creature, u8 id) {
  u8 i;
  for (i = 0; i != MOVES_MAX; i++) {
    if (creature->moves[i] == id) return 1;
  }
  return 0;
}

/* An empty slot, or else that of the weakest move. */
static u8 slot_to_replace(const Creature *creature) {
  u8 i, weakest = 0, lowest = 255;
  for (i = 0; i != MOVES_MAX; i++) {
    if (!creature->moves[i]) return i;
    move_load(creature->moves[i]);
    if (move.power < lowest) {
      lowest = move.power;
      weakest = i;
    }
  }
  return weakest;
}

static void learn(Creature *creature, u8 id) {
  u8 slot = slot_to_replace(creature);
  message_open();
  message_subject(&own);
  if (creature->moves[slot]) {
    move_load(creature->moves[slot]);
    line_start("forgot ");
    line_add_name(move.name, sizeof(move.name));
    message_line();
    message("and");
  }
  move_load(id);
  creature->moves[slot] = id;
  creature->pp[slot] = move.pp;
  line_start("learned ");
  line_add_name(move.name, sizeof(move.name));
  line_add("!");
  message_line();
  message_wait();
}

static void learn_at_level(Creature *creature) {
  u8 i;
  species_load(creature->species);
  for (i = 0; i != LEARNSET; i++) {
    if (species.learnset[i][0] == creature->level && !knows(creature, species.learnset[i][1])) {
      learn(creature, species.learnset[i][1]);
    }
  }
}

static void evolve(Creature *creature) {
  message_open();
  message_subject(&own);
  message("evolved into");
  creature->species = species.evolve_to;
  creature_update(creature);
  fighter_set(&own, creature);
  line_start("");
  line_add_name(own.name, NAME_SIZE);
  line_add("!");
  message_line();
  milestone(MS_EVOLUTION);
  message_wait();
  screen_load_portraits();
  screen_draw();
}

static void evolve_at_level(Creature *creature) {
  species_load(creature->species);
  if (species.evolve_level && creature->level >= species.evolve_level) evolve(creature);
}

static void level_up(Creature *creature) {
  creature->exp -= creature_next_exp(creature);
  creature->level++;
  creature_update(creature);
  screen_values();
  message_open();
  message_subject(&own);
  line_start("grew to level ");
  line_add_number(creature->level);
  line_add("!");
  message_line();
  message_wait();
  learn_at_level(creature);
  evolve_at_level(creature);
}

void growth_gain(void) {
  Creature *creature = own.creature;
  u16 gain = yield();
  if (!creature->hp) return;
  creature->exp = add_capped(creature->exp, gain);
  message_open();
  message_subject(&own);
  line_start("gained ");
  line_add_number(gain);
  line_add(" EXP.");
  message_line();
  message_wait();
  while (creature->level < LEVEL_MAX && creature->exp >= creature_next_exp(creature)) {
    level_up(creature);
  }
}
