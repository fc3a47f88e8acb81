# Tmux: a prompt in a terminal of its own, typed at and looked at as a person does.
#
#   my $t = Tmux->new(columns => 80, rows => 24, env => { NO_COLOR => 1 }, args => [...], shell => 1);
#   $t->enter('1 + 1');          text and Enter     $t->type('half');   text alone
#   $t->keys('C-c', 'Tab');      keys as tmux names them
#   $t->sees(qr/^2$/m, 'name');  ok() once the screen has it; a failure after 60 s shows the screen
#   $t->screen, $t->bottom, $t->colours    the rows, the last one with text, the rows with escapes
#   $t->prompt;                  waits for a fresh prompt
#   $t->clear;                   waits for it, and has it alone on the screen
#   $t->answer('.ps')            the screen with this line and what it prints, and nothing else
#
# shell => 1 opens a shell, in which start() starts the program. The server has a socket of its own and is
# ended with the test. Nothing here depends on time but the ceiling.
package Tmux;
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Sandbox;
use Test::More ();
use Time::HiRes qw(sleep time);

my $serial = 0;
my @live;
our $ceiling = 60;

sub quote { return join ' ', map { my $w = $_; $w =~ s/'/'\\''/g; "'$w'" } @_ }

sub command { return (Sandbox::prefix(), Sandbox::program(), @_) }

sub new {
  my ($class, %o) = @_;
  my $self = bless { socket => "moonfork-test-$$-" . $serial++ }, $class;
  my $env = $o{env} || {};
  my @set = map { "$_=$env->{$_}" } sort keys %$env;
  my @unset = map { ('-u', $_) } grep { !exists $env->{$_} } qw(NO_COLOR VISUAL EDITOR TMUX TMUX_PANE);
  my @run = $o{shell} ? ('/bin/sh') : command(@{ $o{args} || [] });
  my $line = 'exec ' . quote('env', @unset, 'PS1=$ ', @set, @run);
  system('tmux', '-L', $self->{socket}, '-f', '/dev/null', 'new-session', '-d', '-x', $o{columns} || 80,
    '-y', $o{rows} || 24, $line) == 0 or die "tmux does not start\n";
  push @live, $self;
  $self->{pid} = $self->ask('#{pid}');
  return $self if $o{shell};
  $self->wait_for(qr/^moon>/m) or die "no prompt:\n" . $self->screen;
  return $self;
}

sub tmux { my ($self, @words) = @_; return system('tmux', '-L', $self->{socket}, @words) == 0 }

sub capture {
  my ($self, @words) = @_;
  my $line = quote('tmux', '-L', $self->{socket}, @words);
  return scalar `$line 2>/dev/null`;
}

sub ask {
  my ($self, $format) = @_;
  my $text = $self->capture('display-message', '-p', $format);
  chomp $text;
  return $text;
}

sub type { my ($self, $text) = @_; $self->tmux('send-keys', '-l', '--', $text); return $self }
sub keys { my ($self, @keys) = @_; $self->tmux('send-keys', @keys); return $self }
sub enter { my ($self, $text) = @_; $self->type($text); return $self->keys('Enter') }

sub start { my ($self, @args) = @_; $self->enter(quote(command(@args))); return $self->wait_for(qr/^moon>/m) }

sub screen {
  my ($self) = @_;
  my $text = $self->capture('capture-pane', '-p');
  $text =~ s/\n+\z/\n/;
  return $text;
}

sub colours { my ($self) = @_; return $self->capture('capture-pane', '-p', '-e') }

sub bottom {
  my ($self) = @_;
  my @rows = grep { /\S/ } split /\n/, $self->screen;
  return @rows ? $rows[-1] : '';
}

sub cursor { my ($self) = @_; return $self->ask('#{cursor_x},#{cursor_y}') }

# Waits until the test (a pattern for the screen, or a function) is true.
sub wait_for {
  my ($self, $test) = @_;
  my $until = time + $ceiling;
  do {
    my $found = ref $test eq 'CODE' ? $test->() : $self->screen =~ $test;
    return 1 if $found;
    sleep 0.03;
  } while (time < $until);
  Test::More::diag("waited in vain at line " . (caller)[2] . ", the screen:\n" . $self->screen) if (caller)[0] ne __PACKAGE__;
  return 0;
}

sub sees {
  my ($self, $test, $name) = @_;
  my $ok = $self->wait_for($test);
  Test::More::ok($ok, $name);
  Test::More::diag("the screen:\n" . $self->screen) unless $ok;
  return $ok;
}

sub prompt { my ($self) = @_; return $self->wait_for(sub { $self->bottom =~ /^moon(?:\[.*\])?>\s*$/ }) }

# All that was typed before has been answered, and nothing of it is left on the screen. What has been sent is
# not yet read: a comment that stands at the prompt shows that it has been.
sub clear {
  my ($self) = @_;
  my $mark = '--' . ++$serial;
  $self->type($mark);
  $self->wait_for(sub { $self->bottom =~ /^moon\S*> \Q$mark\E$/ });
  $self->keys('C-u', 'C-l');
  $self->wait_for(sub { $self->screen =~ /\Amoon\S*>\s*\z/ });
}

# The screen with this line alone, when it has been answered and the next one may be typed.
sub answer {
  my ($self, $line) = @_;
  $self->clear;
  $self->enter($line);
  $self->wait_for(sub { $self->screen =~ /> \Q$line\E\n(?:.*\n)*moon\S*>\s*\z/ });
  return $self->screen;
}

sub resize {
  my ($self, $columns, $rows) = @_;
  return $self->tmux('resize-window', '-x', $columns, '-y', $rows);
}

# The process that runs in the terminal, without a shell.
sub program_pid { my ($self) = @_; return $self->ask('#{pane_pid}') }

# Has the server ended, because what ran in it has?
sub gone { my ($self) = @_; return $self->wait_for(sub { !kill 0, $self->{pid} }) }

sub close {
  my ($self) = @_;
  system("tmux -L $self->{socket} kill-server 2>/dev/null") if kill 0, $self->{pid};
  $self->gone;
}

END {
  my $code = $?;
  $_->close for @live;
  $? = $code;
}

1;
