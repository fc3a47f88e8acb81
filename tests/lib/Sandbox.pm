# Sandbox: runs one program with its own home, a time limit, and an account of what it left behind.
#
#   my $r = Sandbox::run(command => [...], limit => 60, cwd => DIR, capture => 1, env => {...});
#   $r->{code} exit code, $r->{signal} number or 0, $r->{timeout}, $r->{out}, $r->{err} (captured),
#   $r->{left}: one text for each process that outlived the program (ended by now) and each zombie.
#
# Every process of a run carries MOONFORK_TEST_ID in its environment, so that one is found even when
# it has been orphaned or has a session of its own; a run inside a run has the outer one's before its
# own, so that the outer one ends both. Zombies have no environment any more; those are
# known by the session of the run, and count only while the parent that forgot them belongs to the run:
# an orphan that has ended waits for the system's init, which is not our affair.
package Sandbox;
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Path qw(remove_tree);
use File::Temp qw(tempdir);
use POSIX qw(:sys_wait_h setsid);
use Time::HiRes qw(time sleep);

# What Test::More says of a failure belongs behind its point, wherever the output goes.
INIT { Test::Builder->new->failure_output(\*STDOUT) if $INC{'Test/Builder.pm'} }

our $top = abs_path(dirname(__FILE__) . '/../..');
my $serial = 0;
my %running;    # leader pid -> marker, for the signal handlers

sub program { return $ENV{MOONFORK} || "$top/moonfork" }

sub scratch {
  my $dir = tempdir('mf-XXXXXX', DIR => $ENV{TMPDIR} || '/tmp');
  mkdir "$dir/$_" for qw(home tmp state config run);
  chmod 0700, "$dir/run";
  return $dir;
}

sub environment {
  my ($dir, $marker, $more) = @_;
  my %env = %ENV;
  delete @env{qw(NODE_OPTIONS NODE_CHANNEL_FD NODE_CHANNEL_SERIALIZATION_MODE NODE_UNIQUE_ID NODE_ENV
      PORT LUA_INIT LUA_INIT_5_4 LUA_PATH LUA_PATH_5_4 LUA_CPATH LUA_CPATH_5_4 LANGUAGE INPUTRC
      MOONFORK_LESSONS MAKEFLAGS MAKELEVEL MFLAGS PERL5LIB COLUMNS LINES)};
  return { %env,
    HOME => "$dir/home", TMPDIR => "$dir/tmp", XDG_STATE_HOME => "$dir/state",
    XDG_CONFIG_HOME => "$dir/config", XDG_RUNTIME_DIR => "$dir/run",
    MOONFORK_HISTORY => "$dir/history", MOONFORK_TEST_ID => $marker,
    MOONFORK => program(), MOONFORK_TOP => $top, LC_ALL => 'C.UTF-8', LANG => 'C.UTF-8',
    %{ $more || {} } };
}

sub slurp {
  my ($path) = @_;
  open my $in, '<', $path or return undef;
  local $/;
  my $text = <$in>;
  return $text;
}

# The fields of /proc/PID/stat that matter here; undef when the process is gone.
sub stat_of {
  my ($pid) = @_;
  my $text = slurp("/proc/$pid/stat");
  return undef unless defined $text && $text =~ /^\d+ \((.*)\) (\S) (\d+) (\d+) (\d+)/s;
  return { pid => $pid, name => $1, state => $2, ppid => $3, session => $5 };
}

sub describe {
  my ($p) = @_;
  my $command = slurp("/proc/$p->{pid}/cmdline") // '';
  $command =~ s/\0/ /g;
  $command =~ s/\s+$//;
  return "pid $p->{pid}, state $p->{state}, parent $p->{ppid}: " . ($command || "($p->{name})");
}

# Processes that belong to the run, other than this one.
sub members {
  my ($marker, $session) = @_;
  opendir my $proc, '/proc' or die "/proc: $!";
  my @found;
  for my $pid (grep { /^\d+$/ && $_ != $$ } readdir $proc) {
    my $p = stat_of($pid) or next;
    if ($p->{session} != $session) {
      my $environ = slurp("/proc/$pid/environ") // '';
      next unless "\0$environ\0" =~ m{\0MOONFORK_TEST_ID=\Q$marker\E[\0/]};
    }
    push @found, $p;
  }
  closedir $proc;
  my %pids = map { $_->{pid} => 1 } @found;
  return grep { $_->{state} ne 'Z' || $pids{ $_->{ppid} } } @found;
}

