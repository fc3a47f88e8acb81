/* SPDX-License-Identifier: MIT */
/* docs.c - see docs.h. */
#include "docs.h"
#include "../commands/commands.h"
#include "../../modules/builtins.h"
#include "../../modules/core/class.h"
#include "../../modules/core/runtime.h"

#include <string.h>

typedef struct Walk {
  void (*fn)(const DocRow *row, void *ctx);
  void *ctx;
} Walk;

static void visit_functions(const Walk *walk, const char *owner, const ClassDef *cls, const FnDef *rows) {
  for (const FnDef *f = rows; f && f->name; f++) {
    DocRow row = { .kind = f->kind == FN_METHOD ? DOC_METHOD : DOC_FUNCTION, .owner = owner,
                   .name = f->name, .sig = f->sig, .doc = f->doc, .fn = f, .cls = cls };
    walk->fn(&row, walk->ctx);
  }
}

static void visit_props(const Walk *walk, const char *owner, const ClassDef *cls, const PropDef *rows) {
  for (const PropDef *p = rows; p && p->name; p++) {
    DocRow row = { .kind = DOC_PROPERTY, .owner = owner, .name = p->name, .sig = p->type, .doc = p->doc,
                   .cls = cls };
    walk->fn(&row, walk->ctx);
  }
}

static void visit_class(const ClassDef *cls, void *ctx) {
  const Walk *walk = ctx;
  DocRow row = { .kind = DOC_CLASS, .name = cls->name, .doc = cls->doc, .cls = cls };
  walk->fn(&row, walk->ctx);
  visit_functions(walk, cls->name, cls, cls->methods);
  visit_props(walk, cls->name, cls, cls->props);
  for (const EventDef *e = cls->events; e && e->name; e++) {
    DocRow event = { .kind = DOC_EVENT, .owner = cls->name, .name = e->name, .sig = e->args, .doc = e->doc,
                     .cls = cls };
    walk->fn(&event, walk->ctx);
  }
}

static void visit_module(const Walk *walk, const ModuleDef *m) {
  const char *owner = strcmp(m->name, "_G") ? m->name : NULL;
  DocRow row = { .kind = DOC_MODULE, .name = m->name, .doc = m->doc, .module = m };
  if (owner) walk->fn(&row, walk->ctx);
  visit_functions(walk, owner, NULL, m->functions);
  visit_props(walk, owner, NULL, m->constants);
}

static void visit_texts(const Walk *walk, DocKind kind, const TextDef *texts) {
  for (const TextDef *t = texts; t->name; t++) {
    DocRow row = { .kind = kind, .owner = t->owner, .name = t->name, .sig = t->sig, .doc = t->doc };
    walk->fn(&row, walk->ctx);
  }
}

void docs_each(lua_State *L, void (*fn)(const DocRow *row, void *ctx), void *ctx) {
  Walk walk = { fn, ctx };
  luaL_checkstack(L, 20, "documentation");
  for (const ModuleDef *const *m = builtin_modules; *m; m++)
    if (rt_require_builtin(L, (*m)->name)) lua_pop(L, 1); /* registers its classes */
  for (const ModuleDef *const *m = builtin_modules; *m; m++) visit_module(&walk, *m);
  class_each(L, visit_class, &walk);
  visit_texts(&walk, DOC_FUNCTION, stock_defs);
  visit_texts(&walk, DOC_CODE, code_defs);
  for (const CommandDef *c = command_defs; c->name; c++) {
    DocRow row = { .kind = DOC_COMMAND, .name = c->name, .sig = c->args, .doc = c->doc };
    fn(&row, ctx);
  }
}

const char *docs_separator(const DocRow *row) {
  if (!row->owner) return "";
  bool colon = row->kind == DOC_METHOD && !(row->cls && (row->cls->singleton || row->cls->bound));
  return colon ? ":" : ".";
}

static bool same_owner(const DocRow *row, const char *qualifier) {
  if (!row->owner) return false;
  if (!strcmp(qualifier, "cp")) qualifier = "child_process";
  if (!strcmp(row->owner, qualifier)) return true;
  return row->cls && (row->cls->singleton || row->cls->bound) && !strcasecmp(row->owner, qualifier); /* process, Process */
}

bool docs_match(const DocRow *row, const char *qualifier, const char *name) {
  if (!*qualifier && !strcmp(name, "cp")) name = "child_process";
  return !strcmp(row->name, name) && (!*qualifier || same_owner(row, qualifier));
}
