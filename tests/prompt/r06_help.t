#!/usr/bin/perl
# R6: help at the prompt, from the rows.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Tmux;

my $t = Tmux->new(rows => 100, columns => 120);
sub asked {
  my ($line, $want, $name) = @_;
  $t->keys('C-l');
  $t->enter($line);
  $t->sees($want, $name // $line);
}
asked('?cp.fork', qr/^child_process\.fork\(.*^Options:.*^Example:/ms, 'signature, options, example');
like($t->screen, qr/^Unlike Node:/m, 'and what differs') if $t->screen =~ /Unlike/;
asked('?EADDRINUSE', qr/^EADDRINUSE\n  The address is taken/m, 'an error code');
asked('?ESPIPE', qr/^ESPIPE\n  (?:illegal|invalid) seek/mi, 'one that only the system knows');
asked('?SIGKILL', qr/Cannot be caught/, 'a signal');
asked('?frok', qr/did you mean fork\?/, 'a misspelt name');
asked('?? microtask', qr/queueMicrotask/, 'a search');
asked('?string.format', qr/^string\.format\(/m, 'a function of Lua');
asked('?ChildProcess.on', qr/^EventEmitter:on\(/m, 'a method of the base class');
asked('?trace', qr/^module trace\n.*^Example:.*^Other things of that name:.*^  \.trace /ms, 'a module whose name others share');
asked('?.ps', qr{^\.ps \[-f\]$}m, 'a command');
asked('help(setTimeout)', qr/^timers\.setTimeout\(/m, 'help(function)');
asked('help(process)', qr/^class Process/m, 'help(object)');
asked('function mine(a) return a end', qr/moon> *\n*\z/, 'a function of one\'s own');
asked('?mine', qr/defined at moon>\[\d+\]:1/, 'is found where it was typed');
asked('.help', qr/^  \.exit .*^Modules/ms, 'the list of commands');
my ($long) = grep { length > 80 } split /\n/, $t->screen;
is($long, undef, 'which fits 80 columns');
asked('.pss', qr/did you mean \.ps\?/, 'an unknown command');
done_testing;
