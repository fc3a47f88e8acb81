/* SPDX-License-Identifier: MIT */
/* zh.h - what the prompt explains, in Chinese: the commands, error codes and signals. */
#ifndef MOONFORK_ZH_H
#define MOONFORK_ZH_H

#include "../commands/commands.h"

/* The text for the name (".ps", "EADDRINUSE") in the language of the moment; english where there is none. */
const char *in_language(const char *name, const char *english);

/* `.lang [zh|en]` */
void cmd_lang(const Command *command);

#endif
