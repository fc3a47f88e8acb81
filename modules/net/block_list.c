/* SPDX-License-Identifier: MIT */
/* block_list.c - SocketAddress, and BlockList: addresses, ranges and subnets that are not welcome.
 *
 * All addresses are kept as 16 bytes, IPv4 as ::ffff:a.b.c.d, so that a rule holds for both ways of writing
 * an IPv4 address. A BlockList owns its array of rules. */
#include "internal.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "core/error.h"
#include "core/json.h"
#include "core/opts.h"

typedef struct Address {
  unsigned char bytes[16];
  bool is_v6;
} Address;

static const unsigned char mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

static bool is_mapped(const Address *a) { return !memcmp(a->bytes, mapped, sizeof mapped); }

/* Is the text an address of that kind? */
static bool address_parse(const char *s, size_t len, bool v6, Address *out) {
  char text[INET6_ADDRSTRLEN];
  if (len >= sizeof text || memchr(s, '\0', len)) return false;
  memcpy(text, s, len);
  text[len] = '\0';
  out->is_v6 = v6;
  if (v6) return inet_pton(AF_INET6, text, out->bytes) == 1;
  memcpy(out->bytes, mapped, sizeof mapped);
  return inet_pton(AF_INET, text, out->bytes + sizeof mapped) == 1;
}

static const char *address_text(const Address *a, char text[INET6_ADDRSTRLEN]) {
  const void *bytes = a->is_v6 ? a->bytes : a->bytes + sizeof mapped;
  return inet_ntop(a->is_v6 ? AF_INET6 : AF_INET, bytes, text, INET6_ADDRSTRLEN); /* there is room */
}

/* "ipv4" or "ipv6" in any case at idx. */
static bool family_is_v6(lua_State *L, int idx, const char *name) {
  const char *s = arg_string(L, idx, name, NULL);
  if (!strcasecmp(s, "ipv4")) return false;
  if (!strcasecmp(s, "ipv6")) return true;
  err_arg_value(L, idx, "options.family", "is invalid");
  return false;
}

static int bad_address(lua_State *L) {
  return err_raise(L, NULL, "ERR_INVALID_ADDRESS", "Invalid socket address");
}

/* ---- SocketAddress ---- */

typedef struct SocketAddress {
  Address address;
  int port;
  lua_Integer flowlabel;
} SocketAddress;

static SocketAddress *address_self(lua_State *L) { return class_check(L, 1, &net_socket_address_class); }

static int address_alloc(lua_State *L) {
  SocketAddress *a = class_new(L, &net_socket_address_class, sizeof *a, 0);
  (void)address_parse("127.0.0.1", 9, false, &a->address);
  return 1;
}

/* SocketAddress(options) */
static int address_init(lua_State *L) {
  SocketAddress *a = address_self(L);
  lua_settop(L, 2);
  if (!lua_isnil(L, 2)) arg_table(L, 2, "options");
  bool v6 = opt_push(L, 2, "family") != LUA_TNIL && family_is_v6(L, 3, "options.family");
  size_t len;
  if (opt_push(L, 2, "address") == LUA_TNIL) {
    lua_pop(L, 1);
    lua_pushstring(L, v6 ? "::" : "127.0.0.1");
  }
  const char *text = arg_string(L, 4, "options.address", &len);
  int port = opt_push(L, 2, "port") == LUA_TNIL ? 0 : net_arg_port(L, 5, "options.port");
  lua_Integer label = opt_integer(L, 2, "flowlabel", 0, UINT32_MAX, 0);
  if (!address_parse(text, len, v6, &a->address)) return bad_address(L);
  a->port = port;
  a->flowlabel = v6 ? label : 0;
  return 0;
}

static int get_address(lua_State *L) {
  char text[INET6_ADDRSTRLEN];
  lua_pushstring(L, address_text(&address_self(L)->address, text));
  return 1;
}

static int get_port(lua_State *L) {
  lua_pushinteger(L, address_self(L)->port);
  return 1;
}

static int get_family(lua_State *L) {
  lua_pushstring(L, address_self(L)->address.is_v6 ? "ipv6" : "ipv4");
  return 1;
}

static int get_flowlabel(lua_State *L) {
  lua_pushinteger(L, address_self(L)->flowlabel);
  return 1;
}

