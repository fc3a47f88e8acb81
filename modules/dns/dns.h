/* SPDX-License-Identifier: MIT */
/* dns.h - names of hosts to addresses, as the system looks them up. */
#ifndef MOONFORK_DNS_H
#define MOONFORK_DNS_H

#include "core/doc.h"

extern const ModuleDef dns_module, dns_promises_module;

/* Pushes dns.lookup, a function (hostname, options, callback). [+1] */
void dns_push_lookup(lua_State *L);

/* Options of lookup for `family` and `hints`. */
enum { DNS_ADDRCONFIG = 32, DNS_V4MAPPED = 8, DNS_ALL = 16 }; /* AI_* of the system */

#endif
