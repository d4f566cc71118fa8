#include "battle/battle.h"

#include "battle/fight.h"
#include "system/progress.h"
#include "system/system.h"
#include "system/text.h"
#include "system/ui.h"

u8 wild_level;
Fighter own, foe;
Trainer trainer;

void fighter_set(Fighter *fighter, Creature *creature) {
  u8 i;
  fighter->creature = creature;
  fighter->attack_stage = 0;
  fighter->defense_stage = 0;
  species_load(creature->species);
  for (i = 0; i != NAME_SIZE; i++) fighter->name[i] = species.name[i];
}

static void foe_make(u8 species_id, u8 level) {
  creature_make(&S.enemy, species_id, level);
  fighter_set(&foe, &S.enemy);
}

/* The tamer's next creature; 0 when none is left. */
static u8 next_of_team(void) {
  u8 *member = trainer.team[trainer.count - S.enemy_left];
  if (!S.enemy_left) return 0;
  S.enemy_left--;
  foe_make(member[0], member[1]);
  return 1;
}

static void foe_start(void) {
  S.enemy_left = 0;
  if (S.battle == BATTLE_TAMER) {
    fetch(&trainer, &world.trainers, (u16)S.battle_argument * sizeof(Trainer), sizeof(Trainer));
    S.enemy_left = trainer.count;
    next_of_team();
  } else {
    foe_make(S.battle_argument, wild_level);
  }
}

static void greet(void) {
  message_open();
  if (S.battle == BATTLE_TAMER) {
    line_start("");
    line_add_name(trainer.name, sizeof(trainer.name));
    message_line();
    message("wants to battle!");
  } else {
    line_start("A wild ");
    line_add_name(foe.name, NAME_SIZE);
    message_line();
    message("appeared!");
  }
  message_wait();
}

static void enter(void) {
  S.mode = MODE_BATTLE;
  S.sub = SUB_NONE;
  S.last_result = RESULT_NONE;
  S.turn = 1;
  fade_out();
  sprites_hide();
  own.is_foe = 0;
  foe.is_foe = 1;
  foe_start();
  S.active_slot = party_first_able();
  fighter_set(&own, &S.party[S.active_slot]);
  screen_load_portraits();
  screen_draw();
  ui_show(UI_ROWS);
  fade_in();
  greet();
}

static void leave(void) {
  fade_out();
  ui_hide();
  S.battle = BATTLE_NONE;
  S.mode = MODE_TRANSITION;
  S.turn = 0;
  S.enemy_left = 0;
}

static void win(void) {
  S.last_result = RESULT_WON;
  if (S.wins != 0xFFFF) S.wins++;
  milestone(MS_FIRST_WIN);
  if (S.battle != BATTLE_TAMER) return;
  S.money = add_capped(S.money, trainer.reward);
  line_start("You won ");
  line_add_number(trainer.reward);
  message_open();
  message_line();
  message("coins!");
  message_wait();
}

static void lose(void) {
  S.last_result = RESULT_LOST;
  if (S.losses != 0xFFFF) S.losses++;
}

static void foe_fainted(void) {
  message_open();
  message_subject(&foe);
  message("fainted!");
  message_wait();
  growth_gain();
  if (!next_of_team()) {
    win();
    return;
  }
  screen_load_portraits();
  screen_draw();
  message_open();
  message_subject(&foe);
  message("was sent out!");
  message_wait();
}

static void own_fainted(void) {
  message_open();
  message_subject(&own);
  message("fainted!");
  message_wait();
  if (party_first_able() != NOBODY) {
    replace_fainted();
    return;
  }
  message_open();
  message("You have nobody");
  message("left to fight...");
  message_wait();
  lose();
}

static u8 both_stand(void) { return own.creature->hp && foe.creature->hp; }

static u8 own_is_first(void) {
  if (own.creature->speed != foe.creature->speed) {
    return own.creature->speed > foe.creature->speed;
  }
  return random_byte() & 1;
}

static void own_turn(u8 action) {
  if (action <= ACTION_PLAIN && both_stand()) move_use(&own, &foe, action);
}

static void foe_turn(void) {
  if (both_stand()) move_use(&foe, &own, foe_choose_move());
}

static void exchange(u8 action) {
  if (action <= ACTION_PLAIN && own_is_first()) {
    own_turn(action);
    foe_turn();
  } else {
    foe_turn();
    own_turn(action);
  }
  poison_hurt(&foe);
  if (foe.creature->hp) poison_hurt(&own);
}

static void round_run(void) {
  u8 action = action_choose();
  if (S.last_result) return; /* tamed or fled */
  exchange(action);
  if (!foe.creature->hp) {
    foe_fainted();
  } else if (!own.creature->hp) {
    own_fainted();
  }
  if (S.turn != 255) S.turn++;
}

void battle_run(void) __banked {
  if (party_first_able() == NOBODY) { /* nobody can fight: lost before it begins */
    lose();
    S.battle = BATTLE_NONE;
    return;
  }
  enter();
  while (!S.last_result) round_run();
  leave();
}
