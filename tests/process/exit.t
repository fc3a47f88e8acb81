#!/usr/bin/perl
# How a process ends: exit, exitCode, the events exit and beforeExit, and the status (PR-1 to PR-6).
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Pair;
use Test::More;

Pair::check(name => 'a natural end is 0 and exit listeners get it',
  lua => 'process:on("exit", function(c) print("exit", c, process.exitCode) end)',
  js => 'process.on("exit", c => console.log(`exit\t${c}\t${process.exitCode === undefined ? "nil" : ""}`))',
  out => "exit\t0\tnil\n");
Pair::check(name => 'exitCode is the status of a natural end',
  lua => 'process.exitCode = 4', js => 'process.exitCode = 4', code => 4);
Pair::check(name => 'a string that is an integer will do',
  lua => 'process.exitCode = "3"', js => 'process.exitCode = "3"', code => 3);
Pair::check(name => 'exit() keeps exitCode',
  lua => 'process.exitCode = 4 process.exit()', js => 'process.exitCode = 4; process.exit()', code => 4);
Pair::check(name => 'exit(nil) is 0 all the same',
  lua => 'process.exitCode = 4 process.exit(nil)', js => 'process.exitCode = 4; process.exit(undefined)');
Pair::check(name => 'exit(null), too',
  lua => 'process.exitCode = 4 process.exit(null)', js => 'process.exitCode = 4; process.exit(null)');
Pair::check(name => 'the system takes eight bits: -1', code => 255,
  lua => 'process:on("exit", function(c) print(c) end) process.exit(-1)',
  js => 'process.on("exit", c => console.log(c)); process.exit(-1)', out => "-1\n");
Pair::check(name => 'the system takes eight bits: 256', lua => 'process:exit(256)', js => 'process.exit(256)');
Pair::check(name => 'exitCode = nil in a listener is 0',
  lua => 'process:on("exit", function() process.exitCode = nil end) process.exit(1)',
  js => 'process.on("exit", () => { process.exitCode = undefined }); process.exit(1)');
Pair::check(name => 'an exit listener may set another status', code => 6,
  lua => 'process:on("exit", function(c) print(c, process.exitCode) process.exitCode = 6 end) process.exit(2)',
  js => 'process.on("exit", c => { console.log(c + "\t" + process.exitCode); process.exitCode = 6 }); process.exit(2)',
  out => "2\t2\n");
