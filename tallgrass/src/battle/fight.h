#ifndef FIGHT_H
#define FIGHT_H
#include "state.h"
#include "system/creatures.h"

/* What the modules of a battle share. */

typedef struct {
  Creature *creature;
  u8 name[NAME_SIZE];
  i8 attack_stage;  /* -4 to 0 */
  i8 defense_stage; /* -4 to 0 */
  u8 is_foe;
} Fighter;

extern Fighter own, foe;
extern Trainer trainer; /* the tamer, in a tamer battle */

void fighter_set(Fighter *fighter, Creature *creature);

/* actions.c: what the player does with a turn. */
enum { ACTION_PLAIN = 4, ACTION_PASS, ACTION_NONE }; /* 0 to 3 = a move's slot; PASS = the turn is used up */
u8 action_choose(void);
void send_out(u8 slot);
void replace_fainted(void);

/* capture.c */
void orb_throw(void);

/* moves.c */
void move_use(Fighter *user, Fighter *target, u8 slot);
void poison_hurt(Fighter *fighter);
u8 effectiveness(u8 attack_type, u8 defend_type); /* tenths: 0, 5, 10 or 20 */
u8 has_uses_left(const Creature *creature);

/* growth.c */
void growth_gain(void); /* experience of a win over the foe, levels, moves, evolution */

/* foe_choice.c */
u8 foe_choose_move(void);

/* screen.c */
void screen_draw(void);                  /* all of it */
void screen_draw_own(void);              /* the lower half, after a menu that covered it */
void screen_load_portraits(void);
void screen_values(void);                /* names, levels, bars */
void screen_animate_loss(Fighter *fighter, u16 before); /* the bar runs from `before` to its value */
void message_open(void);                 /* empty the box */
void message(const char *text);          /* one more line; a full box waits and is emptied */
void message_line(void);                 /* the same with what line_start() began */
void message_subject(const Fighter *fighter);
void message_wait(void);                 /* wait for a button, then empty the box */
void message_alone(const char *text);    /* open, one line, wait */

#endif
