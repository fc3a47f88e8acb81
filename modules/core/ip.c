/* SPDX-License-Identifier: MIT */
/* ip.c - see ip.h. */
#include "ip.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <string.h>

enum { MAX_TEXT = 128 }; /* an address with its zone */

/* A zone behind % may be any name of letters, digits and -.: */
static bool zone_ok(const char *s) {
  if (!*s) return false;
  for (; *s; s++) {
    bool letter = (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || (*s >= '0' && *s <= '9');
    if (!letter && *s != '-' && *s != '.' && *s != ':') return false;
  }
  return true;
}

int ip_version(const char *s, size_t len) {
  char text[MAX_TEXT];
  unsigned char bytes[16];
  if (len == 0 || len >= sizeof text || memchr(s, '\0', len)) return 0;
  memcpy(text, s, len);
  text[len] = '\0';
  if (inet_pton(AF_INET, text, bytes) == 1) return 4;
  char *zone = strchr(text, '%');
  if (zone) {
    if (!zone_ok(zone + 1)) return 0;
    *zone = '\0';
  }
  return inet_pton(AF_INET6, text, bytes) == 1 ? 6 : 0;
}
