#!/usr/bin/perl
# What an uncaught error looks like: where, the source line, what is named in it, the error with its
# fields, and the frames of the script alone.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Program;
use Test::More;

# The script x.lua ends with code 1 and says exactly this on standard error.
sub dies {
  my ($name, $text, $want, %more) = @_;
  my $dir = folder('x.lua' => $text, %{ $more{files} || {} });
  my $r = run({ cwd => $dir }, 'x.lua');
  $want =~ s/DIR/$dir/g;
  says($r, $more{code} // 1, $more{out} // '', $want, $name);
}

dies('a thrown string', <<'LUA', <<'ERR');
local function f()
  error("boom")
end
f()
LUA
x.lua:2
  error("boom")
  ^

Error: x.lua:2: boom
    at f (x.lua:2)
    at x.lua:4
ERR

dies('an Error with fields and a cause, thrown later', <<'LUA', <<'ERR');
local e = TypeError("bad", { cause = Error "inner" })
e.code = "ERR_X"
e.extra = { 1, 2 }
process.nextTick(function() error(e) end)
LUA
x.lua:1
local e = TypeError("bad", { cause = Error "inner" })
^

TypeError: bad
    at x.lua:1 {
  cause = Error: inner
      at x.lua:1,
  code = "ERR_X",
  extra = { 1, 2 }
}
ERR

dies('a function that its call has no name for', <<'LUA', <<'ERR');
local key = "f" .. #arg
local t = { [key] = function() error(Error "inside") end }
function t.named() t[key]() end
t.named()
LUA
x.lua:2
local t = { [key] = function() error(Error "inside") end }
^

Error: inside
    at x.lua:2
    at named (x.lua:3)
    at x.lua:4
ERR

dies('what Lua names is pointed at', <<'LUA', <<'ERR');
local t = {}
	print("a tab before", t.missing.field)
LUA
x.lua:2
	print("a tab before", t.missing.field)
	                        ^

Error: x.lua:2: attempt to index a nil value (field 'missing')
    at x.lua:2
ERR

dies('columns are characters', <<'LUA', <<'ERR');
local s = "äöü" .. nothing
LUA
x.lua:1
local s = "äöü" .. nothing
                   ^

Error: x.lua:1: attempt to concatenate a nil value (global 'nothing')
    at x.lua:1
ERR

dies("$_->[0]: where it was thrown", "local x = 1\n  error($_->[0])\n", <<"ERR")
x.lua:2
  error($_->[0])
  ^

Uncaught $_->[1]
ERR
  for ['{ a = 1 }', '{ a = 1 }'], ['nil', 'nil'], ['null', 'null'], ['42', '42'], ['true', 'true'];

dies('a string without position', qq{error("x", 0)\n}, <<'ERR');
x.lua:1
error("x", 0)
^

Error: x
    at x.lua:1
ERR

dies('inside coroutine.wrap', <<'LUA', <<'ERR');
local go = coroutine.wrap(function()
  local f = nil
  f()
end)
go()
LUA
x.lua:3
  f()
  ^

Error: x.lua:5: x.lua:3: attempt to call a nil value (local 'f')
    at x.lua:3
    at x.lua:5
ERR

dies('an "error" event without a listener', <<'LUA', <<'ERR');
local Door = EventEmitter:extend "Door"
local function knock(d) d:emit("error", RangeError "who?") end
knock(Door())
LUA
x.lua:2
local function knock(d) d:emit("error", RangeError "who?") end
^

RangeError: who?
    at knock (x.lua:2)
    at x.lua:3
Emitted 'error' event on Door instance at:
    at knock (x.lua:2)
ERR

dies('an "error" event with another value', qq{EventEmitter():emit("error", { x = 1 })\n}, <<'ERR');
x.lua:1
EventEmitter():emit("error", { x = 1 })
^

Error [ERR_UNHANDLED_ERROR]: Unhandled error. ({ x = 1 })
    at x.lua:1 {
  code = "ERR_UNHANDLED_ERROR",
  context = { x = 1 }
}
ERR

dies('a rejection that nobody handles', qq{\nPromise.reject(Error "no")\n}, <<'ERR');
x.lua:2
Promise.reject(Error "no")
^

Error: no
    at x.lua:2
ERR

dies('an awaited rejection', qq{await(Promise.reject(Error "no"))\n}, <<'ERR');
x.lua:1
await(Promise.reject(Error "no"))
^

Error: no
    at x.lua:1
ERR

dies('in a required file', qq{require "./sub/y"\n}, <<'ERR', files => { 'sub/y.lua' => "\nerror 'y'\n" });
sub/y.lua:2
error 'y'
^

Error: sub/y.lua:2: y
    at sub/y.lua:2
    at x.lua:1
ERR

# Syntax
dies('a syntax error', qq{local x = 1\nfor i = 1, 3 print(i) end\n}, <<'ERR');
x.lua:2
for i = 1, 3 print(i) end
             ^

SyntaxError: x.lua:2: 'do' expected near 'print'
    at x.lua:2
ERR

dies('an unclosed block: where it begins', qq{\nfunction f()\n  print(1)\n}, <<'ERR');
x.lua:2
function f()
^

SyntaxError: x.lua:4: 'end' expected (to close 'function' at line 2) near <eof>
    at x.lua:2
ERR

dies('an unclosed string', qq{  print("abc)\n}, <<'ERR');
x.lua:1
  print("abc)
        ^

SyntaxError: x.lua:1: unfinished string near '"abc)'
    at x.lua:1
ERR

dies('a syntax error in a required file', qq{require "./y"\n}, <<'ERR', files => { 'y.lua' => "x = = 1\n" });
y.lua:1
x = = 1
^

SyntaxError: y.lua:1: unexpected symbol near '='
    at y.lua:1
    at x.lua:1
ERR

# A script that waits for ever
dies('a top-level await that never settles', <<'LUA', <<'ERR', code => 13, out => "exit\t13\n");
process:on("exit", function(code) print("exit", code) end)
local function wait()
  await(Promise(function() end))
end
wait()
LUA
Warning: Detected unsettled top-level await at x.lua:3
  await(Promise(function() end))
  ^
ERR

# Standard input and -e
says(run('-e', 'local a = nil; a.b = 1'), 1, '', <<'ERR', 'an error of -e');
[eval]:1
local a = nil; a.b = 1
^

Error: [eval]:1: attempt to index a nil value (local 'a')
    at [eval]:1
ERR

# Long and odd ones
dies('a long line is cut', 'x = nil .. "' . 'y' x 600 . qq{"\n}, qr/^x\.lua:1\nx = nil \.\. "y{400,520}\n\^\n/);
dies('bytes that are no text', qq{error("\\255\\0x")\n}, qr/^x\.lua:1\n/);
dies('a file that goes away', <<'LUA', qr/^(?:x\.lua:2\n)?\n?Error: x\.lua:2: gone\n/);
os.remove(__filename)
error "gone"
LUA
dies('after a change of folder', qq{process.chdir "/"\nerror "no"\n}, qr/^x\.lua:2\nerror "no"\n\^\n/);
dies('a binary chunk is refused', "\eLua", qr/SyntaxError|attempt to load a binary chunk/);

# Seen from a handler
dies('uncaughtException takes it', <<'LUA', '', code => 0, out => "taken\tError: x.lua:4: no\tuncaughtException\n");
process:on("uncaughtException", function(e, origin)
  print("taken", e, origin)
end)
error "no"
LUA
dies('a handler that fails: 7', <<'LUA', qr/^x\.lua:1\n/, code => 7);
process:on("uncaughtException", function() error "worse" end)
error "no"
LUA
done_testing();
