# Walk: the lesson runner in a terminal, with its own progress, work and state, below a folder of the test.
package Walk;
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib", "$FindBin::Bin/../prompt";
use Cwd qw(abs_path);
use File::Temp qw(tempdir);
use Time::HiRes qw(sleep time);
use Sandbox;
use Tmux;

# new(lang => 'zh', dir => of another one, env => {}): a terminal with a shell.
sub new {
  my ($class, %o) = @_;
  my $dir = $o{dir} // abs_path(tempdir(CLEANUP => 1));
  my %env = (MOONFORK_LESSONS => "$FindBin::Bin/fixtures/lessons", MOONFORK_PROGRESS => "$dir/progress",
    MOONFORK_WORK => "$dir/work", MOONFORK_HISTORY => "$dir/history", TMPDIR => $dir, XDG_RUNTIME_DIR => '',
    MOONFORK_LANG => $o{lang} // 'en', NO_COLOR => 1, PATH => $ENV{PATH}, %{ $o{env} || {} });
  my $t = Tmux->new(columns => 80, rows => $o{rows} // 40, shell => 1, env => \%env);
  return bless { dir => $dir, t => $t }, $class;
}

sub lesson { my ($self, @args) = @_; $self->{t}->enter(Tmux::quote(Tmux::command('lesson', @args))); return $self }
# The screen is emptied first, so that what is seen then is new.
sub key { my ($self, @keys) = @_; $self->{t}->keys("-R"); $self->{t}->keys(@keys); return $self }
sub enter { my ($self, $line) = @_; $self->{t}->keys("-R"); $self->{t}->enter($line); return $self }
sub sees { my ($self, @test) = @_; return $self->{t}->sees(@test) }
# The same once a bar stands below it: the runner waits for a key.
sub bar {
  my ($self, $re, $name) = @_;
  return $self->{t}->sees(qr{$re.*(?:q quit|q 退出)\s*\z}s, $name);
}

sub clear { my ($self) = @_; $self->{t}->tmux('clear-history'); return $self }

# The student is at this step of the course 90.
sub begin_at {
  my ($self, $step) = @_;
  open my $out, '>', "$self->{dir}/progress" or die;
  print $out "at 90-tiny/$step\n";
  close $out;
}

sub slurp {
  my ($file) = @_;
  open my $in, '<', $file or return '';
  local $/;
  return <$in>;
}

sub progress { my ($self) = @_; return slurp("$self->{dir}/progress") }

# Waits until the test is true.
sub until_true {
  my ($test) = @_;
  my $until = time + $Tmux::ceiling;
  until ($test->()) { return 0 if time > $until; sleep 0.03 }
  return 1;
}

# pids of the processes that carry an id of this folder's runs.
sub carriers {
  my ($id) = @_;
  my @pids;
  for my $file (glob '/proc/[0-9]*/environ') {
    open my $in, '<', $file or next;
    local $/;
    my $text = <$in> // '';
    push @pids, $file =~ /(\d+)/ if $text =~ /(?:^|\0)MOONFORK_LESSON_RUN=\Q$id\E(?:\0|$)/;
  }
  return @pids;
}

sub runs { my ($self) = @_; return map { m{/([0-9a-f]{32})$} ? $1 : () } glob "$self->{dir}/progress.runs/*" }

1;
