/* SPDX-License-Identifier: MIT */
/* link.c - who may come through a door: this user alone, at both ends. As root a process of another user is at
 * the other end; the folder and the socket are open to it here, so that nothing but the check keeps it out. */
// objs: all
#include "tap.h"
#include "repl/inside/link.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOBODY = 65534, CEILING_MS = 20000 };

static int folder;

static bool become_nobody(void) {
  return setgroups(0, NULL) == 0 && setresgid(NOBODY, NOBODY, NOBODY) == 0 && setresuid(NOBODY, NOBODY, NOBODY) == 0;
}

static struct sockaddr_un address_of(const char *name) {
  struct sockaddr_un at = { .sun_family = AF_UNIX };
  (void)snprintf(at.sun_path, sizeof at.sun_path, "/proc/self/fd/%d/%s", folder, name);
  return at;
}

/* 0: thrown out; another code says what came instead. */
static void knock(const char *name) {
  struct sockaddr_un at = address_of(name);
  char byte;
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (!become_nobody()) _exit(2);
  if (connect(fd, (struct sockaddr *)&at, sizeof at) != 0) _exit(3);
  ssize_t n = read(fd, &byte, 1);
  _exit(n == 0 || (n < 0 && errno == ECONNRESET) ? 0 : 4);
}

/* Listens as another user, says so, and ends when it is told to. */
static void pretend(const char *name, int ready, int end) {
  struct sockaddr_un at = address_of(name);
  char byte = 0;
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (!become_nobody() || bind(fd, (struct sockaddr *)&at, sizeof at) != 0 || listen(fd, 5) != 0) _exit(2);
  if (write(ready, &byte, 1) != 1) _exit(3);
  _exit(read(end, &byte, 1) == 0 ? 0 : 4);
}

static int wait_for(pid_t child) {
  int status = -1;
  (void)waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void own_user(void) {
  int peer = 0, door = link_listen(folder, "own.sock"), fd = link_connect(folder, "own.sock", (int)getpid());
  int taken = link_accept(door, &peer);
  ok(door >= 0 && fd >= 0 && taken >= 0 && peer == (int)getpid(), "this user comes in");
  ok(link_connect(folder, "own.sock", (int)getpid() + 1) == UV_EPERM, "not where another process was meant");
  close(fd), close(taken), close(door);
}

static void others_knock(void) {
  int peer, door = link_listen(folder, "door.sock");
  ok(fchmodat(folder, "door.sock", 0666, 0) == 0, "a door that lets anybody knock");
  pid_t child = fork();
  if (child == 0) knock("door.sock");
  struct pollfd p = { .fd = door, .events = POLLIN };
  ok(poll(&p, 1, CEILING_MS) == 1, "another user knocks");
  ok(link_accept(door, &peer) == UV_EAGAIN, "he is not let in");
  ok(wait_for(child) == 0, "but thrown out");
  close(door);
}

static void others_pretend(void) {
  int ready[2], end[2];
  char byte;
  if (pipe(ready) != 0 || pipe(end) != 0) abort();
  pid_t child = fork();
  if (child == 0) {
    close(end[1]);
    pretend("false.sock", ready[1], end[0]);
  }
  close(ready[1]), close(end[0]);
  ok(read(ready[0], &byte, 1) == 1, "another user opens a door");
  ok(link_connect(folder, "false.sock", (int)child) == UV_EPERM, "nobody goes in: it is not ours");
  ok(fchownat(folder, "false.sock", 0, 0, 0) == 0, "nor when its name is ours");
  ok(link_connect(folder, "false.sock", (int)child) == UV_EPERM, "who listens is not");
  close(end[1]);
  ok(wait_for(child) == 0, "he ends");
  close(ready[0]);
}

int main(void) {
  char dir[512];
  (void)snprintf(dir, sizeof dir, "%s/link-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
  if (!mkdtemp(dir) || (folder = open(dir, O_RDONLY | O_DIRECTORY)) < 0) return 1;
  own_user();
  if (geteuid() == 0 && fchmod(folder, 0777) == 0) {
    others_knock();
    others_pretend();
  } else {
    ok(true, "processes of another user # SKIP only root can start them");
  }
  static const char *const names[] = { "own.sock", "door.sock", "false.sock" };
  for (int i = 0; i < 3; i++) (void)unlinkat(folder, names[i], 0);
  ok(rmdir(dir) == 0, "the folder goes");
  return tap_end();
}
