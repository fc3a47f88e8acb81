/* SPDX-License-Identifier: MIT */
/* dump.c - see dump.h. The rows are those that registration walks; a class belongs to the module that
 * names it, else to the module whose opening registered it. */
#include "dump.h"
#include "../../modules/builtins.h"
#include "../../modules/core/class.h"
#include "../../modules/core/runtime.h"
#include "../../modules/core/strbuf.h"

#include <string.h>

typedef struct Dump {
  lua_State *L;
  StrBuf *out;
  const char *module; /* the one whose classes are being written */
  int seen;           /* stack index of the set of ClassDefs already written */
} Dump;

/* ---- text ---- */

/* `  name = "text", ` or nothing when there is no text. */
static void put_text(StrBuf *out, const char *name, const char *text) {
  if (!text) return;
  strbuf_addf(out, "%s = \"", name);
  for (; *text; text++) {
    if (*text == '\n') strbuf_adds(out, "\\n");
    else if (*text == '"' || *text == '\\') strbuf_addf(out, "\\%c", *text);
    else strbuf_addc(out, *text);
  }
  strbuf_adds(out, "\", ");
}

static void put_flag(StrBuf *out, const char *name, bool set) {
  if (set) strbuf_addf(out, "%s = true, ", name);
}

/* ---- rows ---- */

static void put_options(StrBuf *out, const OptDef *rows) {
  if (!rows) return;
  strbuf_adds(out, "options = {\n");
  for (const OptDef *o = rows; o->name; o++) {
    strbuf_adds(out, "        { ");
    put_text(out, "name", o->name);
    put_text(out, "type", o->type);
    put_text(out, "fallback", o->fallback);
    put_text(out, "doc", o->doc);
    strbuf_adds(out, "},\n");
  }
  strbuf_adds(out, "      }, ");
}

static void put_functions(StrBuf *out, const char *name, const FnDef *rows) {
  strbuf_addf(out, "    %s = {\n", name);
  for (const FnDef *f = rows; f && f->name; f++) {
    strbuf_adds(out, "      { ");
    put_text(out, "name", f->name);
    put_flag(out, "method", f->kind == FN_METHOD);
    put_text(out, "sig", f->sig);
    put_text(out, "doc", f->doc);
    put_text(out, "example", f->example);
    put_text(out, "differs", f->differs);
    put_options(out, f->options);
    strbuf_adds(out, "},\n");
  }
  strbuf_adds(out, "    },\n");
}

static void put_props(StrBuf *out, const char *name, const PropDef *rows) {
  strbuf_addf(out, "    %s = {\n", name);
  for (const PropDef *p = rows; p && p->name; p++) {
    strbuf_adds(out, "      { ");
    put_text(out, "name", p->name);
    put_text(out, "type", p->type);
    put_flag(out, "writable", p->set != NULL);
    put_text(out, "doc", p->doc);
    strbuf_adds(out, "},\n");
  }
  strbuf_adds(out, "    },\n");
}

static void put_events(StrBuf *out, const EventDef *rows) {
  strbuf_adds(out, "    events = {\n");
  for (const EventDef *e = rows; e && e->name; e++) {
    strbuf_adds(out, "      { ");
    put_text(out, "name", e->name);
    put_text(out, "args", e->args ? e->args : "");
    put_text(out, "doc", e->doc);
    strbuf_adds(out, "},\n");
  }
  strbuf_adds(out, "    },\n");
}

/* ---- classes and modules ---- */

static bool is_among(const ClassDef *const *list, const ClassDef *def) {
  while (list && *list && *list != def) list++;
  return list && *list;
}

/* The module that names the class, else the one that is being opened. */
static const char *owner_of(const ClassDef *def, const char *opening) {
  for (const ModuleDef *const *m = builtin_modules; *m; m++)
    if (is_among((*m)->classes, def) || is_among((*m)->objects, def)) return (*m)->name;
  return opening;
}

