/* SPDX-License-Identifier: MIT */
/* table.h - a table that fits the terminal: no line is wrapped, columns that have no room are left out.
 *
 * Cells are added row by row; table_draw finds the widths and writes. Wide columns are cut first, then
 * those with the highest rank go. */
#ifndef MOONFORK_VIEW_TABLE_H
#define MOONFORK_VIEW_TABLE_H

#include "view.h"

typedef struct TableColumn {
  const char *title;
  int least, most; /* columns: not cut below; not wider than (0: no limit) */
  int rank;        /* the highest goes first when there is no room; 0 always stays */
  bool right;
} TableColumn;

enum { TABLE_COLUMNS = 16 };

typedef struct TableCell {
  size_t start, len; /* in Table.text */
  Style style;
} TableCell;

typedef struct Table {
  const TableColumn *columns; /* borrowed; ends with a NULL title */
  int count;                  /* of the columns */
  TableCell *cells;           /* owns */
  size_t ncells, space;
  StrBuf text;
  size_t selected;            /* row, SIZE_MAX: none */
  bool marks;                 /* a first column with `>` in the selected row */
  bool failed;
} Table;

void table_begin(Table *t, const TableColumn *columns);
void table_cell(Table *t, Style style, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* The row that the next cell is in. */
size_t table_row(const Table *t);

/* Appends titles and rows, at most `rows` lines (0: all), with the selected row among them; the last line says
 * how many are out of sight. Frees. */
void table_draw(Table *t, const ViewSize *size, int rows, StrBuf *out);

#endif
