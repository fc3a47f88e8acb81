/* SPDX-License-Identifier: MIT */
/* child_process.c - the module: spawn, fork, spawnSync and the ChildProcess class. */
#include "child_process.h"
#include "child.h"
#include "ipc.h"

static int child_process_spawn(lua_State *L) {
  SpawnArgs *args = spawn_read(L, 1, false);
  child_spawn(L, args, NULL);
  return 1;
}

static const OptDef spawn_options[] = {
  { "cwd", "string", NULL, "Working folder of the child; ours when not given." },
  { "env", "table", "process.env", "The whole environment of the child." },
  { "argv0", "string", NULL, "What the child sees as argv[0]." },
  { "stdio", "string|table", "\"pipe\"",
    "\"pipe\", \"inherit\" or \"ignore\", or a list of those, \"ipc\", descriptors and streams: entry i is "
    "descriptor i-1." },
  { "detached", "boolean", "false", "The child leads a session of its own and survives the terminal." },
  { "shell", "boolean|string", "false", "Run `file args...` by /bin/sh -c, or by the shell named." },
  { "timeout", "integer", "0", "Milliseconds after which the child gets killSignal; 0: never." },
  { "killSignal", "string|integer", "\"SIGTERM\"", "The signal for that, and for an abort." },
  { "signal", "AbortSignal", NULL, "Ends the child when it aborts; `error` brings the AbortError." },
  { "serialization", "string", "\"json\"",
    "How messages travel: \"json\", or \"advanced\": V8's format, which keeps Buffers, Errors and cycles." },
  { "maxMessageSize", "integer", "268435456",
    "Bytes that one message on the channel may have, in both processes; a longer one closes it." },
  { "uid", "integer", NULL, "User id of the child." },
  { "gid", "integer", NULL, "Group id of the child." },
  { NULL, NULL, NULL, NULL }
};

static const OptDef exec_options[] = {
  { "encoding", "string", "\"utf8\"", "Of stdout and stderr; \"buffer\" gives Buffers." },
  { "timeout", "integer", "0", "Milliseconds after which the child is ended; 0: never." },
  { "killSignal", "string|integer", "\"SIGTERM\"", "The signal for that, and for too much output." },
  { "maxBuffer", "number", "1048576", "Bytes of output, stdout or stderr, that end the child." },
  { "shell", "boolean|string", NULL, "The shell; exec has /bin/sh, execFile none." },
  { "cwd", "string", NULL, "Working folder of the child; ours when not given." },
  { "env", "table", "process.env", "The whole environment of the child." },
  { "uid", "integer", NULL, "User id of the child." },
  { "gid", "integer", NULL, "Group id of the child." },
  { NULL, NULL, NULL, NULL }
};

static const OptDef fork_options[] = {
  { "cwd", "string", NULL, "Working folder of the child; ours when not given." },
  { "env", "table", "process.env", "The whole environment of the child." },
  { "execPath", "string", "process.execPath", "The program to run; \"node\" works, too." },
  { "execArgv", "string[]", "process.execArgv", "Options of the program, before the script." },
  { "silent", "boolean", "false", "Pipes instead of our own stdin, stdout and stderr." },
  { "stdio", "string|table", "\"inherit\"", "As for spawn; a list must hold \"ipc\"." },
  { "detached", "boolean", "false", "The child leads a session of its own and survives the terminal." },
  { "serialization", "string", "\"json\"",
    "How messages travel: \"json\", or \"advanced\": V8's format, which keeps Buffers, Errors and cycles." },
  { "maxMessageSize", "integer", "268435456",
    "Bytes that one message on the channel may have, in both processes; a longer one closes it." },
  { "uid", "integer", NULL, "User id of the child." },
  { "gid", "integer", NULL, "Group id of the child." },
  { NULL, NULL, NULL, NULL }
};

static const OptDef sync_options[] = {
  { "input", "string|Buffer", NULL, "Is written to the child's standard input." },
  { "encoding", "string", "\"buffer\"", "Output as strings of that encoding instead of Buffers." },
  { "timeout", "integer", "0", "Milliseconds after which the child is ended; 0: never." },
  { "killSignal", "string|integer", "\"SIGTERM\"", "The signal for that, and for too much output." },
  { "maxBuffer", "number", "1048576", "Bytes of output, stdout or stderr, that end the child." },
  { "cwd", "string", NULL, "Working folder of the child; ours when not given." },
  { "env", "table", "process.env", "The whole environment of the child." },
  { "argv0", "string", NULL, "What the child sees as argv[0]." },
  { "stdio", "string|table", "\"pipe\"", "As for spawn, without \"ipc\"." },
  { "shell", "boolean|string", "false", "Run `file args...` by /bin/sh -c, or by the shell named." },
  { "uid", "integer", NULL, "User id of the child." },
  { "gid", "integer", NULL, "Group id of the child." },
  { NULL, NULL, NULL, NULL }
};