static void put_class(const ClassDef *c, void *ctx) {
  Dump *d = ctx;
  if (c->abstract && !c->doc) return; /* no script ever sees one */
  StrBuf *out = d->out;
  luaL_checkstack(d->L, 4, "dump");
  bool seen = lua_rawgetp(d->L, d->seen, c) != LUA_TNIL;
  lua_pop(d->L, 1);
  if (seen) return;
  lua_pushboolean(d->L, true);
  lua_rawsetp(d->L, d->seen, c);
  if (c->base) put_class(c->base, ctx);
  if (c->also) put_class(c->also, ctx);
  strbuf_adds(out, "  { ");
  put_text(out, "name", c->name);
  put_text(out, "module", owner_of(c, d->module));
  put_text(out, "base", c->base ? c->base->name : NULL);
  put_text(out, "also", c->also ? c->also->name : NULL);
  put_flag(out, "abstract", c->abstract);
  put_flag(out, "singleton", c->singleton || c->bound);
  strbuf_adds(out, "\n    ");
  put_text(out, "doc", c->doc);
  put_text(out, "example", c->example);
  strbuf_adds(out, "\n");
  put_functions(out, "methods", c->methods);
  put_props(out, "props", c->props);
  put_events(out, c->events);
  strbuf_adds(out, "  },\n");
}

/* `class` of a module that is one of its classes, `object` of one that is an object of a class. */
static void put_value_kind(lua_State *L, StrBuf *out, const ModuleDef *m) {
  int top = lua_gettop(L);
  (void)rt_require_builtin(L, m->name);
  const ClassDef *of = lua_isuserdata(L, -1) ? class_of(L, -1) : NULL;
  if (of) put_text(out, "object", of->name);
  for (const ClassDef *const *c = m->classes; c && *c; c++) {
    class_push(L, *c);
    if (lua_rawequal(L, -1, top + 1)) put_text(out, "class", (*c)->name);
    lua_pop(L, 1);
  }
  lua_settop(L, top);
}

static void put_module(lua_State *L, StrBuf *out, const ModuleDef *m) {
  strbuf_adds(out, "  { ");
  put_text(out, "name", m->name);
  put_value_kind(L, out, m);
  put_text(out, "doc", m->doc);
  put_text(out, "example", m->example);
  strbuf_adds(out, "\n");
  put_functions(out, "functions", m->functions);
  put_props(out, "constants", m->constants);
  strbuf_adds(out, "    classes = { ");
  for (const ClassDef *const *c = m->classes; c && *c; c++) strbuf_addf(out, "\"%s\", ", (*c)->name);
  strbuf_adds(out, "},\n  },\n");
}

static void put_classes(Dump *d) {
  class_each(d->L, put_class, d); /* what the ground floor registers belongs to no module */
  for (const ModuleDef *const *m = builtin_modules; *m; m++) {
    d->module = (*m)->name;
    (void)rt_require_builtin(d->L, (*m)->name);
    lua_pop(d->L, 1);
    for (const ClassDef *const *c = (*m)->classes; c && *c; c++) put_class(*c, d);
    for (const ClassDef *const *c = (*m)->objects; c && *c; c++) put_class(*c, d);
    class_each(d->L, put_class, d);
  }
}

void dump_push_api(lua_State *L) {
  StrBuf *out = strbuf_new_lua(L);
  int base = lua_gettop(L);
  lua_newtable(L);
  Dump d = { L, out, NULL, base + 1 };
  strbuf_addf(out, "return {\nversion = \"%s\",\nglobals = {\n", MOONFORK_VERSION);
  for (const GlobalDef *g = builtin_globals; g->name; g++) {
    strbuf_adds(out, "  { ");
    put_text(out, "name", g->name);
    put_text(out, "module", g->module);
    put_text(out, "field", g->field);
    strbuf_adds(out, "},\n");
  }
  strbuf_adds(out, "},\nmodules = {\n");
  for (const ModuleDef *const *m = builtin_modules; *m; m++) put_module(L, out, *m);
  strbuf_adds(out, "},\nclasses = {\n");
  put_classes(&d);
  strbuf_adds(out, "},\n}\n");
  if (out->failed) luaL_error(L, "not enough memory");
  lua_pushlstring(L, out->p, out->len);
  lua_replace(L, base);
  lua_settop(L, base);
}
