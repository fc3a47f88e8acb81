/* SPDX-License-Identifier: MIT */
/* trace_format.c - the table of events; see trace_format.h. Export, views and lessons name fields by it. */
#include "trace_format.h"

const TraceEventDef trace_events[TRACE_EVENT_COUNT] = {
  [TRACE_NONE] = { "none", 9, { NULL }, { NULL } },
  /* A process: what it says of itself, and what its parent saw. number: the #n of a ChildProcess. */
  [TRACE_PROC_START] = { "proc.start", 1, { "ppid", "ch" }, { "role", "file" } },
  [TRACE_PROC_SPAWN] = { "proc.spawn", 1, { "child", "ch", "number", "err" }, { "file" } },
  [TRACE_PROC_READY] = { "proc.ready", 1, { NULL }, { "how" } },
  [TRACE_PROC_EXIT] = { "proc.exit", 1, { "code", "sig" }, { NULL } },
  [TRACE_PROC_REAP] = { "proc.reap", 1, { "child", "code", "sig" }, { NULL } },
  [TRACE_THR_START] = { "thr.start", 1, { "thread", "by" }, { "file" } },
  [TRACE_THR_SPAWN] = { "thr.spawn", 1, { "thread" }, { "file" } },
  [TRACE_THR_EXIT] = { "thr.exit", 1, { "thread", "code" }, { NULL } },
  /* mid counts the messages of one channel in one direction, at both ends alike. */
  [TRACE_IPC_SEND] = { "ipc.send", 3, { "ch", "mid", "bytes" }, { "preview" } },
  [TRACE_IPC_RECV] = { "ipc.recv", 3, { "ch", "mid", "bytes", "slow:ms" }, { "preview" } },
  [TRACE_IPC_CLOSE] = { "ipc.close", 2, { "ch" }, { "why" } },
  [TRACE_HND_SEND] = { "hnd.send", 2, { "ch", "mid", "ino", "port" }, { "type" } },
  [TRACE_HND_RECV] = { "hnd.recv", 2, { "ch", "mid", "ino", "port" }, { "type" } },
  [TRACE_PORT_LISTEN] = { "port.listen", 1, { "port", "ino", "fd" }, { "addr" } },
  [TRACE_PORT_CLOSE] = { "port.close", 1, { "port", "ino", "fd" }, { "addr" } },
  [TRACE_PORT_ERR] = { "port.err", 1, { "port" }, { "code", "addr" } },
  [TRACE_CONN_ACCEPT] = { "conn.accept", 4, { "port", "ino", "by" }, { "policy" } },
  [TRACE_CONN_CLOSE] = { "conn.close", 5, { "port", "ino" }, { NULL } },
  [TRACE_LOOP_TURN] = { "loop.turn", 6, { "wall:ms", "cpu:ms" }, { NULL } },
  [TRACE_LOOP_BLOCK] = { "loop.block", 2, { "wall:ms", "cpu:ms", "line" }, { "file", "fn" } },
  [TRACE_POOL_QUEUE] = { "pool.queue", 5, { "job" }, { "kind" } },
  [TRACE_POOL_START] = { "pool.start", 5, { "job", "waited:ms" }, { "kind" } },
  [TRACE_POOL_DONE] = { "pool.done", 5, { "job", "took:ms" }, { "kind" } },
  [TRACE_SIG_RECV] = { "sig.recv", 2, { "sig" }, { "name" } },
  [TRACE_MSG_POST] = { "msg.post", 3, { "ch", "mid", "bytes", "thread" }, { "preview" } },
  [TRACE_MSG_RECV] = { "msg.recv", 3, { "ch", "mid", "bytes", "thread" }, { "preview" } },
  [TRACE_BUF_ALLOC] = { "buf.alloc", 8, { "bytes", "pool" }, { NULL } },
  [TRACE_ERR_UNCAUGHT] = { "err.uncaught", 1, { NULL }, { "msg" } },
  /* Bytes written to (or, of a child's pipe, read from) a standard stream; full: it would not take more. */
  [TRACE_STDIO] = { "stdio", 4, { "fd", "bytes", "full", "child" }, { "text" } },
  [TRACE_MEM] = { "mem", 7, { "heap", "buffers", "rss" }, { NULL } },
  [TRACE_LESSON_STEP] = { "lesson.step", 1, { NULL }, { "id" } },
  [TRACE_USER_MARK] = { "user.mark", 1, { NULL }, { "text" } },
  /* A SharedArrayBuffer: blocks up to 4 KiB lie in a file of the folder, named here. */
  [TRACE_CELLS] = { "cells", 6, { "id", "bytes" }, { "file" } },
  /* Connections of the port come from another process, which holds the socket (so ino is 0), or come no more:
   * a worker of a cluster. */
  [TRACE_PORT_SHARE] = { "port.share", 2, { "port", "ino", "by", "ends" }, { NULL } },
};
