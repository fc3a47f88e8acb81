/* SPDX-License-Identifier: MIT */
/* ip.h - is a text an IP address? */
#ifndef MOONFORK_IP_H
#define MOONFORK_IP_H

#include <stddef.h>

/* 4, 6 (which may have a %zone) or 0. */
int ip_version(const char *s, size_t len);

#endif
