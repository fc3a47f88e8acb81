#!/usr/bin/perl
# R18: !command runs in the shell with the real terminal.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Tmux;

my $t = Tmux->new(rows => 40);
$t->enter('!echo one | tr a-z A-Z');
$t->sees(qr/^ONE\nmoon> *$/m, 'a pipe');
$t->enter('!exit 3');
$t->sees(qr/^\(exit code 3\)$/m, 'its code');
$t->enter('!kill -9 $$');
$t->sees(qr/^\(ended by SIGKILL\)$/m, 'its signal');
$t->enter('!test -t 0 && test -t 1 && echo terminal');
$t->sees(qr/^terminal$/m, 'it has the terminal');
$t->enter('!read x; echo "got $x"');
$t->enter('typed for it');
$t->sees(qr/^got typed for it$/m, 'and the keys');
$t->enter('!echo asleep; exec sleep 300');
$t->wait_for(qr/^asleep$/m);
$t->keys('C-c');
$t->sees(sub { $t->bottom =~ /^moon> *$/ }, 'Ctrl-C ends it and not us');
$t->enter('!printf unfinished');
$t->sees(qr/^unfinished\nmoon> *$/m, 'the prompt begins on a row of its own');
done_testing;
