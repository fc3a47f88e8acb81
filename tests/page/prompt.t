#!/usr/bin/perl
# .inspect at the prompt: the address, the way there from another machine, a page while the prompt is
# blocked, the end.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib", "$FindBin::Bin/../prompt";
use IO::Select;
use IO::Socket::IP;
use Test::More;
use Time::HiRes qw(time);
use Tmux;

my ($port, $token);

# What the stream brings until it fits.
sub stream {
  my ($enough) = @_;
  my $socket = IO::Socket::IP->new(PeerHost => '127.0.0.1', PeerPort => $port, Type => SOCK_STREAM) or return '';
  syswrite $socket, "GET /stream HTTP/1.1\r\nHost: 127.0.0.1:$port\r\nX-Moonfork-Token: $token\r\n\r\n";
  my ($text, $until, $select) = ('', time() + $Tmux::ceiling, IO::Select->new($socket));
  while (time() < $until && $text !~ $enough) {
    next unless $select->can_read(0.2);
    last unless sysread $socket, $text, 65536, length $text;
  }
  return $text;
}

my $t = Tmux->new;
$t->enter('.inspect off');
$t->sees(qr/^No page is open\.$/m, 'off without a page');
$t->enter('.inspect nonsense');
$t->sees(qr/^\.inspect \[PORT\], or \.inspect off$/m, 'a word that is none');
$t->enter('.inspect');
$t->sees(qr{^http://127\.0\.0\.1:\d+/#t=[0-9a-f]{32}$}m, 'the address, on one row');
($port, $token) = $t->screen =~ m{^http://127\.0\.0\.1:(\d+)/#t=([0-9a-f]{32})$}m;
$t->sees(qr/^From another machine first: ssh -L $port:127\.0\.0\.1:$port \S+@/m, 'the way from another machine');
like(stream(qr/"role":"prompt"/), qr/"role":"prompt"/, 'the prompt is on the page');
$t->enter('.inspect');
$t->sees(qr/^The page is open:\nhttp:\S+#t=$token$/m, 'asked again, the same page');
$t->enter('while true do end');
like(stream(qr/"blocked":1/), qr/"blocked":1/, 'a blocked prompt does not stop the page');
$t->keys('C-c');
$t->prompt;
$t->enter('.inspect off');
$t->sees(qr/^Port $port is closed\.$/m, 'off');
ok(!IO::Socket::IP->new(PeerHost => '127.0.0.1', PeerPort => $port), 'and so it is');
$t->enter(".inspect $port");
$t->sees(qr{http://127\.0\.0\.1:$port/#t=(?!$token)\w+\n(?:.*\n)*.*another machine}, 'a port that was given, a new token');
$t->enter('.exit');
my $until = time() + $Tmux::ceiling;
select undef, undef, undef, 0.05 while time() < $until && IO::Socket::IP->new(PeerHost => '127.0.0.1', PeerPort => $port);
ok(!IO::Socket::IP->new(PeerHost => '127.0.0.1', PeerPort => $port), 'the end of the prompt closes it');
done_testing;