Pair::check(name => 'exit in an exit listener skips the others and wins', code => 8, out => "1\n",
  lua => 'process:on("exit", function(c) print(c) process.exit(8) end)
    process:on("exit", function() print "never" end) process.exit(1)',
  js => 'process.on("exit", c => { console.log(c); process.exit(8) });
    process.on("exit", () => console.log("never")); process.exit(1)');
Pair::check(name => 'exit without a code in an exit listener', code => 1, out => "1\n",
  lua => 'process:on("exit", function(c) print(c) process.exit() end) process.exit(1)',
  js => 'process.on("exit", c => { console.log(c); process.exit() }); process.exit(1)');
Pair::check(name => 'nothing holds exit up: no pcall, no coroutine, no variable to be closed', code => 3,
  lua => 'local x <close> = setmetatable({}, { __close = function() print "closed" end })
    pcall(coroutine.wrap(function() pcall(process.exit, 3) print "a" end)) print "b"',
  js => 'try { process.exit(3) } finally { console.log("finally") }');
Pair::check(name => 'what exit listeners queue never runs', out => "exit\n",
  lua => 'process:on("exit", function() process.nextTick(print, "tick") print "exit" end)',
  js => 'process.on("exit", () => { process.nextTick(console.log, "tick"); console.log("exit") })');
Pair::check(name => 'exit does not let ticks run', lua => 'process.nextTick(print, "tick") process.exit()',
  js => 'process.nextTick(console.log, "tick"); process.exit()');
Pair::check(name => 'an error in an exit listener: the others are skipped, status 1', code => 1,
  lua => 'process:on("exit", function() error "in exit" end) process:on("exit", function() print "never" end)',
  js => 'process.on("exit", () => { throw new Error("in exit") }); process.on("exit", () => console.log("never"))',
  err => qr/in exit/);
Pair::check(name => 'such an error keeps a status that was set', code => 9, err => qr/in exit/,
  lua => 'process:on("exit", function() process.exitCode = 9 error "in exit" end)',
  js => 'process.on("exit", () => { process.exitCode = 9; throw new Error("in exit") })');
Pair::check(name => 'and goes to uncaughtException', out => "in exit\n",
  lua => 'process:on("uncaughtException", function(e) print(e.message) end)
    process:on("exit", function() error(Error "in exit") end)',
  js => 'process.on("uncaughtException", e => console.log(e.message));
    process.on("exit", () => { throw new Error("in exit") })');
Pair::check(name => 'beforeExit comes when nothing is left, and again after new work', code => 5,
  out => "before 5\nwork\nbefore 5\nexit 5\n",
  lua => 'local n = 0 process.exitCode = 5
    process:on("beforeExit", function(c) print("before " .. c) n = n + 1
      if n == 1 then setTimeout(function() print "work" end, 1) end end)
    process:on("exit", function(c) print("exit " .. c) end)',
  js => 'let n = 0; process.exitCode = 5;
    process.on("beforeExit", c => { console.log("before " + c); if (n++ === 0) setTimeout(() => console.log("work"), 1) });
    process.on("exit", c => console.log("exit " + c))');
Pair::check(name => 'a tick alone does not bring beforeExit again', out => "before\ntick\n",
  lua => 'process:on("beforeExit", function() print "before" process.nextTick(print, "tick") end)',
  js => 'process.on("beforeExit", () => { console.log("before"); process.nextTick(console.log, "tick") })');
Pair::check(name => 'exit skips beforeExit', out => "exit\n",
  lua => 'process:on("beforeExit", function() print "before" end) process:on("exit", function() print "exit" end)
    process.exit()',
  js => 'process.on("beforeExit", () => console.log("before")); process.on("exit", () => console.log("exit"));
    process.exit()');
Pair::check(name => 'exit in beforeExit', code => 7, out => "exit 7\n",
  lua => 'process:on("beforeExit", function() process.exit(7) end) process:on("exit", function(c) print("exit " .. c) end)',
  js => 'process.on("beforeExit", () => process.exit(7)); process.on("exit", c => console.log("exit " + c))');
Pair::check(name => 'an error in beforeExit is an uncaught one', code => 1, out => "exit 1\n", err => qr/in before/,
  lua => 'process:on("beforeExit", function() error "in before" end) process:on("exit", function(c) print("exit " .. c) end)',
  js => 'process.on("beforeExit", () => { throw new Error("in before") }); process.on("exit", c => console.log("exit " + c))');
Pair::check(name => 'codes that are none', out => <<'END',
TypeError [ERR_INVALID_ARG_TYPE]: The "code" argument must be of type number. Received type string ('a')
RangeError [ERR_OUT_OF_RANGE]: The value of "code" is out of range. It must be an integer. Received 1.5
TypeError [ERR_INVALID_ARG_TYPE]: The "code" argument must be of type number. Received type boolean (true)
RangeError [ERR_OUT_OF_RANGE]: The value of "code" is out of range. It must be an integer. Received 3.5
END
  lua => 'for _, v in ipairs { "a", 1.5, true, "3.5" } do
    print(select(2, pcall(v == 1.5 and process.exit or function(x) process.exitCode = x end, v))) end',
  js => 'for (const v of ["a", 1.5, true, "3.5"]) try { if (v === 1.5) process.exit(v); else process.exitCode = v }
    catch (e) { console.log(`${e.name} [${e.code}]: ${e.message}`) }');
Pair::check(name => 'os.exit runs exit listeners', code => 2, out => "exit 2\n",
  lua => 'process:on("exit", function(c) print("exit " .. c) end) os.exit(2)');
Pair::check(name => 'os.exit(false) is 1', code => 1, lua => 'os.exit(false)');
Pair::check(name => 'os.exit(true, true) is 0', lua => 'process.exitCode = 4 os.exit(true, true)');
Pair::check(name => 'abort: SIGABRT, no exit event, what was printed is out', signal => 6, out => "a\n",
  lua => 'process:on("exit", function() print "exit" end) io.write "a\n" process.abort()',
  js => 'process.on("exit", () => console.log("exit")); console.log("a"); process.abort()', err_js => qr{^}, err_lua => qr{^\z});
done_testing();
