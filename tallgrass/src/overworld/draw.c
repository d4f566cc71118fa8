#include "overworld/draw.h"

#include "overworld/map.h"
#include "overworld/walk.h"
#include "system/queue.h"
#include "system/system.h"

#define VIEW_COLUMNS 10
#define VIEW_ROWS 9
#define RING_TILES 32
#define PLAYER_LEFT 64
#define PLAYER_TOP 60
#define STEP_TILES 12     /* sprite tiles between the player's two walking steps */
#define PEOPLE_TILES 24   /* first sprite tile of people */
#define PERSON_TILES 12
#define FLIPPED 0x20
#define OAM_SIZE 160

static u8 camera_x, camera_y; /* cell in the screen's top left corner; wraps */

static const u8 *tiles_of(u8 x, u8 y) { return METATILES + ((u16)map_cell(x, y) << 2); }

/* Place of a cell's top left tile in the ring. */
static u16 ring_place(u8 x, u8 y) {
  return WORLD_MAP + ((u16)(y & 15) << 6) + ((x & 15) << 1);
}

static void draw_cell_directly(u8 x, u8 y) {
  const u8 *tiles = tiles_of(x, y);
  u8 *to = (u8 *)ring_place(x, y);
  to[0] = tiles[0];
  to[1] = tiles[1];
  to[RING_TILES] = tiles[2];
  to[RING_TILES + 1] = tiles[3];
}

void draw_all(void) {
  u8 column, row;
  draw_centre();
  for (row = 0; row != VIEW_ROWS; row++) {
    for (column = 0; column != VIEW_COLUMNS; column++) {
      draw_cell_directly(camera_x + column, camera_y + row);
    }
  }
  h_scroll_x = camera_x << 4;
  h_scroll_y = camera_y << 4;
}

void draw_cell(u8 x, u8 y) {
  const u8 *tiles = tiles_of(x, y);
  u16 to = ring_place(x, y);
  if (S.mode == MODE_TRANSITION) return; /* draw_all follows */
  if ((u8)(x - camera_x) >= VIEW_COLUMNS || (u8)(y - camera_y) >= VIEW_ROWS) return;
  queue_open();
  queue_row(to, tiles, 2);
  queue_row(to + RING_TILES, tiles + 2, 2);
  queue_commit();
}

static u8 near_tiles[2 * VIEW_COLUMNS], far_tiles[2 * VIEW_COLUMNS];

/* Queues one tile row in up to two parts, as the ring wraps. */
static void queue_ring_row(u16 start, u8 offset, const u8 *tiles) {
  u8 part = RING_TILES - offset;
  if (part > 2 * VIEW_COLUMNS) part = 2 * VIEW_COLUMNS;
  queue_row(start + offset, tiles, part);
  if (part != 2 * VIEW_COLUMNS) queue_row(start, tiles + part, 2 * VIEW_COLUMNS - part);
}

static void queue_ring_column(u16 start, u8 offset, const u8 *tiles) {
  u8 part = RING_TILES - offset;
  if (part > 2 * VIEW_ROWS) part = 2 * VIEW_ROWS;
  queue_column(start + ((u16)offset << 5), tiles, part);
  if (part != 2 * VIEW_ROWS) queue_column(start, tiles + part, 2 * VIEW_ROWS - part);
}

static void draw_row(u8 y) {
  u8 *top = near_tiles, *bottom = far_tiles;
  u8 x = camera_x;
  u8 offset = (camera_x & 15) << 1;
  u16 start = WORLD_MAP + ((u16)(y & 15) << 6);
  u8 i;
  for (i = 0; i != VIEW_COLUMNS; i++) {
    const u8 *tiles = tiles_of(x++, y);
    *top++ = tiles[0];
    *top++ = tiles[1];
    *bottom++ = tiles[2];
    *bottom++ = tiles[3];
  }
  queue_ring_row(start, offset, near_tiles);
  queue_ring_row(start + RING_TILES, offset, far_tiles);
}

static void draw_column(u8 x) {
  u8 *left = near_tiles, *right = far_tiles;
  u8 y = camera_y;
  u8 offset = (camera_y & 15) << 1;
  u16 start = WORLD_MAP + ((x & 15) << 1);
  u8 i;
  for (i = 0; i != VIEW_ROWS; i++) {
    const u8 *tiles = tiles_of(x, y++);
    *left++ = tiles[0];
    *left++ = tiles[2];
    *right++ = tiles[1];
    *right++ = tiles[3];
  }
  queue_ring_column(start, offset, near_tiles);
  queue_ring_column(start + 1, offset, far_tiles);
}

void draw_ahead(u8 direction) {
  queue_open();
  switch (direction) {
    case DOWN: draw_row(camera_y + VIEW_ROWS); break;
    case UP: draw_row(camera_y - 1); break;
    case LEFT: draw_column(camera_x - 1); break;
    default: draw_column(camera_x + VIEW_COLUMNS); break;
  }
  queue_commit();
}

void draw_scroll(u8 direction, u8 pixels) {
  switch (direction) {
    case DOWN: h_scroll_y += pixels; break;
    case UP: h_scroll_y -= pixels; break;
    case LEFT: h_scroll_x -= pixels; break;
    default: h_scroll_x += pixels; break;
  }
}

void draw_centre(void) {
  camera_x = S.x - 4;
  camera_y = S.y - 4;
}

static u8 *next_sprite;

static void put_half(u8 x, u8 y, u8 tile, u8 flags) {
  *next_sprite++ = y + 16;
  *next_sprite++ = x + 8;
  *next_sprite++ = tile;
  *next_sprite++ = flags;
}

/* A figure has three pictures of 4 tiles: down, up, left; right is left mirrored. */
static void put_figure(u8 x, u8 y, u8 tile, u8 facing) {
  if (next_sprite == OAM_SHADOW + OAM_SIZE) return;
  if (facing == RIGHT) {
    put_half(x, y, tile + 10, FLIPPED);
    put_half(x + 8, y, tile + 8, FLIPPED);
    return;
  }
  tile += facing << 2;
  put_half(x, y, tile, 0);
  put_half(x + 8, y, tile + 2, 0);
}

static u8 shift_x, shift_y; /* how far a step has moved the view already */

static void set_shift(u8 pixels) {
  shift_x = 0;
  shift_y = 0;
  switch (S.facing) {
    case DOWN: shift_y = -pixels; break;
    case UP: shift_y = pixels; break;
    case LEFT: shift_x = pixels; break;
    default: shift_x = -pixels; break;
  }
}

static void put_person(const Npc *person) {
  u8 column = person->x - camera_x;
  u8 row = person->y - camera_y;
  if ((u8)(column + 1) > VIEW_COLUMNS + 1 || (u8)(row + 1) > VIEW_ROWS + 1) return;
  if (!person_is_here(person)) return;
  put_figure((column << 4) + shift_x, (row << 4) + shift_y - 4,
             PEOPLE_TILES + person->sprite * PERSON_TILES, person->facing & 3);
}

/* Hides what the last drawing used and this one does not. */
static void hide_the_rest(void) {
  static u8 *used; /* 0 at first: everything is hidden at power-on */
  u8 *sprite = next_sprite;
  for (; sprite < used; sprite += 4) *sprite = 0;
  used = next_sprite;
}

void draw_sprites(u8 pixels) {
  const Npc *person = people;
  u8 i;
  next_sprite = OAM_SHADOW;
  set_shift(pixels);
  put_figure(PLAYER_LEFT, PLAYER_TOP, pixels & 8 ? STEP_TILES : 0, S.facing);
  for (i = 0; i != person_count; i++) put_person(person++);
  hide_the_rest();
}
