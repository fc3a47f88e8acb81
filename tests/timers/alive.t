#!/usr/bin/perl
# What keeps the program running, what it ends with, and that exit leaves nothing to run.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Sandbox;
use Test::More;

sub check {
  my ($name, $code, $exit, $out) = @_;
  my $r = Sandbox::run(command => [Sandbox::prefix(), Sandbox::program(), '-e', $code], capture => 1, limit => 20);
  is("exit $r->{code}\n$r->{out}", "exit $exit\n$out", $name) or diag($r->{err});
}

check('an unrefed timer does not', 'setTimeout(print, 100000, "no"):unref()', 0, '');
check('an unrefed interval does not', 'setInterval(print, 1, "no"):unref()', 0, '');
check('an unrefed immediate does not', 'setImmediate(print, "no"):unref()', 0, '');
check('an unrefed immediate runs when something else goes on',
  'setImmediate(print, "yes"):unref() setTimeout(print, 5, "timer")', 0, "yes\ntimer\n");
check('unref of a cleared one', 'local t = setTimeout(print, 1e5) clearTimeout(t) t:ref() t:unref()', 0, '');
check('ref of one that is over', 'local t = setTimeout(print, 1) setTimeout(function() t:unref() t:ref() end, 5)', 0, "\n");
check('unref inside the callback', 'local t t = setInterval(function() print "once" t:unref() end, 1)', 0, "once\n");
check('ref again', 'local t = setTimeout(print, 5, "yes"):unref() t:ref()', 0, "yes\n");
check('exit in a timer stops the others', 'setTimeout(function() setImmediate(print, "no") process.exit(3) end, 1) '
    . 'setTimeout(print, 1, "no")', 3, '');
check('exit in an immediate stops the others', 'setImmediate(process.exit, 4) setImmediate(print, "no")', 4, '');
check('made in an exit listener', 'process.on("exit", function() setTimeout(print, 0, "no") setImmediate(print, "no") end)', 0, '');
check('made in beforeExit', 'local n = 0 process.on("beforeExit", function() n = n + 1 if n < 3 then setTimeout(print, 1, n) end end)',
  0, "1\n2\n");
check('an error ends the program', 'setTimeout(function() error "x" end, 1) setTimeout(print, 1, "no")', 1, '');
check('os.exit', 'setTimeout(function() os.exit(6) end, 1) setInterval(print, 100000)', 6, '');
check('endless ticks in a timer are cut by exit', 'setTimeout(function() local n = 0 local function again() n = n + 1 '
    . 'if n == 1000 then process.exit(0) end process.nextTick(again) end again() end, 1) setTimeout(print, 1, "no")', 0, '');
done_testing();
