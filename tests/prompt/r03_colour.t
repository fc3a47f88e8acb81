#!/usr/bin/perl
# R3: colours while typing, brackets marked; NO_COLOR and TERM=dumb have none.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Tmux;

my $t = Tmux->new;
$t->type('local s = "a" -- c');
$t->sees(sub { $t->bottom =~ /-- c$/ }, 'typed');
my ($row) = grep { /local/ } split /\n/, $t->colours;
like($row, qr/\e\[[\d;]+mlocal/, 'the keyword is coloured');
like($row, qr/\e\[[\d;]+m"a"/, 'the string is');
like($row, qr/\e\[[\d;]+m-- c/, 'the comment is');

my $plain = Tmux->new(env => { NO_COLOR => 1 });
$plain->type('local s = "a" -- c');
$plain->sees(sub { $plain->bottom =~ /-- c$/ }, 'NO_COLOR: typed');
unlike($plain->colours, qr/\e\[[\d;]*[1-9]\d*m/, 'NO_COLOR: no colour');
$plain->keys('C-u');
$plain->enter('{ 1, "a" }');
$plain->sees(qr/^\{ 1, "a" \}$/m, 'a value');
unlike($plain->colours, qr/\e\[[\d;]*[1-9]\d*m/, 'and none in it');

my $dumb = Tmux->new(env => { TERM => 'dumb' });
$dumb->enter('1 + 41');
$dumb->sees(qr/^42$/m, 'TERM=dumb works');
done_testing;