# What has been told to end just now gets a moment; the rest is ended here and reported.
sub leftovers {
  my ($marker, $session, $grace) = @_;
  my $until = time() + $grace;
  my @left;
  while (1) {
    @left = members($marker, $session);
    last if !@left || time() >= $until;
    sleep 0.02;
  }
  my @texts = map { ($_->{state} eq 'Z' ? 'zombie: ' : 'process left: ') . describe($_) } @left;
  end_all($marker, $session) if @left;
  return @texts;
}

sub end_all {
  my ($marker, $session) = @_;
  for (1 .. 50) {
    my @alive = grep { $_->{state} ne 'Z' } members($marker, $session);
    last unless @alive;
    kill 'KILL', $_->{pid} for @alive;
    sleep 0.02;
  }
}

sub start {
  my ($o, $dir, $marker) = @_;
  my $pid = fork() // die "fork: $!";
  return $pid if $pid;
  setsid();
  $SIG{$_} = 'DEFAULT' for qw(INT TERM HUP PIPE ALRM CHLD);
  open STDIN, '<', $o->{stdin} || '/dev/null' or die "stdin: $!";
  if ($o->{capture}) {
    open STDOUT, '>', "$dir/out" or die "stdout: $!";
    open STDERR, '>', "$dir/err" or die "stderr: $!";
  }
  chdir($o->{cwd} || $top) or die "cwd: $!";
  %ENV = %{ environment($dir, $marker, $o->{env}) };
  delete $ENV{$_} for @{ $o->{unset} || [] };
  exec { $o->{command}[0] } @{ $o->{command} } or do {
    print STDERR "$o->{command}[0]: $!\n";
    POSIX::_exit(127);
  };
}

# Waits for pid until the limit; returns the wait status, or undef when the time is over.
sub wait_limited {
  my ($pid, $limit) = @_;
  my $status;
  my $in_time = eval {
    local $SIG{ALRM} = sub { die "limit\n" };
    alarm $limit;
    while (waitpid($pid, 0) == -1) { die "waitpid: $!\n" unless $!{EINTR} }
    $status = $?;
    alarm 0;
    1;
  };
  alarm 0;
  return $status if defined $status;
  die $@ if !$in_time && $@ ne "limit\n";
  return undef;
}

sub run {
  my (%o) = @_;
  my $limit = $o{limit} || $ENV{MOONFORK_TEST_TIMEOUT} || 60;
  my $dir = scratch();
  my $marker = join '-', $$, ++$serial, int(time() * 1e6);
  $marker = "$ENV{MOONFORK_TEST_ID}/$marker" if $ENV{MOONFORK_TEST_ID};
  my $began = time();
  my $pid = start(\%o, $dir, $marker);
  $running{$pid} = $marker;
  my $status = wait_limited($pid, $limit);
  my $timeout = !defined $status;
  if ($timeout) {
    end_all($marker, $pid);
    waitpid $pid, 0;
    $status = $?;
  }
  my $seconds = time() - $began;
  my @left = leftovers($marker, $pid, $o{grace} // 2);
  delete $running{$pid};
  my %result = (code => $status >> 8, signal => $status & 127, timeout => $timeout,
    seconds => $seconds, limit => $limit, left => \@left);
  @result{qw(out err)} = (slurp("$dir/out"), slurp("$dir/err")) if $o{capture};
  remove_tree($dir);
  return \%result;
}

# The prefix that variants put before the program, for instance valgrind.
sub prefix { return split ' ', $ENV{MOONFORK_TEST_PREFIX} // '' }

# A harness that is ended takes its runs along.
for my $name (qw(INT TERM HUP)) {
  $SIG{$name} = sub {
    end_all($running{$_}, $_) for keys %running;
    $SIG{$name} = 'DEFAULT';
    kill $name, $$;
  };
}

1;
