# Cut: a lesson runner whose keys come from a pipe and whose words go into a file, and that is killed.
package Cut;
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Cwd qw(abs_path);
use File::Copy qw(copy);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use IO::Handle;
use POSIX qw(WNOHANG);
use Sandbox;
use Time::HiRes qw(sleep time);

my $ceiling = ($ENV{MOONFORK_TEST_TIMEOUT} || 60) > 60 ? 90 : 30;
my $lessons = "$Sandbox::top/lessons";
my $serial = 0;

sub folder { return abs_path(tempdir(CLEANUP => 1)) }

sub chapters { return map { s{/guide.lua$}{}r =~ s{.*/}{}r } sort glob "$lessons/[0-9][0-9]-*/guide.lua" }

# [id, kind] of each step of the chapter that runs something.
sub steps {
  my ($chapter) = @_;
  my $guide = slurp("$lessons/$chapter/guide.lua");
  my @steps;
  push @steps, [$2, $1] while $guide =~ /^    \{ (run|predict|exercise) = "([^"]+)"/mg;
  return @steps;
}

# The student's copy is the solution.
sub solve {
  my ($dir, $chapter, $exercise) = @_;
  make_path("$dir/work/$chapter");
  copy("$lessons/$chapter/exercises/$exercise/solution.lua", "$dir/work/$chapter/$exercise.lua") or die;
}

sub environment {
  my ($dir) = @_;
  return (MOONFORK_LESSONS => $lessons, MOONFORK_PROGRESS => "$dir/progress", MOONFORK_WORK => "$dir/work",
    TMPDIR => $dir, XDG_RUNTIME_DIR => '', MOONFORK_LANG => 'en');
}

sub slurp {
  my ($file) = @_;
  open my $in, '<', $file or return '';
  local $/;
  return scalar(<$in>) // '';
}

sub wait_until {
  my ($test) = @_;
  my $until = time + $ceiling;
  until ($test->()) { return 0 if time > $until; sleep 0.01 }
  return 1;
}

# new(dir, chapter, step): a runner that waits for a key at this step.
sub new {
  my ($class, %o) = @_;
  my $self = bless { dir => $o{dir}, out => "$o{dir}/said" . $serial++ }, $class;
  open my $progress, '>', "$o{dir}/progress" or die;
  print $progress "at $o{chapter}/$o{step}\n";
  close $progress;
  my %before = map { $_ => 1 } $self->all_records;
  $self->start($o{chapter} =~ s/-.*//r + 0);
  $self->wait_for(qr/(?:q quit\n|Your answer: )\z/);
  ($self->{record}) = grep { !$before{$_} } $self->all_records;
  $self->{id} = ($self->{record} // '') =~ s{.*/}{}r;
  return $self;
}

sub start {
  my ($self, $chapter) = @_;
  pipe my $keys, $self->{keys} or die;
  $self->{pid} = fork // die "fork: $!\n";
  if (!$self->{pid}) {
    open STDIN, '<&', $keys or die;
    open STDOUT, '>', $self->{out} or die;
    open STDERR, '>&', \*STDOUT or die;
    close $self->{keys};
    %ENV = (%ENV, environment($self->{dir}));
    exec Sandbox::prefix(), Sandbox::program(), 'lesson', $chapter or POSIX::_exit(127);
  }
  close $keys;
  $self->{keys}->autoflush(1);
}

sub said { my ($self) = @_; return slurp($self->{out}) }
sub wait_for { my ($self, $re) = @_; return wait_until(sub { $self->said =~ $re }) }
sub key { my ($self, $key) = @_; print { $self->{keys} } $key }

# Whatever begins the step's run: an answer, or the key.
sub run {
  my ($self) = @_;
  $self->key($self->said =~ /Your answer: \z/ ? "none\n" : $self->said =~ /^Your answer \(1-/m ? '1' : 'r');
}

# A process of the run is there; late: the script has said something, or is over.
sub wait_for_run {
  my ($self, $late) = @_;
  my $seen = 0;
  return wait_until(sub {
    my $over = $self->said =~ /^reclaimed /m;
    $seen ||= $over || $self->carriers;
    return $late ? $seen && ($over || $self->said =~ /^  \| /m) : $seen;
  });
}

sub kill {
  my ($self) = @_;
  CORE::kill('KILL', $self->{pid});
  waitpid $self->{pid}, 0;
  delete $self->{pid};
}

# It has ended by itself.
sub ended {
  my ($self) = @_;
  return wait_until(sub { waitpid($self->{pid}, WNOHANG) == $self->{pid} && delete $self->{pid} });
}

# ---- what there is of a run ----

sub is_alive { my ($pid) = @_; my $p = Sandbox::stat_of($pid); return $p && $p->{state} !~ /[ZX]/ }

sub carriers {
  my ($self) = @_;
  my @pids;
  for my $file (glob '/proc/[0-9]*/environ') {
    my ($pid) = $file =~ /(\d+)/;
    my $text = "\0" . slurp($file) . "\0";
    push @pids, $pid if $text =~ /\0MOONFORK_LESSON_RUN=\Q$self->{id}\E\0/ && is_alive($pid);
  }
  return @pids;
}

sub all_records { my ($self) = @_; return glob "$self->{dir}/progress.runs/*" }
sub has_record { my ($self) = @_; return defined $self->{record} && -e $self->{record} }
sub records { my ($self) = @_; return grep { m{/\Q$self->{id}\E$} } $self->all_records }
sub scratch { my ($self) = @_; my $name = substr $self->{id}, 0, 12; return glob "$self->{dir}/moonfork-lesson-$name*" }

sub sockets_of {
  my ($pid) = @_;
  return map { (readlink($_) // '') =~ /^socket:\[(\d+)\]$/ ? $1 : () } glob "/proc/$pid/fd/*";
}

# Those of the sockets that listen, over TCP or by a file.
sub listening {
  my %inode = map { $_ => 1 } @_;
  my @found;
  for my $file (qw(tcp tcp6)) {
    for (split /\n/, slurp("/proc/net/$file")) {
      my @field = split;
      push @found, $field[1] if ($field[3] // '') eq '0A' && $inode{ $field[9] };
    }
  }
  for (split /\n/, slurp('/proc/net/unix')) {
    my @field = split;
    push @found, $field[7] // '?' if ($field[3] // '') eq '00010000' && $inode{ $field[6] };
  }
  return @found;
}

# ---- the next runner ----

# What the next one says when it is started.
sub again {
  my ($dir) = @_;
  my $r = Sandbox::run(command => [Sandbox::prefix(), Sandbox::program(), 'lesson'], capture => 1,
    env => { environment($dir) }, limit => $ceiling);
  return $r->{out} . $r->{err};
}

# How many it has ended, and says so; undef: it says nothing, or what it says does not fit.
sub told {
  my ($said) = @_;
  return 0 if $said =~ /^A lesson was cut off; nothing of it was left\.$/m;
  my ($count) = $said =~ /^A lesson was cut off: (\d+) process(?:es)? .*? 0\s+leaked\.$/ms or return undef;
  my $named = () = $said =~ /^  ended pid \d+$/mg;
  return $named == ($count < 32 ? $count : 32) ? $count : undef;
}

# A test that fails leaves nothing.
sub DESTROY { my ($self) = @_; $self->kill if $self->{pid} }

1;
