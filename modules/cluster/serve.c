/* SPDX-License-Identifier: MIT */
/* serve.c - servers in a worker. */
#include "inside.h"

#include <unistd.h>

void inside_open_servers(lua_State *L) { (void)L; }

void inside_connection(lua_State *L, int message, int fd) {
  (void)L, (void)message;
  if (fd >= 0) (void)close(fd);
}
