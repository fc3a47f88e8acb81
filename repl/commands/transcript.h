/* SPDX-License-Identifier: MIT */
/* transcript.h - the session's lines and what was printed, in the order of the screen, as Markdown.
 *
 * Kept from the start of the prompt, the newest few megabytes of it. Programs that get the terminal
 * (`!vi`) and views are not in it. */
#ifndef MOONFORK_TRANSCRIPT_H
#define MOONFORK_TRANSCRIPT_H

#include <stddef.h>

/* where: the label of the process that the line goes to, NULL: this one. */
void transcript_line(const char *where, const char *text, size_t len);
void transcript_output(const char *data, size_t len);
void transcript_free(void);

/* Writes all into the file, which must not exist, unless it is the one written last time. Returns the
 * number of lines typed, or a negative errno. */
int transcript_save(const char *path);

#endif
