#!/usr/bin/perl
# setuid and its like: numbers and names, what is refused, and in whose words (PR-66).
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Pair;
use Test::More;

my $lua = 'local function try(f, ...)
    local ok, e = pcall(process[f], ...)
    print(f, ok and "fine" or tostring(e.code) .. " " .. tostring(e.errno) .. " " .. tostring(e.syscall) .. " " .. e.message)
  end ';
my $js = 'const p = (...a) => console.log(a.join("\t"));
  function try_(f, ...a) {
    try { process[f](...a); p(f, "fine") }
    catch (e) { p(f, `${e.code} ${e.errno ?? "nil"} ${e.syscall ?? "nil"} ${e.message}`) }
  } ';

my (@lua, @js, @out);
for my $f (qw(setuid seteuid setgid setegid)) {
  my $kind = $f =~ /uid/ ? 'User' : 'Group';
  push @lua, "try('$f', -1) try('$f', 1.5) try('$f', 4294967296) try('$f', 'no-such-name') try('$f', true)";
  push @js, "try_('$f', -1); try_('$f', 1.5); try_('$f', 4294967296); try_('$f', 'no-such-name'); try_('$f', true)";
  my $range = "$f\tERR_OUT_OF_RANGE nil nil The value of \"id\" is out of range. It must be";
  push @out, "$range >= 0 && <= 4294967295. Received -1", "$range an integer. Received 1.5",
    "$range >= 0 && <= 4294967295. Received 4294967296",
    "$f\tERR_UNKNOWN_CREDENTIAL nil nil $kind identifier does not exist: no-such-name",
    "$f\tERR_INVALID_ARG_TYPE nil nil The \"id\" argument must be one of type number or string. "
    . "Received type boolean (true)";
}
Pair::check(name => 'what is no user and no group', lua => $lua . join("\n", @lua), js => $js . join("\n", @js),
  out => join('', map { "$_\n" } @out));

Pair::check(name => 'lists of groups',
  lua => $lua . 'try("setgroups", 1) try("setgroups", { "no-such-name" }) try("initgroups", 1)
    try("initgroups", "root", "no-such-name") try("initgroups", 4294967294, 0)',
  js => $js . 'try_("setgroups", 1); try_("setgroups", ["no-such-name"]);
    p("initgroups", "ERR_INVALID_ARG_TYPE nil nil The \"extraGroup\" argument must be one of type number or string. Received nil");
    try_("initgroups", "root", "no-such-name"); try_("initgroups", 4294967294, 0)',
  out => <<'END');
setgroups	ERR_INVALID_ARG_TYPE nil nil The "groups" argument must be an instance of Array. Received type number (1)
setgroups	ERR_UNKNOWN_CREDENTIAL nil nil Group identifier does not exist: no-such-name
initgroups	ERR_INVALID_ARG_TYPE nil nil The "extraGroup" argument must be one of type number or string. Received nil
initgroups	ERR_UNKNOWN_CREDENTIAL nil nil Group identifier does not exist: no-such-name
initgroups	ERR_UNKNOWN_CREDENTIAL nil nil User identifier does not exist: 4294967294
END

SKIP: {
  skip 'the user changes only with the rights of root', 1 if $> != 0;
  Pair::check(name => 'to another user for a while, then for good',
    lua => $lua . 'process.setgroups { "root", 5 } print(table.concat(process.getgroups(), " "))
      process.initgroups(0, 7) print(table.concat(process.getgroups(), " "))
      process.setegid(65534) process.seteuid("nobody") print(process.getegid(), process.geteuid(), process.getuid())
      try("setuid", 1) try("setgid", 1) try("setgroups", { 1 }) try("initgroups", "root", 1)
      process.seteuid("root") process.setegid(0)
      process.setgid(65534) process.setuid(65534) print(process.getgid(), process.getuid(), process.geteuid())
      try("seteuid", 0) try("setegid", "root")',
    js => $js . 'process.setgroups(["root", 5]); p(process.getgroups().join(" "));
      process.initgroups(0, 7); p(process.getgroups().join(" "));
      process.setegid(65534); process.seteuid("nobody"); p(process.getegid(), process.geteuid(), process.getuid());
      try_("setuid", 1); try_("setgid", 1); try_("setgroups", [1]); try_("initgroups", "root", 1);
      process.seteuid("root"); process.setegid(0);
      process.setgid(65534); process.setuid(65534); p(process.getgid(), process.getuid(), process.geteuid());
      try_("seteuid", 0); try_("setegid", "root")',
    out => <<'END');
0 5
7 0
65534	65534	0
setuid	EPERM 1 setuid EPERM, Operation not permitted
setgid	EPERM 1 setgid EPERM, Operation not permitted
setgroups	EPERM 1 setgroups EPERM, Operation not permitted
initgroups	EPERM 1 initgroups EPERM, Operation not permitted
65534	65534	65534
seteuid	EPERM 1 seteuid EPERM, Operation not permitted
setegid	EPERM 1 setegid EPERM, Operation not permitted
END
}
done_testing;
