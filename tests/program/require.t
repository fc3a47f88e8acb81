#!/usr/bin/perl
# How require finds, loads and keeps modules, and what it says when it cannot.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Program;
use Test::More;

my ($name, $dir);
sub gives {
  my ($what, $files, $out, $err, $code) = @_;
  $dir = folder(%$files);
  ($out, $err) = map { ref $_ ? $_ : ($_ // '') =~ s/\bDIR\b/$dir/gr } $out, $err;
  says(run({ cwd => $dir }, 'x.lua'), $code // 0, $out, $err, $what);
}

gives('a built-in module, with and without node:', { 'x.lua' => <<'LUA', 'events.lua' => 'error "not me"' }, "true\ttrue\n");
print(require "events" == require "node:events", require "events" == EventEmitter)
LUA

gives('a file beside the one that asks; it runs once', { 'x.lua' => <<'LUA',
local a = require "./lib/a"
print(a.name, a == require "./lib/a.lua", require "./lib/../lib/a" == a, package.loaded[a.file] == a)
LUA
  'lib/a.lua' => 'print("a runs", ...) return { name = "a", file = __filename }' },
  "a runs\t./lib/a\tDIR/lib/a.lua\na\ttrue\ttrue\ttrue\n");

gives('relative to the file, not to the working folder', { 'x.lua' => 'process.chdir "/" print(require "./lib/a")',
  'lib/a.lua' => 'return require "./b"', 'lib/b.lua' => 'return require "../c"', 'c.lua' => 'return "c"' }, "c\n");

gives('a function that is called elsewhere asks for its own file', { 'x.lua' => <<'LUA',
local a = require "./lib/a"
print(a(), pcall(a), select(2, pcall(require, "./lib/b")))
LUA
  'lib/a.lua' => 'return function() return (require "./b") end', 'lib/b.lua' => 'return "b"' }, "b\ttrue\tb\n");

gives('endings and folders', { 'x.lua' => <<'LUA',
print(require "./a", require "./b", require "./c", require "./d.txt", require "./lib/..", require "./j".k[2])
LUA
  'a' => 'return "a itself"', 'a.lua' => 'return "a.lua"', 'b.lua' => 'return "b.lua"', 'b/init.lua' => 'return "no"',
  'c/init.lua' => 'return "c/init"', 'd.txt' => 'return "d"', 'init.lua' => 'return "init"',
  'j.json' => '{"k": [1, 2]}' }, "a itself\tb.lua\tc/init\td\tinit\t2\n");

gives('what a file returns', { 'x.lua' => <<'LUA', 'n.lua' => '', 'f.lua' => 'return false',
print(require "./n", require "./f", require "./own", require "./own")
LUA
  'own.lua' => 'package.loaded[__filename] = "own"' }, "true\tfalse\town\town\n");

gives('symbolic links are one file', { 'x.lua' => <<'LUA', 'a.lua' => 'print "once" return __filename' }, "once\ntrue\n");
os.execute("ln -s a.lua link.lua")
print(require "./a" == require "./link")
LUA

gives('plain names go through package.path', { 'x.lua' => <<'LUA',
package.path = "./mods/?.lua;./mods/?/init.lua"
print(require "one", require "two.three", (require "four"))
print(package.loaded.one, require "one" == require "./mods/one")
LUA
  'mods/one.lua' => 'print(...) return 1', 'mods/two/three.lua' => 'return require "./near"',
  'mods/two/near.lua' => 'return "near"', 'mods/four/init.lua' => 'return __dirname' },
  "one\tDIR/mods/one.lua\n1\tnear\tDIR/mods/four\n1\ttrue\n");

gives('package.preload, package.loaded and searchers as in stock Lua', { 'x.lua' => <<'LUA' }, "p\t:preload:\nl\ns\textra\n");
package.preload.p = function(name, extra) return name end
package.loaded.l = "l"
table.insert(package.searchers, function(name)
  if name == "s" then return function(n, x) return n end, "extra" end
  return "\n\tno luck"
end)
print(require "p")
print(require "l")
print(require "s")
LUA

gives('a shebang line and a byte order mark', { 'x.lua' => "#!/usr/bin/env moonfork\nprint(require './a')",
  'a.lua' => "\xEF\xBB\xBF# whatever\nreturn debug.getinfo(1, 'l').currentline" }, "2\n");

gives('__filename and __dirname', { 'x.lua' => <<'LUA',
local f = require "./lib/a"
print(__filename, __dirname)
print(f())
print(load "return __filename"())
dofile "d.lua"
LUA
  'lib/a.lua' => 'return function() return __filename, __dirname end', 'd.lua' => 'print(__filename)' },
  "DIR/x.lua\tDIR\nDIR/lib/a.lua\tDIR/lib\nnil\nDIR/d.lua\n");

gives('files of one name in two folders', { 'x.lua' => <<'LUA', 'w.lua' => 'return function() return __filename end',
local one = require "./w"
process.chdir "lib"
local two = require "./lib/w"
print(one(), two())
LUA
  'lib/w.lua' => 'return function() return __filename end' }, "DIR/w.lua\tDIR/lib/w.lua\n");

gives('the main script is not run again', { 'x.lua' => <<'LUA', 'a.lua' => 'return function() return require "./x" end',
print "main"
local ask = require "./a"
process.nextTick(function() print(ask().name) end)
return { name = "x" }
LUA
}, "main\nx\n");

# Errors
gives('a loop of files', { 'x.lua' => 'require "./a"', 'a.lua' => 'local b = require "./b"', 'b.lua' => "\nrequire './a'" },
  '', <<'ERR', 1);
b.lua:2
require './a'
^

Error [ERR_REQUIRE_CYCLE]: Files require each other in a loop:
- DIR/a.lua
- DIR/b.lua
- DIR/a.lua
    at b.lua:2
    at a.lua:1
    at x.lua:1 {
  code = "ERR_REQUIRE_CYCLE"
}
ERR

gives('a loop with the main script', { 'x.lua' => 'require "./a"', 'a.lua' => 'require "./x"' }, '',
  qr{\[ERR_REQUIRE_CYCLE\].*\n- \S+/x\.lua\n- \S+/a\.lua\n- \S+/x\.lua\n}, 1);

gives('a file that is not there', { 'x.lua' => 'local ok, e = pcall(require, "./lib/a") print(e.code, table.unpack(e.requireStack)) error(e)',
  'lib/a.lua' => "local x\nrequire './nothing'" }, "MODULE_NOT_FOUND\tDIR/lib/a.lua\tDIR/x.lua\n",
  qr{^lib/a\.lua:2\nrequire '\./nothing'\n\^\n\nError: Cannot find module '\./nothing'\nRequire stack:\n- \S+/lib/a\.lua\n- \S+/x\.lua\n}, 1);

gives('a plain name: the file beside is named', { 'x.lua' => <<'LUA', 'sub/w.lua' => '', 'sub/y.lua' => 'return require "w"' }, <<'OUT');
local ok, e = pcall(require, "./sub/y")
print(e.code, e.message:match "^[^\n]*")
ok, e = pcall(require, "nothing.at.all")
print(e.code, e.message:match "^[^\n]*", #e.requireStack)
LUA
MODULE_NOT_FOUND	Cannot find module 'w' (a file of this folder is required as './w')
MODULE_NOT_FOUND	Cannot find module 'nothing.at.all'	1
OUT

gives('wrong arguments', { 'x.lua' => <<'LUA' }, <<'OUT');
for _, id in ipairs { "", "node:nothing", "./", "node:./x", "\0", "./\0", ("x"):rep(5000), "./" .. ("y/"):rep(3000), "/" } do
  local ok, e = pcall(require, id)
  print(ok, e.code)
end
print(select(2, pcall(require)).message)
print(select(2, pcall(require, {})).code)
LUA
false	ERR_INVALID_ARG_VALUE
false	ERR_UNKNOWN_BUILTIN_MODULE
false	MODULE_NOT_FOUND
false	ERR_UNKNOWN_BUILTIN_MODULE
false	ERR_INVALID_ARG_VALUE
false	ERR_INVALID_ARG_VALUE
false	MODULE_NOT_FOUND
false	MODULE_NOT_FOUND
false	MODULE_NOT_FOUND
The "id" argument must be of type string. Received nil
ERR_INVALID_ARG_TYPE
OUT

gives('a file that fails is loaded anew the next time', { 'x.lua' => <<'LUA', 'a.lua' => 'N = (N or 0) + 1 if N == 1 then error "first" end return N' }, "false\n2\n");
print((pcall(require, "./a")))
print(require "./a")
LUA

gives('JSON that is none', { 'x.lua' => 'local ok, e = pcall(require, "./j") print(e.name, (e.message:sub(#__dirname + 1)))',
  'j.json' => '{"a": }' }, qr/^SyntaxError\t\/j\.json: Unexpected token '\}'/);

gives('a file that may not be read', { 'x.lua' => <<'LUA', 'a.lua' => '' }, "EISDIR\nEACCES or root\n");
os.execute "mkdir -p d.lua"
local ok, e = pcall(require, "/proc/self/mem")
print(pcall(require, "./d.lua") == false and "EISDIR")
os.execute "chmod 0 a.lua"
ok, e = pcall(require, "./a")
print((ok or e.code == "EACCES") and "EACCES or root")
LUA

# Globals
gives('globals come on first use and stay', { 'x.lua' => <<'LUA' }, "nil\ttrue\ttrue\nnil\tnil\tmine\n");
print(rawget(_G, "Buffer"), Buffer == require "buffer".Buffer, rawget(_G, "Buffer") == Buffer)
process = nil
console = nil
JSON = "mine"
print(rawget(_G, "process"), nothing, JSON)
LUA
says(run('-e', 'print(path == require "path", util ~= nil, __filename, nothing)'), 0, "true\ttrue\tnil\tnil\n", '',
  'with -e every module is a global');
gives('in a script it is not', { 'x.lua' => 'print(path, util)' }, "nil\tnil\n");

# The module "module"
gives('module', { 'x.lua' => <<'LUA', 'sub/a.lua' => 'return "sub/a"' }, "true\ttrue\tfalse\ttrue\nsub/a\tsub/a\nERR_INVALID_ARG_VALUE\n");
local module = require "module"
local names = {}
for _, n in ipairs(module.builtinModules) do names[n] = true end
print(module.isBuiltin "events", module.isBuiltin "node:events", module.isBuiltin(1), names.events)
print(module.createRequire(__dirname .. "/sub/x.lua") "./a", module.createRequire(__dirname .. "/sub/") "./a.lua")
print(select(2, pcall(module.createRequire, "sub/")).code)
LUA

done_testing();
