/* SPDX-License-Identifier: MIT */
/* course.h - a student at a chapter: what the runner's files share.
 *
 * course.c the command and the catalogue, walk.c from step to step, steps.c what each kind of step does,
 * watch.c a file that is changed and run again, judge.c checks and what they say, dot.c commands that begin
 * with a point, seen.c and look.c the live views, node.c the samples in JavaScript, auto.c everything by itself, report.c what was done. Main thread only. */
#ifndef MOONFORK_COURSE_COURSE_H
#define MOONFORK_COURSE_COURSE_H

#include "guide.h"
#include "lair.h"
#include "progress.h"
#include "stage.h"
#include "ui.h"
#include "work.h"
#include "../lesson.h"

typedef struct Course {
  const char *folder;    /* of the lessons; borrowed */
  Guide *guide;          /* owns */
  Lair lair;
  char *records;         /* the folder of records; owns */
  long seed;             /* --seed, 0: a new one for each run */
  long drawn;            /* the seed of the last run or puzzle, 0: none */
  bool sim;              /* no processes: predictions are answered by the guide */
  bool present;          /* at the front of the class */
  double speed;          /* of the display in present mode */
  int at;                /* the step */
  Stage seen;            /* the last run, for the views; owns */
} Course;

/* What a step's keys have asked for. */
typedef enum Move { MOVE_STAY, MOVE_NEXT, MOVE_BACK, MOVE_JUMP, MOVE_AGAIN, MOVE_QUIT } Move;

/* ---- course.c ---- */

/* `moonfork lesson ...`, as far as it is about the course. False: it is about a script. */
bool course_main(int argc, char **argv, const char *lessons, int *code);

/* Opens the chapter's guide and a lair; false after a message. */
bool course_open(Course *course, const char *folder);
void course_close(Course *course);

/* The folder of the chapter that the word means, when it has a guide; NULL. The caller frees. */
char *course_chapter(const char *lessons, const char *what);

/* The folder of the records of runs; NULL. The caller frees. */
char *course_records(void);

/* Ends what killed runners have left, and says so. */
void course_sweep(void);

/* ---- walk.c ---- */

/* From the step at course->at on; the exit code. */
int walk(Course *course);

/* Waits for one of the keys that the bar names; point commands are done here. course->at changes only with
 * MOVE_JUMP. `extra`: the step's own keys, which are returned as they are with MOVE_STAY. fd: as ui_key. */
Move walk_key(Course *course, const char *extra, int fd, int *key);

/* The two halves of it: what is typed before the bar stands there does not count. */
void walk_bar(const char *extra);
Move walk_wait(Course *course, const char *extra, int fd, int *key);

/* The change to the step's progress; a file that cannot be written is told once. */
void walk_mark(Course *course, const Step *step, const Change *change);

/* ---- steps.c ---- */

Move step_do(Course *course, const Step *step);

/* "run", in the language of the moment. */
const char *step_kind_name(StepKind kind);

/* Runs the step's script, or a copy of it; shows what must be shown. False: it was stopped. */
bool step_run(Course *course, const Step *step, const char *file, Stage *stage);

/* ---- watch.c ---- */

Move watch_do(Course *course, const Step *step);

/* The student's copy of the step's file, and what it was copied from. The caller frees both. */
bool watch_copy(Course *course, const Step *step, char **copy, char **original);

/* Sets file, harness and the rest for a run of this file in an exercise or try step. */
void watch_stage(Course *course, const Step *step, const char *copy, Stage *stage, char **harness);

/* ---- judge.c ---- */

/* The first check that is not met, -1: all are; detail is what it said. */
int judge_checks(Stage *stage, StrBuf *detail);

/* Says it, with what happened around it. */
void judge_tell(Stage *stage, int missing, const char *detail);

/* What was right, as text; NULL after an error, which is in why. The caller frees. */
char *judge_answer(Stage *stage, StrBuf *why);

/* What is drawn with the seed, and what the author knows to be right then. */
char *judge_puzzle(Guide *guide, const Step *step, long seed, StrBuf *why);
char *judge_known(Guide *guide, const Step *step, long seed, StrBuf *why);

bool judge_equal(Guide *guide, const Step *step, Facts *facts, const char *said, const char *is);

/* "reclaimed 2 processes, 1 port, 0 leaked" */
void judge_reclaimed(Stage *stage);

/* What follows the number, in the language of the moment. */
const char *word_processes(int n);
const char *word_ports(int n);

/* ---- dot.c ---- */

/* Of the prompt that a lesson has opened: the file into which it may write a line for dot_do, and the script
 * of its step (may be empty). */
#define PLAY_ENV "MOONFORK_LESSON_PLAY"
#define PLAY_SCRIPT_ENV "MOONFORK_LESSON_SCRIPT"

/* `.lang zh`, `.node`, `.again --seed 10`, ...: what to do then. */
Move dot_do(Course *course, const char *line);

/* Does the line begin with one of these commands? */
bool dot_knows(const char *line);

/* `.record FILE`: all that is shown from now on, also in the free prompt. */
void record_to(const char *path);

/* The prompt, with what the step runs alive in it; what was asked for there. */
Move play(Course *course, const Step *step);

/* ---- seen.c ---- */

/* Takes over a run that has been judged, in place of stage_close. */
void seen_keep(Course *course, Stage *stage);
void seen_drop(Course *course);

/* `.lanes 3 B`, `.i A`, ...: name and len are the first word without its point. */
bool seen_knows(const char *name, size_t len);
void seen_dot(Course *course, const char *name, size_t len, const char *args);

/* F2. */
void seen_top(Course *course);

/* ---- auto.c ---- */

int auto_main(int argc, char **argv, const char *lessons);

/* Everything in the chapter that can be proved: the number of faults. wrong: folder of wrong solutions. */
int auto_prove(const char *folder, const char *wrong, int times);

/* ---- report.c ---- */

int report_main(int argc, char **argv, const char *lessons);

/* ---- present.c ---- */

/* Says how one presents. */
void present_tell(const Course *course);

/* What happened in the run, process by process, at the display's speed. */
void present_run(Course *course, Stage *stage);

#endif
