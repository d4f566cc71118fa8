#include "battle/fight.h"
#include "system/system.h"
#include "system/text.h"

#define LOWEST_STAGE -4
#define PLAIN_ATTACK 1
#define STATUS_OFTEN 230 /* of 256, by a move without power */
#define STATUS_SELDOM 77 /* by a move with power */
#define PARALYSIS_CHANCE 64

u8 effectiveness(u8 attack_type, u8 defend_type) {
  return TYPE_CHART[(u16)attack_type * world.type_count + defend_type];
}

u8 has_uses_left(const Creature *creature) {
  return creature->pp[0] | creature->pp[1] | creature->pp[2] | creature->pp[3];
}

/* A value lowered by stages: 2/2, 2/3, 2/4, 2/5, 2/6. */
static u16 staged(u8 value, i8 stage) {
  u8 divisor = (u8)(2 - stage);
  return (u16)value * 2 / divisor;
}

static u16 damage(const Fighter *user, const Fighter *target, u8 effect) {
  const Creature *attacker = user->creature;
  u16 attack = staged(attacker->attack, user->attack_stage);
  u16 defense = staged(target->creature->defense, target->defense_stage);
  u32 result = (u32)((u16)attacker->level * 2 / 5 + 2) * move.power;
  result = result * attack / (defense ? defense : 1) / 50 + 2;
  if (move.type == attacker->type) result += result >> 1;
  result = result * effect / 10;
  result = result * (u8)(217 + random_byte() % 39u) / 255;
  return result ? (u16)result : 1;
}

static void say_effect(u8 effect) {
  if (effect > 10) {
    message("It's super");
    message("effective!");
  } else if (effect < 10) {
    message("It's not very");
    message("effective...");
  }
}

/* 0 when the target is immune. */
static u8 strike(const Fighter *user, Fighter *target, u8 effect) {
  Creature *creature = target->creature;
  u16 before = creature->hp;
  u16 loss;
  if (!effect) {
    message("It has no effect.");
    return 0;
  }
  loss = damage(user, target, effect);
  creature->hp = before > loss ? before - loss : 0;
  screen_animate_loss(target, before);
  say_effect(effect);
  return 1;
}

static u8 status_works(const Creature *creature) {
  if (creature->status) return 0;
  return random_byte() < (move.power ? STATUS_SELDOM : STATUS_OFTEN);
}

static void say_of(const Fighter *fighter, const char *text) {
  message_subject(fighter);
  message(text);
}

static void put_to_sleep(Fighter *target) {
  target->creature->status = STATUS_SLEEP;
  target->creature->sleep_turns = 1 + (random_byte() & 3);
  say_of(target, "fell asleep!");
}

static void put_status(Fighter *target, u8 status) {
  target->creature->status = status;
  say_of(target, status == STATUS_POISON ? "was poisoned!" : "is paralysed!");
}

static void lower(Fighter *target, i8 *stage, const char *text) {
  if (*stage == LOWEST_STAGE) {
    message("Nothing happened.");
    return;
  }
  (*stage)--;
  say_of(target, text);
}

static void recover(Fighter *user) {
  Creature *creature = user->creature;
  creature->hp += creature->max_hp >> 1;
  if (creature->hp > creature->max_hp) creature->hp = creature->max_hp;
  say_of(user, "recovered health!");
}

/* A move of status alone says so when nothing comes of it. */
static void say_failure(void) {
  if (!move.power) message("But it failed!");
}

static void try_status(Fighter *target, u8 status) {
  if (status_works(target->creature)) {
    put_status(target, status);
  } else {
    say_failure();
  }
}

static void try_sleep(Fighter *target) {
  if (target->creature->status) {
    say_failure();
  } else {
    put_to_sleep(target);
  }
}

static void side_effect(Fighter *user, Fighter *target) {
  if (move.effect == EFFECT_RECOVER) {
    recover(user);
    return;
  }
  if (!target->creature->hp) return;
  switch (move.effect) {
    case EFFECT_POISON: try_status(target, STATUS_POISON); break;
    case EFFECT_PARALYSE: try_status(target, STATUS_PARALYSIS); break;
    case EFFECT_SLEEP: try_sleep(target); break;
    case EFFECT_LOWER_ATTACK: lower(target, &target->attack_stage, "lost attack!"); break;
    case EFFECT_LOWER_DEFENSE: lower(target, &target->defense_stage, "lost defense!"); break;
    default: break;
  }
}

/* 1 when sleep or paralysis costs the turn. */
static u8 cannot_move(Fighter *fighter) {
  Creature *creature = fighter->creature;
  if (creature->status == STATUS_SLEEP) {
    if (creature->sleep_turns) {
      creature->sleep_turns--;
      say_of(fighter, "is fast asleep.");
      return 1;
    }
    creature->status = STATUS_NONE;
    say_of(fighter, "woke up!");
  }
  if (creature->status == STATUS_PARALYSIS && random_byte() < PARALYSIS_CHANCE) {
    say_of(fighter, "cannot move!");
    return 1;
  }
  return 0;
}

static void load_used_move(Creature *creature, u8 slot) {
  if (slot == ACTION_PLAIN) {
    move_load(PLAIN_ATTACK);
    return;
  }
  move_load(creature->moves[slot]);
  if (creature->pp[slot]) creature->pp[slot]--;
}

static void say_use(const Fighter *user) {
  message_subject(user);
  line_start("used ");
  line_add_name(move.name, sizeof(move.name));
  line_add("!");
  message_line();
}

static u8 misses(void) { return move.accuracy < 100 && random_byte() % 100u >= move.accuracy; }

/* The plain attack of a creature without uses strikes every type, so that no battle can stall. */
static void carry_out(Fighter *user, Fighter *target, u8 slot) {
  u8 effect = 10;
  if (slot != ACTION_PLAIN) effect = effectiveness(move.type, target->creature->type);
  if (misses()) {
    message("But it missed!");
  } else if (!move.power || strike(user, target, effect)) {
    side_effect(user, target);
  }
}

void move_use(Fighter *user, Fighter *target, u8 slot) {
  message_open();
  if (!cannot_move(user)) {
    load_used_move(user->creature, slot);
    say_use(user);
    carry_out(user, target, slot);
  }
  screen_values();
  message_wait();
}

void poison_hurt(Fighter *fighter) {
  Creature *creature = fighter->creature;
  u16 before = creature->hp;
  u16 loss = creature->max_hp >> 3;
  if (!before || creature->status != STATUS_POISON) return;
  if (!loss) loss = 1;
  creature->hp = before > loss ? before - loss : 0;
  message_open();
  message_subject(fighter);
  message("is hurt by poison.");
  screen_animate_loss(fighter, before);
  message_wait();
}