static const FnDef functions[] = {
  { "spawn", child_process_spawn, FN_STATIC,
    "spawn(file: string, args: string[]?, options: table?): ChildProcess",
    "Starts a program and returns at once. Its output comes as events of child.stdout and child.stderr. "
    "A program that cannot be found is the event `error` (ENOENT). Errors: ERR_INVALID_ARG_TYPE, "
    "ERR_INVALID_ARG_VALUE.",
    spawn_options,
    "local c = child_process.spawn(\"echo\", { \"hi\" })\nc.stdout:on(\"data\", function(d) print(\"out: \" .. d) end)",
    NULL },
  { "fork", child_process_fork, FN_STATIC,
    "fork(modulePath: string|function, args: string[]?, options: table?): ChildProcess",
    "Starts another moonfork for a script, or for a Lua function that uses no local of the code around it, "
    "with a channel for messages: child:send and the event `message`. args reach a function as `...`.",
    fork_options,
    "local c = child_process.fork(function()\n  process:on(\"message\", function(m) process.send(m .. \"!\") end)\nend)\n"
    "c:on(\"message\", function(m) print(m) c:disconnect() end)\nc:send(\"hello\")",
    "A function may stand for the script." },
  { "exec", child_process_exec, FN_STATIC,
    "exec(command: string, options: table?, callback: function?): ChildProcess",
    "Runs a command line in a shell and gives its whole output: callback(error, stdout, stderr). A code "
    "other than 0, a signal, the timeout and too much output (ERR_CHILD_PROCESS_STDIO_MAXBUFFER) are "
    "errors with code, signal, killed and cmd. util.promisify(exec) gives { stdout, stderr }.",
    exec_options, "child_process.exec(\"echo $((6 * 7))\", function(err, stdout)\n  print(err, stdout)\nend)", NULL },
  { "execFile", child_process_exec_file, FN_STATIC,
    "execFile(file: string, args: string[]?, options: table?, callback: function?): ChildProcess",
    "The same for a program with arguments and without a shell.", exec_options,
    "child_process.execFile(\"echo\", { \"$HOME\" }, function(err, stdout)\n  print(err, stdout)\nend)", NULL },
  { "execSync", child_process_exec_sync, FN_STATIC, "execSync(command: string, options: table?): Buffer|string?",
    "Runs a command line in a shell and waits; gives its stdout and raises where exec gives an error. What "
    "it writes to stderr is shown on ours. The event loop stands still meanwhile.",
    sync_options, "print(child_process.execSync(\"echo hi\", { encoding = \"utf8\" }))", NULL },
  { "execFileSync", child_process_exec_file_sync, FN_STATIC,
    "execFileSync(file: string, args: string[]?, options: table?): Buffer|string?",
    "The same for a program with arguments and without a shell.", sync_options, NULL, NULL },
  { "spawnSync", child_process_spawn_sync, FN_STATIC,
    "spawnSync(file: string, args: string[]?, options: table?): table",
    "Starts a program and waits for its end; the event loop stands still meanwhile. Returns pid, status, "
    "signal, stdout, stderr, output (entry i is descriptor i-1) and, when it failed, error.",
    sync_options, "print(child_process.spawnSync(\"echo\", { \"hi\" }, { encoding = \"utf8\" }).stdout)", NULL },
  { 0 }
};

static const ClassDef *const classes[] = { &child_process_class, NULL };

static const ClassDef *const objects[] = { &channel_class, NULL };

static int module_open(lua_State *L) {
  exec_open(L);
  return 1;
}

const ModuleDef child_process_module = {
  .open = module_open,
  .name = "child_process", .functions = functions, .classes = classes, .objects = objects,
  .doc = "Starting other processes and talking to them.",
  .example = "local child = require(\"child_process\").spawn(\"echo\", { \"hi\" })\n"
             "child.stdout:on(\"data\", function(data) print(\"it says \" .. data) end)\n"
             "child:on(\"close\", function(code) print(\"ended with\", code) end)"
};
