#include "system/creatures.h"

#include "system/system.h"
#include "system/ui.h"

#define TYPE_NAME_SIZE 8
#define LEVEL_MAX 99
#define LEARNSET 8

Species species;
Move move;

void species_load(u8 id) {
  fetch(&species, &world.species, (u16)id * sizeof(Species), sizeof(Species));
}

void move_load(u8 id) { fetch(&move, &world.moves, (u16)id * sizeof(Move), sizeof(Move)); }

static u8 value_at(u8 base, u8 level) {
  u16 value = (u16)base * 2 * level / 100 + 5;
  return value > 255 ? 255 : (u8)value;
}

void creature_update(Creature *creature) {
  u8 level = creature->level;
  u16 before = creature->max_hp;
  species_load(creature->species);
  creature->type = species.type;
  creature->catch_rate = species.catch_rate;
  creature->max_hp = (u16)species.hp * 2 * level / 100 + level + 10;
  creature->attack = value_at(species.attack, level);
  creature->defense = value_at(species.defense, level);
  creature->speed = value_at(species.speed, level);
  creature->special = value_at(species.special, level);
  if (creature->max_hp > before) creature->hp += creature->max_hp - before;
  if (creature->hp > creature->max_hp) creature->hp = creature->max_hp;
}

static void clear(Creature *creature) {
  u8 *byte = (u8 *)creature;
  u8 i;
  for (i = 0; i != sizeof(Creature); i++) *byte++ = 0;
}

/* Knows the last four moves that its species learns up to its level. */
static void learn_moves(Creature *creature) {
  u8 i, next = 0;
  for (i = 0; i != LEARNSET; i++) {
    u8 level = species.learnset[i][0];
    if (!level || level > creature->level) continue;
    creature->moves[next] = species.learnset[i][1];
    next = (next + 1) & (MOVES_MAX - 1);
  }
}

void creature_make(Creature *creature, u8 species_id, u8 level) {
  clear(creature);
  creature->species = species_id;
  creature->level = level > LEVEL_MAX ? LEVEL_MAX : level;
  creature_update(creature);
  learn_moves(creature);
  creature_restore(creature);
}

u16 creature_next_exp(const Creature *creature) {
  return (u16)creature->level * creature->level / 2 + 10;
}

void creature_restore(Creature *creature) {
  u8 i;
  creature->hp = creature->max_hp;
  creature->status = STATUS_NONE;
  creature->sleep_turns = 0;
  for (i = 0; i != MOVES_MAX; i++) {
    if (!creature->moves[i]) continue;
    move_load(creature->moves[i]);
    creature->pp[i] = move.pp;
  }
}

u8 creature_heal(Creature *creature, u8 amount) {
  if (!creature->hp || creature->hp == creature->max_hp) return 0;
  creature->hp += amount;
  if (creature->hp > creature->max_hp) creature->hp = creature->max_hp;
  return 1;
}

u8 creature_cure(Creature *creature) {
  if (!creature->hp || !creature->status) return 0;
  creature->status = STATUS_NONE;
  creature->sleep_turns = 0;
  return 1;
}

void party_restore(void) {
  u8 i;
  for (i = 0; i != S.party_count; i++) creature_restore(&S.party[i]);
}

u8 party_first_able(void) {
  u8 i;
  for (i = 0; i != S.party_count; i++) {
    if (S.party[i].hp) return i;
  }
  return NOBODY;
}

void creature_draw_name(u8 x, u8 y, u8 species_id) {
  ui_print_field(x, y, &world.species, (u16)species_id * sizeof(Species), NAME_SIZE);
}

static const char *const status_names[4] = {"   ", "PSN", "SLP", "PAR"};

void creature_draw_status(u8 x, u8 y, const Creature *creature) {
  ui_print(x, y, creature->hp ? status_names[creature->status & 3] : "FNT");
}

void type_draw_name(u8 x, u8 y, u8 type) {
  ui_print_field(x, y, &world.type_names, (u16)type * TYPE_NAME_SIZE, TYPE_NAME_SIZE);
}
