/* SPDX-License-Identifier: MIT */
/* table.c - console.table: rows and columns in boxes.
 *
 * First the columns are found, then every cell is written into one text, row after row; then the widths
 * are known. Rows and columns stand in the order of inspect: elements, then keys by their bytes. */
#include "console.h"
#include "../core/class.h"
#include "../core/error.h"
#include "../inspect/inspect.h"
#include "../inspect/width.h"

#include <limits.h>
#include <string.h>

enum { MAX_CELLS = 1 << 22, CELL_ELEMENTS = 3 };

typedef struct Cell {
  size_t start, len, width; /* in text */
} Cell;

typedef struct Grid {
  lua_State *L;
  StrBuf *text, *cells; /* both owned by Lua; cells: row after row, the head first */
  int data, keys,
      columns; /* stack: the rows' table, the list of its keys, the list of columns' keys */
  int row_count, column_count;
  bool values; /* a last column for rows that are no tables */
  bool chosen; /* the caller named the columns */
  const InspectOptions *look;
} Grid;

/* ---- columns ---- */

/* Pushes the list of the keys in all rows, and sees whether there are rows that are no tables. [+1] */
static void find_columns(Grid *g) {
  lua_State *L = g->L;
  lua_newtable(L);
  int all = lua_gettop(L);
  for (int i = 1; i <= g->row_count; i++) {
    lua_rawgeti(L, g->keys, i);
    lua_rawget(L, g->data);
    if (!lua_istable(L, -1)) {
      g->values = true;
    } else {
      for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
        if (lua_islightuserdata(L, -2)) continue;
        lua_pushvalue(L, -2);
        lua_pushboolean(L, true);
        lua_rawset(L, all);
      }
    }
    lua_settop(L, all);
  }
  g->column_count = inspect_push_keys(L, all);
  lua_remove(L, all);
}

/* Pushes the list of the columns named by the caller, each once. [+1] */
static void take_columns(Grid *g, int named) {
  lua_State *L = g->L;
  lua_newtable(L);
  lua_newtable(L);
  int seen = lua_gettop(L), list = seen - 1;
  lua_Integer n = (lua_Integer)lua_rawlen(L, named);
  for (lua_Integer i = 1; i <= n && i <= MAX_CELLS; i++) {
    if (lua_rawgeti(L, named, i) == LUA_TNIL) break;
    lua_pushvalue(L, -1);
    if (lua_rawget(L, seen) == LUA_TNIL) {
      lua_pushvalue(L, -2);
      lua_pushboolean(L, true);
      lua_rawset(L, seen);
      lua_pushvalue(L, -2);
      lua_rawseti(L, list, ++g->column_count);
    }
    lua_settop(L, seen);
  }
  lua_pop(L, 1);
}

/* ---- cells ---- */

static void end_cell(Grid *g, size_t start) {
  Cell cell = { .start = start, .len = g->text->len - start };
  if (cell.len > 0) cell.width = text_width(g->text->p + start, cell.len);
  strbuf_add(g->cells, &cell, sizeof cell);
}

static void add_text_cell(Grid *g, const char *text) {
  size_t start = g->text->len;
  strbuf_adds(g->text, text);
  end_cell(g, start);
}

/* The key on top of the stack. [-1] */
static void add_key_cell(Grid *g) {
  size_t start = g->text->len, len;
  if (lua_type(g->L, -1) == LUA_TSTRING) {
    const char *s = lua_tolstring(g->L, -1, &len);
    strbuf_add(g->text, s, len);
  } else {
    inspect_append(g->L, -1, g->text, NULL);
  }
  lua_pop(g->L, 1);
  end_cell(g, start);
}

static bool is_large(lua_State *L, int idx) {
  int n = 0;
  for (lua_pushnil(L); lua_next(L, idx); lua_pop(L, 1))
    if (++n > 2) {
      lua_pop(L, 2);
      return lua_rawlen(L, idx) == 0;
    }
  return false;
}

/* The value on top of the stack on one line, nil: an empty cell. [-1] */
static void add_value_cell(Grid *g) {
  size_t start = g->text->len;
  InspectOptions opt = *g->look;
  opt.break_length = 1 << 30;
  opt.max_array = CELL_ELEMENTS;
  opt.depth = lua_istable(g->L, -1) && is_large(g->L, lua_gettop(g->L)) ? -1 : 0;
  if (!lua_isnil(g->L, -1)) inspect_append(g->L, -1, g->text, &opt);
  lua_pop(g->L, 1);
  end_cell(g, start);
}

