/* SPDX-License-Identifier: MIT */
/* worker_threads.c - the module: its functions, and what a thread knows of itself. */
#include "worker_threads.h"
#include "../core/class.h"
#include "../core/error.h"
#include "../messaging/broadcast.h"
#include "../messaging/port.h"

static const FnDef functions[] = {
  { "receiveMessageOnPort", port_receive, FN_STATIC, "receiveMessageOnPort(port: MessagePort): table?",
    "Takes the next message from the port at once, { message = value }; nil when none waits.", NULL, NULL, NULL },
  { 0 }
};

static const ClassDef *const classes[] = {
  &broadcast_channel_class, &message_channel_class, &message_port_class, NULL
};

const ModuleDef worker_threads_module = {
  .name = "worker_threads",
  .doc = "Threads with a Lua state and an event loop each, the messages between them, and memory that they "
         "share.",
  .example = "local channel = MessageChannel()\nchannel.port1:postMessage(42)\n"
             "print(require \"worker_threads\".receiveMessageOnPort(channel.port2).message)",
  .functions = functions, .classes = classes
};