static int address_inspect(lua_State *L) {
  const SocketAddress *a = address_self(L);
  char text[INET6_ADDRSTRLEN];
  lua_pushfstring(L, "SocketAddress { address = \"%s\", family = \"%s\", flowlabel = %I, port = %d }",
                  address_text(&a->address, text), a->address.is_v6 ? "ipv6" : "ipv4",
                  (LUAI_UACINT)a->flowlabel, a->port);
  return 1;
}

static int address_json(lua_State *L) {
  (void)address_self(L);
  static const char *const fields[] = { "address", "port", "family", "flowlabel" };
  lua_createtable(L, 0, 4);
  for (int i = 0; i < 4; i++) {
    lua_getfield(L, 1, fields[i]);
    lua_setfield(L, -2, fields[i]);
  }
  return 1;
}

static const FnDef address_methods[] = {
  { "toJSON", address_json, FN_METHOD, "toJSON(): table", "Its properties, for JSON.stringify.", NULL, NULL,
    NULL },
  { 0 }
};

static const PropDef address_props[] = {
  { "address", get_address, NULL, "string", "The IP address." },
  { "port", get_port, NULL, "integer", "The port." },
  { "family", get_family, NULL, "string", "\"ipv4\" or \"ipv6\"." },
  { "flowlabel", get_flowlabel, NULL, "integer", "The flow label of IPv6." },
  { 0 }
};

const ClassDef net_socket_address_class = {
  .name = "SocketAddress", .alloc = address_alloc, .init = address_init, .inspect = address_inspect,
  .methods = address_methods, .props = address_props,
  .doc = "An address and port, checked: SocketAddress{ address = \"127.0.0.1\", port = 0, family = \"ipv4\", "
         "flowlabel = 0 }.",
  .example = "print(require(\"net\").SocketAddress{ address = \"::1\", family = \"ipv6\", port = 80 }.port)"
};

/* ---- BlockList ---- */

typedef enum RuleKind { RULE_ADDRESS, RULE_RANGE, RULE_SUBNET } RuleKind;

typedef struct Rule {
  RuleKind kind;
  int prefix;            /* of a subnet, in bits of its own kind of address */
  Address from, to;      /* to: of a range */
} Rule;

typedef struct BlockList {
  Rule *rules;           /* own */
  size_t count, room;
} BlockList;

static BlockList *list_self(lua_State *L) { return class_check(L, 1, &net_block_list_class); }

static int list_alloc(lua_State *L) {
  (void)class_new(L, &net_block_list_class, sizeof(BlockList), 0);
  return 1;
}

static int list_gc(lua_State *L) {
  BlockList *list = class_test(L, 1, &net_block_list_class);
  if (!list) return 0;
  free(list->rules);
  list->rules = NULL;
  list->count = list->room = 0;
  return 0;
}

static void list_add(lua_State *L, BlockList *list, const Rule *rule) {
  if (list->count == list->room) {
    size_t room = list->room ? 2 * list->room : 8;
    Rule *rules = realloc(list->rules, room * sizeof *rules);
    if (!rules) luaL_error(L, "not enough memory");
    list->rules = rules;
    list->room = room;
  }
  list->rules[list->count++] = *rule;
}

/* The address at idx, a SocketAddress or text; its kind is named at family (nil: IPv4). Text that is none:
 * false. */
static bool read_address(lua_State *L, int idx, int family, const char *name, Address *out) {
  const SocketAddress *a = class_test(L, idx, &net_socket_address_class);
  if (a) {
    *out = a->address;
    return true;
  }
  size_t len;
  const char *text = arg_string(L, idx, name, &len);
  bool v6 = !lua_isnil(L, family) && family_is_v6(L, family, "family");
  return address_parse(text, len, v6, out);
}

static int list_add_address(lua_State *L) {
  BlockList *list = list_self(L);
  Rule rule = { .kind = RULE_ADDRESS };
  lua_settop(L, 3);
  if (!read_address(L, 2, 3, "address", &rule.from)) return bad_address(L);
  list_add(L, list, &rule);
  return 0;
}

static int list_add_range(lua_State *L) {
  BlockList *list = list_self(L);
  Rule rule = { .kind = RULE_RANGE };
  lua_settop(L, 4);
  if (!read_address(L, 2, 4, "start", &rule.from) || !read_address(L, 3, 4, "end", &rule.to)) return bad_address(L);
  if (memcmp(rule.from.bytes, rule.to.bytes, 16) > 0)
    return err_arg_value(L, 2, "start", "must come before end");
  list_add(L, list, &rule);
  return 0;
}

