#!/usr/bin/perl
# process.emitWarning: forms, order, printing, options (PR-32 to PR-34).
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Pair;
use Test::More;

my $hint = qr/\(Use `(?:node|moonfork)(?:-\w+)* --trace-warnings \.\.\.` to show where the warning was created\)/;

Pair::check(name => 'printed in the next tick, the hint only once', out => "now\n",
  err => qr/^\((?:node|moonfork):PID\) Warning: m1\n$hint\n\((?:node|moonfork):PID\) \[C1\] Custom: m2\n\z/,
  lua => 'process.emitWarning "m1" process.emitWarning("m2", "Custom", "C1") print "now"',
  js => 'process.emitWarning("m1"); process.emitWarning("m2", "Custom", "C1"); console.log("now")');
Pair::check(name => 'options; the detail on lines of its own',
  err => qr/^\((?:node|moonfork):PID\) \[X\] T: m3\none\ntwo\n$hint\n\z/,
  lua => 'process.emitWarning("m3", { type = "T", code = "X", detail = "one\ntwo" })',
  js => 'process.emitWarning("m3", { type: "T", code: "X", detail: "one\ntwo" })');
Pair::check(name => 'an Error keeps its name', err => qr/PID\) \[E\] Foo: m\n/,
  lua => 'local e = Error "m" e.name, e.code = "Foo", "E" process.emitWarning(e, "Bar", "F")',
  js => 'const e = new Error("m"); e.name = "Foo"; e.code = "E"; process.emitWarning(e, "Bar", "F")');
Pair::check(name => 'the event carries an Error, in the next tick', err => qr/Warning: m1/,
  out => "sync\nWarning m1 nil nil true\ntick\nWarning x nil d true\n",
  lua => 'process:on("warning", function(w)
      print(w.name .. " " .. w.message .. " " .. tostring(w.code) .. " " .. tostring(w.detail) .. " " .. tostring(instanceof(w, Error))) end)
    process.emitWarning "m1" process.nextTick(print, "tick") print "sync" process.emitWarning("x", { detail = "d" })',
  js => 'const t = x => x === undefined ? "nil" : x;
    process.on("warning", w => console.log(w.name, w.message, t(w.code), t(w.detail), w instanceof Error));
    process.emitWarning("m1"); process.nextTick(console.log, "tick"); console.log("sync"); process.emitWarning("x", { detail: "d" })');
Pair::check(name => 'wrong arguments', out => <<'END',
The "warning" argument must be of type string or an instance of Error. Received type number (5)
The "type" argument must be of type string. Received type number (5)
The "code" argument must be of type string. Received type number (5)
The "type" argument must be of type string. Received type number (5)
The "code" argument must be of type string. Received type number (5)
The "type" argument must be of type string. Received type boolean (true)
END
  lua => 'for _, a in ipairs { { 5 }, { "a", 5 }, { "a", "b", 5 }, { "a", { type = 5 } }, { "a", { code = 5 } }, { Error "q", true } } do
      local e = select(2, pcall(process.emitWarning, table.unpack(a))) print(e.message) end',
  js => 'for (const a of [[5], ["a", 5], ["a", "b", 5], ["a", { type: 5 }], ["a", { code: 5 }], [new Error("q"), true]])
      try { process.emitWarning(...a) } catch (e) { console.log(e.message) }');
Pair::check(name => '--no-warnings silences the printing only', options => ['--no-warnings'], out => "m1\n",
  lua => 'process:on("warning", function(w) print(w.message) end) process.emitWarning "m1"',
  js => 'process.on("warning", w => console.log(w.message)); process.emitWarning("m1")');
Pair::check(name => 'removing the listeners silences it, too',
  lua => 'process:removeAllListeners "warning" process.emitWarning "m1"',
  js => 'process.removeAllListeners("warning"); process.emitWarning("m1")');
Pair::check(name => '--trace-warnings prints where', options => ['--trace-warnings'],
  err => qr/PID\) Warning: m1\n    at .*\ndd\n\z/s,
  lua => 'process.emitWarning("m1", { detail = "dd" })', js => 'process.emitWarning("m1", { detail: "dd" })');
Pair::check(name => 'ctor: the stack begins at its caller', options => ['--trace-warnings'],
  err => qr/Warning: m1\n    at outer (?!.*inner)/s,
  lua => 'local function inner() process.emitWarning("m1", inner) end
    local function outer() inner() return nil end outer()',
  js => 'function inner() { process.emitWarning("m1", inner) } function outer() { inner() } outer()');
Pair::check(name => 'noDeprecation drops', out => "nil\n",
  lua => 'print(process.noDeprecation) process.noDeprecation = true process:on("warning", print)
    process.emitWarning("m", "DeprecationWarning")',
  js => 'console.log(process.noDeprecation ?? "nil"); process.noDeprecation = true; process.on("warning", console.log);
    process.emitWarning("m", "DeprecationWarning")');
Pair::check(name => 'throwDeprecation throws in the next tick', out => "after\nDeprecationWarning D1\n",
  lua => 'process.throwDeprecation = true
    process:on("uncaughtException", function(w) print(w.name .. " " .. w.code) end)
    process.emitWarning("m", "DeprecationWarning", "D1") print "after"',
  js => 'process.throwDeprecation = true;
    process.on("uncaughtException", w => console.log(w.name + " " + w.code));
    process.emitWarning("m", "DeprecationWarning", "D1"); console.log("after")');
Pair::check(name => '--throw-deprecation: status 1', options => ['--throw-deprecation'], code => 1,
  err => qr/DeprecationWarning: m/, out => "true\n",
  lua => 'print(process.throwDeprecation) process.emitWarning("m", "DeprecationWarning")',
  js => 'console.log(process.throwDeprecation); process.emitWarning("m", "DeprecationWarning")');
Pair::check(name => 'traceDeprecation traces these only', err => qr/PID\) \[D\] DeprecationWarning: m\n    at .*\n\((?:node|moonfork):PID\) Warning: n\n$hint/s,
  lua => 'process.traceDeprecation = true process.emitWarning("m", "DeprecationWarning", "D") process.emitWarning "n"',
  js => 'process.traceDeprecation = true; process.emitWarning("m", "DeprecationWarning", "D"); process.emitWarning("n")');
Pair::check(name => 'a leak of listeners is a warning', err => qr/MaxListenersExceededWarning: Possible EventEmitter memory leak detected. 11 x listeners added/,
  lua => 'local e = EventEmitter() for i = 1, 11 do e:on("x", print) end',
  js => 'const e = new (require("events"))(); for (let i = 0; i < 11; i++) e.on("x", () => 0)');
done_testing();
