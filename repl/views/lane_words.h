/* SPDX-License-Identifier: MIT */
/* lane_words.h - a record in few words, as it stands in its lane. Any thread. */
#ifndef MOONFORK_VIEW_LANE_WORDS_H
#define MOONFORK_VIEW_LANE_WORDS_H

#include "text.h"

/* The text for the record; it may hold what another process has written. */
void lane_words(const LiveRecord *r, char *out, size_t size);

bool lane_is_send(int event);
bool lane_is_receive(int event);

/* Milliseconds between the two ends of a message; negative: the other end is not known (yet). */
double lane_latency(const LiveRecord *r);

#endif