static void add_head(Grid *g) {
  add_text_cell(g, "(index)");
  for (int c = 1; c <= g->column_count; c++) {
    lua_rawgeti(g->L, g->columns, c);
    add_key_cell(g);
  }
  if (g->values) add_text_cell(g, "Values");
}

static void add_row(Grid *g, int row) {
  lua_State *L = g->L;
  lua_rawgeti(L, g->keys, row);
  lua_pushvalue(L, -1);
  lua_rawget(L, g->data);
  int key = lua_gettop(L) - 1, value = key + 1;
  lua_pushvalue(L, key);
  add_key_cell(g);
  bool opened = lua_istable(L, value);
  for (int c = 1; c <= g->column_count; c++) {
    lua_rawgeti(L, g->columns, c);
    if (opened && !lua_isnil(L, -1)) lua_rawget(L, value);
    else {
      lua_pop(L, 1);
      lua_pushnil(L);
    }
    add_value_cell(g);
  }
  if (g->values) {
    if (opened) lua_pushnil(L);
    else lua_pushvalue(L, value);
    add_value_cell(g);
  }
  lua_settop(L, key - 1);
}

/* ---- drawing ---- */

static const Cell *cell_at(const Grid *g, int width, int row, int column) {
  return (const Cell *)(const void *)g->cells->p + (size_t)row * (size_t)width + (size_t)column;
}

static size_t column_width(const Grid *g, int width, int column) {
  size_t most = 0;
  for (int row = 0; row <= g->row_count; row++) {
    const Cell *cell = cell_at(g, width, row, column);
    if (cell->width > most) most = cell->width;
  }
  return most;
}

static void add_blanks(StrBuf *out, size_t n) {
  while (n-- > 0) strbuf_addc(out, ' ');
}

static void draw_line(StrBuf *out, const size_t *widths, int count, const char *left,
                      const char *middle, const char *right) {
  strbuf_adds(out, left);
  for (int c = 0; c < count; c++) {
    if (c > 0) strbuf_adds(out, middle);
    for (size_t i = 0; i < widths[c] + 2; i++) strbuf_adds(out, "─");
  }
  strbuf_adds(out, right);
}

static void draw_row(const Grid *g, StrBuf *out, const size_t *widths, int count, int row) {
  for (int c = 0; c < count; c++) {
    const Cell *cell = cell_at(g, count, row, c);
    strbuf_adds(out, c > 0 ? " │ " : "│ ");
    if (cell->len > 0) strbuf_add(out, g->text->p + cell->start, cell->len);
    add_blanks(out, widths[c] - cell->width);
  }
  strbuf_adds(out, " │\n");
}

static void draw(const Grid *g, StrBuf *out) {
  int count = 1 + g->column_count + g->values;
  size_t *widths = lua_newuserdatauv(g->L, (size_t)count * sizeof *widths, 0);
  for (int c = 0; c < count; c++) widths[c] = column_width(g, count, c);
  draw_line(out, widths, count, "┌", "┬", "┐\n");
  draw_row(g, out, widths, count, 0);
  draw_line(out, widths, count, "├", "┼", "┤\n");
  for (int row = 1; row <= g->row_count; row++) draw_row(g, out, widths, count, row);
  draw_line(out, widths, count, "└", "┴", "┘");
  lua_pop(g->L, 1);
}

bool console_add_table(lua_State *L, int data, int columns, const InspectOptions *look, StrBuf *out) {
  if (!lua_istable(L, data)) return false;
  luaL_checkstack(L, 20, "table");
  int top = lua_gettop(L);
  Grid g = { .L = L, .data = data, .chosen = lua_istable(L, columns), .look = look };
  g.text = strbuf_new_lua(L);
  g.cells = strbuf_new_lua(L);
  g.row_count = inspect_push_keys(L, data);
  g.keys = lua_gettop(L);
  if (g.chosen) take_columns(&g, columns);
  else find_columns(&g);
  g.columns = lua_gettop(L);
  if ((double)(g.row_count + 1) * (g.column_count + 2) > MAX_CELLS)
    err_raise(L, &range_error_class, "ERR_OUT_OF_RANGE",
              "%d rows of %d columns are too many to show", g.row_count, g.column_count);
  add_head(&g);
  for (int row = 1; row <= g.row_count; row++) add_row(&g, row);
  if (g.text->failed || g.cells->failed) luaL_error(L, "not enough memory");
  draw(&g, out);
  lua_settop(L, top);
  return true;
}
