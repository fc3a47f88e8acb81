#!/usr/bin/perl
# What the program does to its process before a script runs: limits, locale, signals, title; and that C
# modules for Lua find Lua's symbols in it.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Program;
use Test::More;

my $moonfork = Sandbox::program();

# A script as a program of its own
my $dir = folder('hello' => "#!$moonfork\nprint('hi', ..., __filename)\nerror 'line 3'\n");
chmod 0755, "$dir/hello";
SKIP: {
  skip 'a prefix before the program', 1 if Sandbox::prefix();
  says(run({ cwd => $dir, program => "$dir/hello" }, 'x'), 1, "hi\tx\t$dir/hello\n", qr/^hello:3\nerror 'line 3'\n/,
    'a shebang line; its line counts');
}

# Descriptors: as many as the system allows
says(run({ program => '/bin/sh' }, '-c', qq{ulimit -Sn 64; exec "$moonfork" -e '
  for line in io.lines "/proc/self/limits" do
    local soft, hard = line:match "^Max open files%s+(%S+)%s+(%S+)"
    if soft then print(soft == hard, soft ~= "64") end
  end'}), 0, "true\ttrue\n", '', 'the soft limit of descriptors is the hard one');

# Numbers keep their point whatever the locale; characters follow it
says(run({ env => { LC_ALL => $_ } }, '-e', 'print(1.5, tonumber "2.5", os.setlocale(nil, "ctype"):match "UTF.?8" ~= nil)'),
  0, "1.5\t2.5\ttrue\n", '', "LC_ALL=$_") for 'C', 'C.UTF-8', 'nowhere.UTF-8';

# A pipe that nobody reads
says(run({ program => '/bin/sh' }, '-c', qq{"$moonfork" -e 'for i = 1, 1e5 do print(i) end os.exit(7)' | head -1; echo done}),
  0, "1\ndone\n", qr/^(?!.*signal)/, 'a closed pipe is no signal');

# The title
says(run('-e', <<'LUA'), 0, qr/\Anew title\nnew title\n\z/, '', 'process.title');
process.title = "new title"
print(process.title)
for line in io.lines "/proc/self/cmdline" do print((line:gsub("\0.*", ""))) break end
LUA

# What process tells of the command line
$dir = folder('x.lua' => 'print(table.concat(process.argv, " ", 2), table.concat(process.execArgv, " "), process.argv0)');
my $word = $moonfork;
says(run({ cwd => $dir }, '--no-warnings', 'x', '-a', 'b'), 0, "$dir/x -a b\t--no-warnings\t$word\n", '',
  'process.argv, execArgv, argv0');
says(run('-e', 'print(#process.argv, process.argv[2], process.execArgv[1])', 'a'), 0, "2\ta\t-e\n", '', 'those of -e');
says(run({ stdin => 'print(process.argv[2], process.argv[3])' }, '-', 'a'), 0, "-\ta\n", '', 'those of standard input');

# Nothing is left open that a child would inherit
says(run({ program => $^X }, '-MPOSIX', '-e', 'POSIX::close($_) for 3 .. 1023; exec @ARGV', $moonfork, '-e', <<'LUA'), 0, '', '', 'every descriptor above 2 is closed on exec');
local p = io.popen "ls -l /proc/self/fd"
for line in p:lines() do
  local fd, target = line:match " (%d+) %-> (.*)$"
  if fd and tonumber(fd) > 2 and not target:find "^/proc/%d+/fd" then print(fd, target) end
end
p:close()
LUA

# A C module
SKIP: {
  skip 'no compiler', 1 unless grep { -x "$_/gcc" } split /:/, $ENV{PATH};
  my $c = folder('mod.c' => <<'C', 'x.lua' => 'package.cpath = __dirname .. "/?.so" print(require "mod" (20))');
#include <lua.h>
#include <lauxlib.h>
static int twice(lua_State *L) { lua_pushinteger(L, 2 * luaL_checkinteger(L, 1)); return 1; }
int luaopen_mod(lua_State *L) { lua_pushcfunction(L, twice); return 1; }
C
  my $flags = qx(pkg-config --cflags lua5.4);
  chomp $flags;
  is(system("gcc -shared -fPIC $flags -o $c/mod.so $c/mod.c"), 0, 'a C module is built');
  says(run({ cwd => $c }, 'x.lua'), 0, "40\n", '', 'require loads it');
}
done_testing();
