#!/usr/bin/perl
# "make install" puts everything in its place below PREFIX and DESTDIR, the installed program finds its
# lessons from there, and "make uninstall" takes all of it away again.
# timeout: 300
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use File::Find ();
use File::Temp qw(tempdir);
use Sandbox;
use Test::More;

for my $needed ('repl/moonfork.1', 'modules/docs/moonfork.lua') {
  plan skip_all => "$needed is not in the project" unless -e "$Sandbox::top/$needed";
}

my $dir = tempdir(CLEANUP => 1);
my @place = ("DESTDIR=$dir", 'PREFIX=/opt/mf');

sub files {
  my @found;
  File::Find::find({ no_chdir => 1, wanted => sub { push @found, $_ if -f $_ } }, $dir);
  return sort map { substr $_, length $dir } @found;
}

my $r = Sandbox::run(command => ['make', '-s', 'install', @place], limit => 280, capture => 1);
is($r->{code}, 0, 'make install') or diag($r->{out}, $r->{err});
my %there = map { $_ => 1 } files();
ok($there{"/opt/mf/$_"}, $_) for qw(bin/moonfork share/man/man1/moonfork.1 share/moonfork/moonfork.lua);
for my $lesson (glob "$Sandbox::top/lessons/*/*.lua $Sandbox::top/lessons/*/*/main.lua") {
  my $name = substr $lesson, length $Sandbox::top;
  ok($there{"/opt/mf/share/moonfork$name"}, $name);
}

$r = Sandbox::run(command => ["$dir/opt/mf/bin/moonfork", 'lesson'], cwd => '/', limit => 30, capture => 1);
is($r->{code}, 0, 'the installed program lists lessons') or diag($r->{err});
like($r->{out}, qr/events/i, 'those of the first chapter among them');

$r = Sandbox::run(command => ['make', '-s', 'uninstall', @place], limit => 60, capture => 1);
is($r->{code}, 0, 'make uninstall') or diag($r->{err});
is_deeply([files()], [], 'nothing is left');

done_testing();
