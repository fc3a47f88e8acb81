/* SPDX-License-Identifier: MIT */
/* broadcast.h - BroadcastChannel: one message to all who have opened the name, in every thread. */
#ifndef MOONFORK_BROADCAST_H
#define MOONFORK_BROADCAST_H

#include "../core/doc.h"

extern const ClassDef broadcast_channel_class;

#endif
