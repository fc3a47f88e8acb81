/* SPDX-License-Identifier: MIT */
/* check.h - `moonfork lesson check DIR...`: is a chapter what lessons/README.md asks for? */
#ifndef MOONFORK_COURSE_CHECK_H
#define MOONFORK_COURSE_CHECK_H

/* The exit code: 0 when nothing is wrong. */
int check_main(int argc, char **argv);

#endif
