#!/usr/bin/perl
# Errors that nobody caught: listeners, monitor, capture callback, status (PR-20 to PR-25).
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Pair;
use Test::More;

Pair::check(name => 'without a listener: exit with 1, then the report', code => 1, out => "exit 1 1\n",
  err => qr/Error: .*boom/,
  lua => 'process.exitCode = 4 process:on("exit", function(c) print("exit " .. c .. " " .. process.exitCode) end)
    error "boom"',
  js => 'process.exitCode = 4; process.on("exit", c => console.log("exit " + c + " " + process.exitCode));
    throw new Error("boom")');
Pair::check(name => 'an exit listener may set the status', code => 5, err => qr/boom/,
  lua => 'process:on("exit", function() process.exitCode = 5 end) error "boom"',
  js => 'process.on("exit", () => { process.exitCode = 5 }); throw new Error("boom")');
Pair::check(name => 'an error in that listener is not told', code => 1, err => qr/first(?!.*second)/s,
  err_js => qr/Error: first/,
  lua => 'process:on("exit", function() error(Error "second") end) error(Error "first")',
  js => 'process.on("exit", () => { throw new Error("second") }); throw new Error("first")');
Pair::check(name => 'a listener keeps the program going; the monitor comes first', out => <<'END',
monitor uncaughtException
listener boom uncaughtException
goes on
exit 0
END
  lua => 'process:on("uncaughtException", function(e, o) print("listener " .. e.message .. " " .. o) end)
    process:on("uncaughtExceptionMonitor", function(e, o) print("monitor " .. o) end)
    process:on("exit", function(c) print("exit " .. c) end)
    process.nextTick(print, "goes on")
    error(Error "boom")',
  js => 'process.on("uncaughtException", (e, o) => console.log("listener " + e.message + " " + o));
    process.on("uncaughtExceptionMonitor", (e, o) => console.log("monitor " + o));
    process.on("exit", c => console.log("exit " + c));
    process.nextTick(console.log, "goes on");
    throw new Error("boom")');
Pair::check(name => 'a monitor alone does not keep it', code => 1, out => "monitor\nexit 1\n", err => qr/boom/,
  lua => 'process:on("uncaughtExceptionMonitor", function() print "monitor" end)
    process:on("exit", function(c) print("exit " .. c) end) error "boom"',
  js => 'process.on("uncaughtExceptionMonitor", () => console.log("monitor"));
    process.on("exit", c => console.log("exit " + c)); throw new Error("boom")');
Pair::check(name => 'a thrown table reaches the listener as it is', out => "1\n",
  lua => 'process:on("uncaughtException", function(e) print(e.a) end) error { a = 1 }',
  js => 'process.on("uncaughtException", e => console.log(e.a)); throw { a: 1 }');
Pair::check(name => 'a thrown string reaches it as an Error', out => "true\tx\n",
  lua => 'process:on("uncaughtException", function(e) print(instanceof(e, Error), e.message) end) error("x", 0)');
Pair::check(name => 'exitCode in the handler is the status', code => 6, out => "exit 6\n",
  lua => 'process:on("uncaughtException", function() process.exitCode = 6 end)
    process:on("exit", function(c) print("exit " .. c) end) error "boom"',
  js => 'process.on("uncaughtException", () => { process.exitCode = 6 });
    process.on("exit", c => console.log("exit " + c)); throw new Error("boom")');
Pair::check(name => 'exit in the handler is the status', code => 5, out => "exit 5\n",
  lua => 'process:on("uncaughtException", function() process.exit(5) end)
    process:on("exit", function(c) print("exit " .. c) end) error "boom"',
  js => 'process.on("uncaughtException", () => process.exit(5));
    process.on("exit", c => console.log("exit " + c)); throw new Error("boom")');
my $seven = 'process:on("exit", function() print "exit" end) process.exitCode = 3 ';
my $seven_js = 'process.on("exit", () => console.log("exit")); process.exitCode = 3; ';
Pair::check(name => 'an error in the listener: 7, its report, no exit event', code => 7, err => qr/Error: second/,
  lua => $seven . 'process:on("uncaughtException", function() error(Error "second") end) error "first"',
  js => $seven_js . 'process.on("uncaughtException", () => { throw new Error("second") }); throw new Error("first")');
Pair::check(name => 'an error in the monitor: 7', code => 7, err => qr/Error: second/,
  lua => $seven . 'process:on("uncaughtExceptionMonitor", function() error(Error "second") end)
    process:on("uncaughtException", function() print "never" end) error "first"',
  js => $seven_js . 'process.on("uncaughtExceptionMonitor", () => { throw new Error("second") });
    process.on("uncaughtException", () => console.log("never")); throw new Error("first")');
Pair::check(name => 'an error in the capture callback: 7', code => 7, err => qr/Error: second/,
  lua => $seven . 'process.setUncaughtExceptionCaptureCallback(function() error(Error "second") end) error "first"',
  js => $seven_js . 'process.setUncaughtExceptionCaptureCallback(() => { throw new Error("second") }); throw new Error("first")');
Pair::check(name => 'the capture callback takes the place of the listeners', out => "monitor\ncapture 1 boom\n",
  lua => 'process:on("uncaughtExceptionMonitor", function() print "monitor" end)
    process:on("uncaughtException", function() print "never" end)
    process.setUncaughtExceptionCaptureCallback(function(...) print("capture " .. select("#", ...) .. " " .. (...).message) end)
    error(Error "boom")',
  js => 'process.on("uncaughtExceptionMonitor", () => console.log("monitor"));
    process.on("uncaughtException", () => console.log("never"));
    process.setUncaughtExceptionCaptureCallback((...a) => console.log("capture " + a.length + " " + a[0].message));
    throw new Error("boom")');
Pair::check(name => 'setting it: once, null removes, anything else is refused', out => <<'END',
The "fn" argument must be of type function or null. Received type number (5)
true
ERR_UNCAUGHT_EXCEPTION_CAPTURE_ALREADY_SET: `process.setupUncaughtExceptionCapture()` was called while a capture callback was already active
false
END
  lua => 'local set, has = process.setUncaughtExceptionCaptureCallback, process.hasUncaughtExceptionCaptureCallback
    print(select(2, pcall(set, 5)).message) set(print) print(has())
    local e = select(2, pcall(set, print)) print(e.code .. ": " .. e.message) set(null) print(has())',
  js => 'const set = process.setUncaughtExceptionCaptureCallback, has = process.hasUncaughtExceptionCaptureCallback;
    try { set(5) } catch (e) { console.log(e.message) } set(() => 0); console.log(has());
    try { set(() => 0) } catch (e) { console.log(e.code + ": " + e.message) } set(null); console.log(has())');
Pair::check(name => 'a fatal hook that is no function: 6, no exit event', code => 6, err => qr/boom/,
  lua => 'process._fatalException = 5 process:on("exit", function() print "exit" end) error "boom"',
  js => 'process._fatalException = 5; process.on("exit", () => console.log("exit")); throw new Error("boom")');
Pair::check(name => 'a fatal hook that is one decides', out => "false\n",
  lua => 'process._fatalException = function(e, rejected) print(rejected) return true end error "boom"',
  js => 'process._fatalException = (e, rejected) => { console.log(rejected); return true }; throw new Error("boom")');
Pair::check(name => 'an error in a tick does not stop the next ones', out => "caught\ntwo\n",
  lua => 'process:on("uncaughtException", function() print "caught" end)
    process.nextTick(error, "one") process.nextTick(print, "two")',
  js => 'process.on("uncaughtException", () => console.log("caught"));
    process.nextTick(() => { throw new Error("one") }); process.nextTick(console.log, "two")');
Pair::check(name => 'an "error" event that nobody hears', code => 1, err => qr/Error: lost/,
  lua => 'EventEmitter():emit("error", Error "lost")',
  js => 'new (require("events"))().emit("error", new Error("lost"))');
done_testing();
