/* SPDX-License-Identifier: MIT */
/* top_main.h - `moonfork top`: the views of a run from another terminal. */
#ifndef MOONFORK_VIEWS_TOP_MAIN_H
#define MOONFORK_VIEWS_TOP_MAIN_H

/* The exit code. */
int top_main(int nargs, char **args);

/* The same with the words read already; `who` begins a message, dir NULL: the newest run of this user. */
int top_show(const char *who, const char *dir);

#endif
