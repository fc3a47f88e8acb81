#!/usr/bin/perl
# Signals: listeners, default actions, process.kill (PR-40 to PR-43).
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Pair;
use Test::More;

Pair::check(name => 'a listener gets name and number', out => "SIGUSR2 12\n",
  lua => 'process:on("SIGUSR2", function(s, n) print(s .. " " .. n) clearTimeout(T) end)
    T = setTimeout(print, 20000, "late") process.kill(process.pid, "SIGUSR2")',
  js => 'process.on("SIGUSR2", (s, n) => { console.log(s + " " + n); clearTimeout(T) });
    const T = setTimeout(console.log, 20000, "late"); process.kill(process.pid, "SIGUSR2")');
Pair::check(name => 'a listener does not keep the program running', out => "exit\n",
  lua => 'process:on("SIGTERM", print) process:on("exit", function() print "exit" end)',
  js => 'process.on("SIGTERM", console.log); process.on("exit", () => console.log("exit"))');
Pair::check(name => 'without one the default action: no exit event', signal => 15, out => "a\n",
  lua => 'process:on("exit", function() print "exit" end) io.write "a\n" process.kill(process.pid)
    setTimeout(print, 20000, "late")',
  js => 'process.on("exit", () => console.log("exit")); console.log("a"); process.kill(process.pid);
    setTimeout(console.log, 20000, "late")');
Pair::check(name => 'once; then the default action is back', signal => 1, out => "SIGHUP\n",
  lua => 'process:once("SIGHUP", function(s) print(s) process.kill(process.pid, "SIGHUP") end)
    process.kill(process.pid, "SIGHUP") setTimeout(print, 20000, "late")',
  js => 'process.once("SIGHUP", s => { console.log(s); process.kill(process.pid, "SIGHUP") });
    process.kill(process.pid, "SIGHUP"); setTimeout(console.log, 20000, "late")');
Pair::check(name => 'off brings the default action back', signal => 2,
  lua => 'local function f() print "heard" end process:on("SIGINT", f) process:off("SIGINT", f)
    process.kill(process.pid, "SIGINT") setTimeout(print, 20000, "late")',
  js => 'const f = () => console.log("heard"); process.on("SIGINT", f); process.off("SIGINT", f);
    process.kill(process.pid, "SIGINT"); setTimeout(console.log, 20000, "late")');
Pair::check(name => 'SIGPIPE is ignored, after a listener, too', out => "here\n",
  lua => 'process.kill(process.pid, "SIGPIPE") process:on("SIGPIPE", print) process:off("SIGPIPE", print)
    process.kill(process.pid, "SIGPIPE") print "here"');
Pair::check(name => 'SIGIOT and SIGABRT are two events of one signal', out => "SIGIOT\n",
  lua => 'local t = setTimeout(print, 20000, "late")
    process:on("SIGIOT", function(s) print(s) clearTimeout(t) end) process.kill(process.pid, "SIGABRT")');
Pair::check(name => 'SIGKILL and SIGSTOP cannot be listened to', out => <<'END',
uv_signal_start EINVAL EINVAL -22 uv_signal_start 0
uv_signal_start EINVAL EINVAL -22 uv_signal_start 0
END
  lua => 'for _, s in ipairs { "SIGKILL", "SIGSTOP" } do
      local _, e = pcall(process.on, process, s, print)
      print(e.message .. " " .. e.code .. " " .. e.errno .. " " .. e.syscall .. " " .. process:listenerCount(s)) end',
  js => 'for (const s of ["SIGKILL", "SIGSTOP"]) try { process.on(s, console.log) } catch (e) {
      console.log(e.message, e.code, e.errno, e.syscall, process.listenerCount(s)) }');
Pair::check(name => 'an unknown name is an event only', out => "true 1\n",
  lua => 'process:on("SIGFOO", print) print("true " .. process:listenerCount "SIGFOO")',
  js => 'process.on("SIGFOO", console.log); console.log("true " + process.listenerCount("SIGFOO"))');
Pair::check(name => 'a second listener, and one of two removed', out => "b\n",
  lua => 'local t = setTimeout(print, 20000, "late") local function a() print "a" end
    process:on("SIGUSR2", a) process:on("SIGUSR2", function() print "b" clearTimeout(t) end) process:off("SIGUSR2", a)
    process.kill(process.pid, "SIGUSR2")',
  js => 'const t = setTimeout(console.log, 20000, "late"), a = () => console.log("a");
    process.on("SIGUSR2", a); process.on("SIGUSR2", () => { console.log("b"); clearTimeout(t) }); process.off("SIGUSR2", a);
    process.kill(process.pid, "SIGUSR2")');
Pair::check(name => 'kill: what it refuses', out => <<'END',
ERR_INVALID_ARG_TYPE The "pid" argument must be of type number. Received type string ('abc')
ESRCH kill ESRCH
EINVAL kill EINVAL
EINVAL kill EINVAL
ERR_UNKNOWN_SIGNAL Unknown signal: SIGFOO
ERR_UNKNOWN_SIGNAL Unknown signal: sigterm
ERR_UNKNOWN_SIGNAL Unknown signal: 1.5
ERR_INVALID_ARG_TYPE The "pid" argument must be of type number. Received type number (1.5)
ERR_INVALID_ARG_TYPE The "pid" argument must be of type number. Received type number (1099511627776)
END
  lua => 'local p = process.pid
    for _, a in ipairs { { "abc" }, { 99999999, 0 }, { p, 99 }, { p, -1 }, { p, "SIGFOO" }, { p, "sigterm" }, { p, 1.5 }, { 1.5, 0 }, { 2^40 | 0, 0 } } do
      local _, e = pcall(process.kill, table.unpack(a)) print(e.code .. " " .. e.message) end',
  js => 'const p = process.pid;
    for (const a of [["abc"], [99999999, 0], [p, 99], [p, -1], [p, "SIGFOO"], [p, "sigterm"], [p, 1.5], [1.5, 0], [2 ** 40, 0]])
      try { process.kill(...a) } catch (e) { console.log(e.code + " " + e.message) }');
Pair::check(name => 'kill: 0 probes, a string of digits will do, the error has its fields', out => "true true\n-3 kill\n",
  lua => 'print(tostring(process.kill(process.pid, 0)) .. " " .. tostring(process.kill(tostring(process.pid), 0)))
    local _, e = pcall(process.kill, 99999999, 0) print(e.errno .. " " .. e.syscall)',
  js => 'console.log(process.kill(process.pid, 0) + " " + process.kill("" + process.pid, 0));
    try { process.kill(99999999, 0) } catch (e) { console.log(e.errno + " " + e.syscall) }');
Pair::check(name => 'a loop that runs is not disturbed by a listener', out => "done\nSIGUSR2\n",
  lua => 'process:on("SIGUSR2", function(s) print(s) end) process.kill(process.pid, "SIGUSR2")
    for i = 1, 1e5 do end print "done" setTimeout(function() end, 50)',
  js => 'process.on("SIGUSR2", s => console.log(s)); process.kill(process.pid, "SIGUSR2");
    for (let i = 0; i < 1e5; i++); console.log("done"); setTimeout(() => 0, 50)');
done_testing();
