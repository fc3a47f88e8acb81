/* SPDX-License-Identifier: MIT */
/* docs.h - everything that has documentation, as one sequence of rows.
 *
 * Modules, classes and their members come from the registration rows, Lua's own functions, error codes
 * and the prompt's commands from tables here. All modules are opened for it. */
#ifndef MOONFORK_DOCS_H
#define MOONFORK_DOCS_H

#include <stdbool.h>
#include <lua.h>
#include "../../modules/core/doc.h"

typedef enum DocKind {
  DOC_MODULE, DOC_CLASS, DOC_FUNCTION, DOC_METHOD, DOC_PROPERTY, DOC_EVENT, DOC_CODE, DOC_COMMAND
} DocKind;

typedef struct DocRow {
  DocKind kind;
  const char *owner;        /* module or class, NULL for what has none */
  const char *name;
  const char *sig;          /* signature, type of a property, arguments of an event; NULL: none */
  const char *doc;
  const FnDef *fn;          /* of functions and methods that have one */
  const ClassDef *cls;      /* of DOC_CLASS, and the class of a member */
  const ModuleDef *module;  /* of DOC_MODULE */
  const GlobalDef *global;  /* the global name under which the row is shown a second time, or NULL */
} DocRow;

/* Visits all rows. The strings live as long as the program. */
void docs_each(lua_State *L, void (*fn)(const DocRow *row, void *ctx), void *ctx);

/* `owner.name` or `owner:name` as it is typed. */
const char *docs_separator(const DocRow *row);

/* Is the row what `qualifier.name` (or name alone, qualifier empty) asks for? */
bool docs_match(const DocRow *row, const char *qualifier, const char *name);

typedef struct TextDef {
  const char *owner, *name, *sig, *doc;
} TextDef;

extern const TextDef stock_defs[]; /* Lua's own functions; ends with a NULL name */
extern const TextDef code_defs[];  /* error codes and signals; ends with a NULL name */

#endif
