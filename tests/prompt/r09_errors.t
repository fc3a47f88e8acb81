#!/usr/bin/perl
# R9: errors show the line that was typed, with a caret, and what may have been meant.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Tmux;

my $t = Tmux->new(rows => 60);
$t->enter('nosuch.field');
$t->sees(qr/attempt to index a nil value \(global 'nosuch'\)\n  nosuch\.field\n  \^{6}\n/m, 'line and caret');
$t->enter('x = pritn(1)');
$t->sees(qr/^  x = pritn\(1\)\n {6}\^{5}\n.*^did you mean print\?$/ms, 'under the name, with a suggestion');
$t->enter('x = = 1');
$t->sees(qr/^SyntaxError: unexpected symbol near '='\n  x = = 1\n/m, 'a line that does not compile');
$t->enter('setTimeout(function() error("later") end, 1)');
$t->sees(qr/^Uncaught \(in timer #\d+ created at moon>\[\d+\].*\) Error: later$/m, 'in a callback');
$t->enter('_err.message');
$t->sees(qr/later"$/m, '_err is that error');
$t->enter('process.kill(1 << 30, 0)');
$t->sees(qr/code = "ESRCH".*syscall = "kill"/, 'a system error carries its fields');
$t->enter('error({ any = "value" })');
$t->sees(qr/^Uncaught \{ any = "value" \}$/m, 'an error that is no Error');
done_testing;
