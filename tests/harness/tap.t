#!/usr/bin/perl
# The harness in Lua passes good tests and finds what it is there for: each fault is planted in a test of
# its own, run by the program.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use File::Temp qw(tempdir);
use Sandbox;
use Test::More;

my $dir = tempdir(CLEANUP => 1);
my $lib = "$FindBin::Bin/../lib";

# Runs Lua code as a test file; returns its TAP and its exit code.
sub try {
  my ($code) = @_;
  open my $out, '>', "$dir/t.lua" or die $!;
  print $out "package.path = \"$lib/?.lua;\" .. package.path\nlocal tap = require \"tap\"\n$code\n";
  close $out;
  my $r = Sandbox::run(command => [Sandbox::prefix(), Sandbox::program(), "$dir/t.lua"], capture => 1,
    cwd => $dir);
  diag($r->{err}) if $r->{err} =~ /\S/ && $code !~ /stderr is expected/;
  return ($r->{out}, $r->{code});
}

sub passes {
  my ($name, $code, $n) = @_;
  my ($text, $exit) = try($code);
  my $ok = $exit == 0 && $text =~ /^1\.\.$n$/m && $text !~ /^not ok/m;
  ok($ok, "passes: $name") or diag("code $exit\n$text");
}

sub fails {
  my ($name, $code, $what) = @_;
  my ($text, $exit) = try($code);
  my $ok = $exit != 0 && $text =~ /^not ok/m && $text =~ $what;
  ok($ok, "fails: $name") or diag("code $exit\n$text");
}

passes('values', <<'LUA', 1);
tap.test("values", function()
  tap.ok(1) tap.is(1, 1) tap.is("a", "a") tap.isnt(1, 1.0) tap.like("abc", "b")
  local t = { 1, { x = { true } } }
  t.self = t
  local u = { 1, { x = { true } } }
  u.self = u
  tap.is_deep(t, u)
end)
LUA
passes('errors', <<'LUA', 1);
tap.test("errors", function()
  tap.raises(function() error("boom", 0) end, "^boom$")
  tap.raises(function() error({ code = "E", message = "no luck" }) end, { code = "E", message = "luck" })
  tap.is_error({ code = "E" }, { code = "E" })
end)
LUA
passes('asynchronous tests in their order', <<'LUA', 3);
local order = {}
tap.test("one", function(done)
  setTimeout(tap.expect(function() order[1] = "one" done() end), 20)
end)
tap.test("two", function(done)
  tap.is_deep(order, { "one" })
  setTimeout(function() order[2] = "two" done() end, 1)
end)
tap.test("three", function() tap.is_deep(order, { "one", "two" }) end)
LUA
passes('an assertion outside a test', 'tap.ok(true, "alone")', 1);
passes('no test', '', 0);
passes('a test that was skipped', 'tap.skip("not here", "why")', 1);

fails('a wrong value', 'tap.test("t", function() tap.is(1, 2, "one") end)', qr/t\.lua:3: one\n#   got      1\n#   expected 2/);
fails('integer and float', 'tap.test("t", function() tap.is(1, 1.0) end)', qr/expected 1\.0/);
fails('a deep difference', 'tap.test("t", function() tap.is_deep({ a = { 1 } }, { a = { 2 } }) end)',
  qr/value\["a"\]\[1\]: got 1, expected 2/);
fails('a surplus key', 'tap.test("t", function() tap.is_deep({ a = 1 }, {}) end)', qr/not expected/);
fails('an error', 'tap.test("t", function() error("boom") end)', qr/boom/);
fails('a missing error', 'tap.test("t", function() tap.raises(function() end) end)', qr/no error was raised/);
fails('another error', 'tap.test("t", function() tap.raises(function() error({ code = "A" }) end, { code = "B" }) end)',
  qr/code: got "A", expected "B"/);
fails('done with an error', 'tap.test("t", function(done) setTimeout(function() done("no good") end, 1) end)', qr/no good/);
fails('a wrong value in a callback', 'tap.test("t", function(done) setTimeout(function() tap.ok(false, "later") done() end, 1) end)',
  qr/later/);
fails('a test that never ends', 'tap.test("t", function(done) end)', qr/the program ended before the test did/);
fails('tests after one that never ends', 'tap.test("t", function(done) end) tap.test("u", function() end)',
  qr/^not ok 2 - u\n# was never started/m);
fails('a callback never called', 'tap.expect(print)', qr/expected 1 times, called 0\n# wrapped at .*t\.lua:3/);
fails('a callback called too often', 'local f = tap.expect(function() end) f() f()', qr/expected 1 times, called 2/);
fails('a callback that must not be', 'tap.never("never")()', qr/never expected 0 times, called 1/);
fails('an open descriptor', 'F = io.open("/dev/null")', qr/descriptor \d+ is still open/);
passes('an open descriptor that is the point', 'tap.allow "fds" F = io.open("/dev/null")', 0);
fails('a moved folder', 'process.chdir("/")', qr/the working folder was moved to \//);
fails('the ceiling', 'tap.ceiling(50) tap.test("t", function(done) setInterval(function() end, 10) end)',
  qr/not ended within 50 ms/);

done_testing();