static int list_add_subnet(lua_State *L) {
  BlockList *list = list_self(L);
  Rule rule = { .kind = RULE_SUBNET };
  lua_settop(L, 4);
  if (!read_address(L, 2, 4, "net", &rule.from)) return bad_address(L);
  rule.prefix = (int)arg_integer(L, 3, "prefix", 0, rule.from.is_v6 ? 128 : 32);
  list_add(L, list, &rule);
  return 0;
}

static bool same_bits(const unsigned char *a, const unsigned char *b, int bits) {
  int whole = bits / 8, rest = bits % 8;
  if (memcmp(a, b, (size_t)whole) != 0) return false;
  return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

static bool rule_fits(const Rule *rule, const Address *a) {
  if (rule->kind == RULE_SUBNET)
    return same_bits(rule->from.bytes, a->bytes, rule->prefix + (rule->from.is_v6 ? 0 : 96));
  if (rule->kind == RULE_ADDRESS) return !memcmp(rule->from.bytes, a->bytes, 16);
  if (is_mapped(&rule->from) != is_mapped(a)) return false;
  return memcmp(rule->from.bytes, a->bytes, 16) <= 0 && memcmp(a->bytes, rule->to.bytes, 16) <= 0;
}

static int list_check(lua_State *L) {
  const BlockList *list = list_self(L);
  Address a;
  bool found = false;
  lua_settop(L, 3);
  bool known = read_address(L, 2, 3, "address", &a);
  for (size_t i = 0; known && i < list->count && !found; i++) found = rule_fits(&list->rules[i], &a);
  lua_pushboolean(L, found);
  return 1;
}

static void push_rule(lua_State *L, const Rule *rule) {
  char from[INET6_ADDRSTRLEN], to[INET6_ADDRSTRLEN];
  const char *family = rule->from.is_v6 ? "IPv6" : "IPv4";
  (void)address_text(&rule->from, from);
  if (rule->kind == RULE_ADDRESS) {
    lua_pushfstring(L, "Address: %s %s", family, from);
  } else if (rule->kind == RULE_SUBNET) {
    lua_pushfstring(L, "Subnet: %s %s/%d", family, from, rule->prefix);
  } else {
    lua_pushfstring(L, "Range: %s %s-%s", family, from, address_text(&rule->to, to));
  }
}

static int get_rules(lua_State *L) {
  const BlockList *list = list_self(L);
  lua_createtable(L, 4, 0);
  json_mark_array(L, lua_gettop(L));
  for (size_t i = list->count; i > 0; i--) { /* the newest first, as in Node */
    push_rule(L, &list->rules[i - 1]);
    lua_rawseti(L, -2, (lua_Integer)(list->count - i + 1));
  }
  return 1;
}

static const FnDef list_methods[] = {
  { "addAddress", list_add_address, FN_METHOD, "addAddress(address: string|SocketAddress, type: string?)",
    "Adds an address; type is \"ipv4\" (the default) or \"ipv6\".", NULL, NULL, NULL },
  { "addRange", list_add_range, FN_METHOD,
    "addRange(start: string|SocketAddress, last: string|SocketAddress, type: string?)",
    "Adds all addresses from start to last.", NULL, NULL, NULL },
  { "addSubnet", list_add_subnet, FN_METHOD,
    "addSubnet(net: string|SocketAddress, prefix: integer, type: string?)",
    "Adds all addresses whose first prefix bits are those of net.", NULL, NULL, NULL },
  { "check", list_check, FN_METHOD, "check(address: string|SocketAddress, type: string?): boolean",
    "Does one of the rules hold for the address? An IPv4 address may be written as ::ffff:a.b.c.d.", NULL,
    NULL, NULL },
  { 0 }
};

static const PropDef list_props[] = {
  { "rules", get_rules, NULL, "string[]", "The rules as text, the newest first." },
  { 0 }
};

const ClassDef net_block_list_class = {
  .name = "BlockList", .alloc = list_alloc, .gc = list_gc, .methods = list_methods, .props = list_props,
  .doc = "A list of addresses that are not welcome, to be asked by check.",
  .example = "local list = require(\"net\").BlockList()\nlist:addSubnet(\"10.0.0.0\", 8)\n"
             "print(list:check \"10.1.2.3\")"
};
