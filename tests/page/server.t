#!/usr/bin/perl
# The page's server against whoever else is on this machine: who is answered, with what, and when.
# timeout: 600
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use IO::Select;
use IO::Socket::IP;
use IPC::Open3;
use Program ();
use Sandbox;
use Test::More;
use Time::HiRes qw(time sleep);

my $ceiling = 60;
my $dir = Program::folder(run => '');
chmod 0700, $dir;
my $run = start_run();
my ($server, $url) = start_server();
my ($port, $token) = $url =~ m{^http://127\.0\.0\.1:(\d+)/#t=([0-9a-f]{32})$};
ok($port, 'the address: loopback, a port, 128 bits in the fragment') or BAIL_OUT("address: $url");

# ---- starting ----

sub start {
  my (@command) = @_;
  my $pid = open3(my $in, my $out, '>&STDERR', Sandbox::prefix(), Sandbox::program(), @command);
  return { pid => $pid, in => $in, out => $out };
}

# A run whose first process sends its child markup and a secret environment.
sub start_run {
  open my $script, '>', "$dir.lua" or die "$dir.lua: $!";
  print $script <<'END';
local c = require("child_process").fork(function() process:on("message", function(m) process.send(m) end) end,
  { "argument-of-child" }, { env = { SECRET = "word-of-env", PATH = process.env.PATH } })
c:on("message", function(m) print "ready" end)
c:send { text = "</script><script>alert(1)</script>" }
process.stdin:on("end", function() c:kill() process.exit(0) end)
process.stdin:resume()
END
  close $script;
  my $r = start("--trace=$dir", "$dir.lua", 'argument-of-script');
  like(readline($r->{out}), qr/ready/, 'the run to look at');
  return $r;
}

sub start_server {
  my $s = start('inspect', '--web', '--dir', $dir, @_);
  my $line = readline $s->{out};
  chomp $line;
  return ($s, $line);
}

# ---- asking ----

sub dial { return IO::Socket::IP->new(PeerHost => $_[0] // '127.0.0.1', PeerPort => $port, Type => SOCK_STREAM) || die "connect: $@" }

# All that comes until the other side closes, or until it fits.
sub take {
  my ($socket, $enough) = @_;
  my ($text, $until) = ('', time() + $ceiling);
  my $select = IO::Select->new($socket);
  while (time() < $until) {
    next unless $select->can_read(0.2);
    last unless sysread $socket, $text, 65536, length $text;
    last if $enough && $text =~ $enough;
  }
  return $text;
}

sub ask {
  my ($request, $enough, $host) = @_;
  my $socket = dial($host);
  syswrite $socket, $request;
  return take($socket, $enough);
}

# GET with these headers; Host is right unless it is given.
sub get {
  my ($path, %o) = @_;
  my %headers = (Host => "127.0.0.1:$port", %{ $o{headers} || {} });
  my $head = join '', map { "$_: $headers{$_}\r\n" } grep { defined $headers{$_} } sort keys %headers;
  return ask(($o{method} || 'GET') . " $path HTTP/1.1\r\n$head\r\n" . ($o{body} || ''), $o{enough}, $o{host});
}

sub status { my ($answer) = @_; return $answer =~ m{^HTTP/1\.1 (\d+) } ? $1 : "none: $answer" }

sub is_status { my ($want, $name, @request) = @_; my $a = get(@request); is(status($a), $want, $name); return $a }

# Half a request: what comes of it is looked at when the rest is done.
my $slow = dial();
my $began = time();
syswrite $slow, "GET / HTTP/1.1\r\nHost: 127";

my @token = ('X-Moonfork-Token' => $token);

# ---- who may ask ----

my $page = is_status(200, 'the page', '/');
like($page, qr/<title>moonfork: live<\/title>/, 'it is the page');
unlike($page, qr/$token/, 'and holds no secret');
is_status(200, $_, $_) for '/page.js', '/style.css';
is_status(200, "Host $_", '/', headers => { Host => "$_:$port" }) for 'localhost', '[::1]';
is_status(421, 'Host ' . ($_ // 'missing'), '/', headers => { Host => $_ })
  for 'evil.com', "evil.com:$port", '127.0.0.1', 'localhost', '127.0.0.1:1', "127.0.0.1.evil.com:$port", undef;
is_status(421, 'another Host comes before the token', '/stream', headers => { Host => "evil.com:$port", @token });
is_status(403, "Origin $_", '/stream', headers => { Origin => $_, @token }) for 'http://evil.com', 'null', "https://127.0.0.1:$port";
is_status(403, "Sec-Fetch-Site $_", '/stream', headers => { 'Sec-Fetch-Site' => $_, @token }) for qw(cross-site same-site none);
is_status(403, 'a script that another site asks for', '/page.js', headers => { 'Sec-Fetch-Site' => 'cross-site' });
is_status(200, 'an address that was typed', '/', headers => { 'Sec-Fetch-Site' => 'none' });
is(status(ask("GET / HTTP/1.1\r\nHost: 127.0.0.1:$port\r\nHost: evil.com\r\n\r\n")), 400, 'Host twice');

# ---- what may be asked ----

is_status(405, $_, '/', method => $_) for qw(POST PUT DELETE OPTIONS HEAD);
like(get('/', method => 'POST'), qr/^Allow: GET\r$/m, 'with what is allowed');
is_status(404, $_, $_) for '/favicon.ico', '/../../etc/passwd', '/page.js?x', '/page.js/', '/index.html', '//', '/stream/', '/stream?t=' . $token;
is_status(413, 'a GET with a body', '/', headers => { 'Content-Length' => 5 }, body => 'hello');
is_status(431, 'a request of more than 8 KiB', '/', headers => { 'X-Long' => 'x' x 9000 });
is_status(431, 'a target of more than 8 KiB', '/' . 'x' x 9000);
is_status(404, 'a long target', '/' . 'x' x 2000);
is(status(ask("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n")), 400, 'no HTTP at all');

my %head = map { /^([^:]+): (.*)$/ ? (lc($1) => $2) : () } split /\r\n/, ($page =~ /^(.*?)\r\n\r\n/s)[0];
like($head{'content-security-policy'}, qr/^default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'/, 'policy');
is($head{'x-content-type-options'}, 'nosniff', 'nosniff');
is($head{'cache-control'}, 'no-store', 'no-store');
is($head{'referrer-policy'}, 'no-referrer', 'no-referrer');
is($head{'x-frame-options'}, 'DENY', 'no frames');
ok(!(grep { /^access-control/ } keys %head), 'no CORS');
like(get('/none'), qr/Content-Security-Policy: default-src 'none'.*nosniff/s, 'errors carry them, too');

# ---- the stream ----

is_status(403, 'the stream without a token', '/stream');
my $seen = get('/stream', headers => {@token}, enough => qr/"k":"curve".*"k":"curve"/s);
is(status($seen), 200, 'the stream with it');
like($seen, qr/^\{"k":"hello"/m, 'hello');
like($seen, qr/^\{"k":"state",.*"role":"child"/m, 'a state');
like($seen, qr/alert\(1\)/, 'the message');
unlike($seen, qr/word-of-env|SECRET/, 'no environment');
unlike($seen, qr/argument-of/, 'no arguments');
unlike($seen, qr/$token/, 'no token');

# ---- limits ----

# A reader of the stream, or nothing when there is no room: those who have left count until the server sees it.
sub reader {
  my $socket = dial();
  syswrite $socket, "GET /stream HTTP/1.1\r\nHost: 127.0.0.1:$port\r\nX-Moonfork-Token: $token\r\n\r\n";
  return take($socket, qr/"k":"hello"/) =~ /"k":"hello"/ ? $socket : ();
}

is(take($slow), '', 'half a request is not answered');
ok(time() - $began > 9, 'and its connection is closed, after 10 s');

{
  my ($until, @held) = time() + $ceiling;
  push @held, reader() while @held < 8 && time() < $until;
  is(status(get('/')), 503, 'the ninth client');
  for (@held) { shutdown $_, 1; take($_) } # until the server has closed, too
  is(status(get('/')), 200, 'room again');
}

my @wrong = ('X-Moonfork-Token' => 'f' x 32);
sub timed { my $began = time(); is_status(403, @_); return time() - $began }
timed("wrong token $_", '/stream', headers => {@wrong}) for 1 .. 5;
ok(timed('the sixth wrong token', '/stream', headers => {@wrong}) > 0.9, 'waits a second');
ok(timed('a token that is too long', '/stream', headers => { 'X-Moonfork-Token' => $token . '0' }) > 0.9, 'so does each further one');
is(status(get('/stream', headers => {@token}, enough => qr/hello/)), 200, 'the right one is answered still');

# ---- a reader who does not follow ----

# Another reader, who follows, until `count` new states have come.
sub follow {
  my ($at, $key, $count, $in) = @_;
  my $reader = IO::Socket::IP->new(PeerHost => '127.0.0.1', PeerPort => $at, Type => SOCK_STREAM);
  syswrite $reader, "GET /stream HTTP/1.1\r\nHost: 127.0.0.1:$at\r\nX-Moonfork-Token: $key\r\n\r\n";
  my ($curves, $until) = (0, time() + $ceiling);
  while ($count > 0 && time() < $until && defined(my $line = readline $reader)) {
    $curves++ if $line =~ /^\{"k":"curve"/;
    next unless $curves > 8 && $line =~ /^\{"k":"state"/;
    $count--;
    syswrite $in, "state\n";
  }
}

{
  my $made = { pid => open3(my $in, my $out, '>&STDERR', Sandbox::prefix(), "$Sandbox::top/build/" . ($ENV{MOONFORK_VARIANT} || 'release') . '/tests/page/serve', 'small') };
  my ($at, $key) = readline($out) =~ m{:(\d+)/#t=(\w+)};
  my $reader = IO::Socket::IP->new(PeerHost => '127.0.0.1', PeerPort => $at, Type => SOCK_STREAM);
  syswrite $reader, "GET /stream HTTP/1.1\r\nHost: 127.0.0.1:$at\r\nX-Moonfork-Token: $key\r\n\r\n";
  like(take($reader, qr/"k":"curve"/), qr/"k":"hello"/, 'a reader begins');
  syswrite $in, "flood 400000\n";
  follow($at, $key, 4, $in);
  my ($rest, $until) = ('', time() + $ceiling);
  while (time() < $until && $rest !~ /\{"k":"drop","[^\n]*\n/ && sysread $reader, my $more, 262144) {
    $rest = substr($rest, -200) . $more;
  }
  ok($rest =~ /^\{"k":"drop","states":\d+,"records":\d+\}$/m, 'and when it reads again, is told what it missed') or diag(length($rest) . ' ' . substr($rest, 0, 300));
  close $in;
  waitpid $made->{pid}, 0;
}

# ---- addresses ----

# Local addresses of the server's listening sockets, by its descriptors.
sub listening {
  my ($pid) = @_;
  my %inodes = map { (readlink($_) // '') =~ /^socket:\[(\d+)\]/ ? ($1 => 1) : () } glob "/proc/$pid/fd/*";
  my @found;
  for my $file ('/proc/net/tcp', '/proc/net/tcp6') {
    open my $in, '<', $file or next;
    while (<$in>) { my @f = split; push @found, $f[1] if $f[3] eq '0A' && $inodes{ $f[9] } }
  }
  return sort @found;
}

my $hex = sprintf '%04X', $port;
my @listening = listening($server->{pid});
my $four = "0100007F:$hex";
my $six = "00000000000000000000000001000000:$hex";
ok(@listening && $listening[-1] eq $four && (@listening == 1 || $listening[0] eq $six), 'it listens on loopback only') or diag("@listening");
SKIP: {
  skip 'no IPv6 here', 1 if @listening < 2;
  is(status(get('/', host => '::1', headers => { Host => "[::1]:$port" })), 200, 'on ::1, too');
}

# ---- the end, and other ways to start ----

sub finish {
  my ($s) = @_;
  close $s->{in};
  kill 'TERM', $s->{pid};
  waitpid $s->{pid}, 0;
  return $?;
}

is(finish($server), 0, 'SIGTERM ends it in peace');
ok(!IO::Socket::IP->new(PeerHost => '127.0.0.1', PeerPort => $port), 'the port is closed');

my ($again, $other) = start_server('--port', $port, '--show-args');
my ($new) = $other =~ /#t=(\w+)$/;
like($other, qr{^http://127\.0\.0\.1:$port/}, 'a port that was given');
isnt($new, $token, 'another token each time');
like(get('/stream', headers => { 'X-Moonfork-Token' => $new }, enough => qr/argument-of-script/), qr/argument-of-script/, 'arguments when they were asked for');

my $taken = Program::run('inspect', '--web', '--dir', $dir, '--port', $port);
Program::says($taken, 1, '', qr/^moonfork inspect: port $port: address already in use\n/, 'a port that is taken');
finish($again);
for (['--port', 'x'], ['--port', '70000'], ['--nonsense'], ['--port', 80]) {
  Program::says(Program::run('inspect', @$_), 9, '', qr/^moonfork inspect: /, "inspect @$_");
}
chmod 0755, $dir;
Program::says(Program::run('inspect', '--web', '--dir', $dir), 1, '', qr/its mode must be 0700/, 'a folder that others may enter');
chmod 0700, $dir;
symlink $dir, "$dir.link";
Program::says(Program::run('inspect', '--web', '--dir', "$dir.link"), 1, '', qr/is a link/, 'a link');

close $run->{in};
waitpid $run->{pid}, 0;
unlink "$dir.link", "$dir.lua";
done_testing;
