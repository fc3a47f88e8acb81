#!/usr/bin/perl
# R17: without a terminal there is no prompt; -i runs a script, then prompts.
use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin;
use lib $FindBin::Bin, "$FindBin::Bin/../lib";
use Sandbox;
use Test::More;
use Tmux;

my $dir = tempdir(CLEANUP => 1);
sub write_file { open my $out, '>', $_[0] or die $!; print $out $_[1]; close $out; return $_[0] }
my $program = join ' ', map { quotemeta } Tmux::command();
my $good = write_file("$dir/good.lua", "print('from a file')\n");
is(`$program < $good`, "from a file\n", 'a script on standard input');
is(`echo 'print(1)' | $program`, "1\n", 'a pipe');
is(`echo 'error("no")' | $program 2>$dir/err`, '', 'an error says nothing on standard output');
is($? >> 8, 1, 'and is code 1');
like(Sandbox::slurp("$dir/err"), qr/no/, 'told on standard error');
unlike(Sandbox::slurp("$dir/err"), qr/\e/, 'without escapes');
my $t = Tmux->new(args => ['-i', write_file("$dir/i.lua", "given = 5\nprint('script ran')\n")]);
$t->sees(qr/^script ran$/m, '-i runs the script');
$t->enter('given');
$t->sees(qr/^5$/m, 'and prompts');
my $bad = Tmux->new(args => ['-i', write_file("$dir/b.lua", "left = 6\nerror('broken')\n")]);
$bad->sees(qr/broken/, 'an error of the script is shown');
$bad->enter('left');
$bad->sees(qr/^6$/m, 'and the prompt comes');
done_testing;
