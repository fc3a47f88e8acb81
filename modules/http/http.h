/* SPDX-License-Identifier: MIT */
/* http.h - the module http: servers and clients of HTTP/1.1. */
#ifndef MOONFORK_HTTP_H
#define MOONFORK_HTTP_H

#include "core/doc.h"

extern const ModuleDef http_module;

#endif
