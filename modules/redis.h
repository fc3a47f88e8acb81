/* SPDX-License-Identifier: MIT */
/* redis.h - a client for Redis, on hiredis. */
#ifndef MOONFORK_REDIS_H
#define MOONFORK_REDIS_H

#include "core/doc.h"

extern const ModuleDef redis_module;

#endif
