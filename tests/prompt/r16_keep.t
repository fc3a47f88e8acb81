#!/usr/bin/perl
# R16: .type, .transcript and .record. The recording is played into another terminal, which must end with
# the same screen.
use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin;
use JSON::PP;
use lib $FindBin::Bin;
use Test::More;
use Tmux;

my $dir = tempdir(CLEANUP => 1);

sub text_of {
  my ($name) = @_;
  open my $in, '<:raw', "$dir/$name" or die "$name: $!";
  my $text = do { local $/; <$in> };
  return $text;
}

my $t = Tmux->new;
$t->enter(".record $dir/a.cast");
$t->sees(qr/^recording /m, '.record');
$t->enter('print("\27[31mred\27[0m", "caf\u{e9} \u{4f60}"); io.write("part\n")');
$t->sees(qr/^red\tcaf|^red +caf/m, 'colours and wide characters');
$t->enter('setTimeout(function() print("while you type") end, 100)');
$t->type('half a line');
$t->sees(qr/^while you type\nmoon> half a line$/m, 'output that comes by itself');
$t->resize(50, 20);
$t->keys('C-u');
$t->enter('for i = 1, 3 do print(("0123456789"):rep(6)) end');
$t->sees(qr/0123456789\n[^\n]*moon> *\n*\z/, 'and a new size');
$t->enter('.record');
$t->sees(qr/KiB so far; \.record off ends/, 'it tells its state');
$t->enter('1 + 1');
$t->enter('.record off');
$t->sees(qr/asciinema\s+play/, '.record off');
$t->prompt;

my @lines = split /\n/, text_of('a.cast');
my $header = decode_json(shift @lines);
is($header->{version}, 2, 'the header: version');
is("$header->{width}x$header->{height}", '80x24', 'size');
ok($header->{timestamp} > 1_500_000_000 && $header->{env}{TERM}, 'time, TERM');
my ($last, $bad, @parts, @sizes) = (0, 0, '');
for my $line (@lines) {
  my $event = eval { decode_json($line) };
  $bad++, next if !$event || @$event != 3 || $event->[0] < $last || $event->[1] !~ /^[or]$/;
  $last = $event->[0];
  if ($event->[1] eq 'o') { $parts[-1] .= $event->[2]; next }
  push @sizes, $event->[2];
  push @parts, '';
}
is($bad, 0, 'every event is [seconds, kind, text], in order');
is("@sizes", '50x20', 'the resize is one');
unlike($parts[0], qr/(?<!\r)\n/, 'line ends as the terminal gets them');
is((stat "$dir/a.cast")[2] & 0777, 0600, 'for nobody else');

my $script = 'stty raw -echo;';
for my $i (0 .. $#parts) {
  open my $out, '>:utf8', "$dir/part$i" or die $!;
  print $out $parts[$i];
  close $out;
  $script .= " until test -e $dir/go$i; do sleep 0.05; done; cat $dir/part$i; : > $dir/done$i;";
}
my $player = Tmux->new(shell => 1);
open my $out, '>', "$dir/play" or die $!;
print $out "printf '\\033[H\\033[2J'; $script sleep 1000";
close $out;
$player->enter("exec sh $dir/play");
for my $i (0 .. $#parts) {
  $player->resize(split /x/, $sizes[$i - 1]) if $i;
  open my $go, '>', "$dir/go$i" or die $!;
  $player->wait_for(sub { -e "$dir/done$i" });
}
my ($want) = $t->screen =~ /\A(.*?^moon> \.record off$)/ms;
$player->sees(sub { $player->screen =~ /\Q$want\E\s*\z/ }, 'played, it is what was on the screen')
  or diag("wanted:\n$want");

# ---- .transcript ----
my $s = Tmux->new;
$s->enter('local x = { 1, 2 }');
$s->enter('print("\27[32mgreen\27[0m ```", "10%\r20%")');
$s->enter('setTimeout(function() print("later") end, 1)');
$s->sees(qr/^later$/m, 'output of a timer');
$s->enter('function two()');
$s->enter('return 2');
$s->enter('end');
$s->enter(".transcript $dir/a.md");
$s->sees(qr/a\.md: 4 lines with their output/, '.transcript');
my $text = text_of('a.md');
like($text, qr/^# A moonfork session$/m, 'a title');
like($text, qr/^```lua\nlocal x = \{ 1, 2 \}\n```$/m, 'a line');
like($text, qr/^````lua\nprint.*^````\n\n````text\ngreen ```\t20%\n````$|20%/ms, 'without colours, in a fence that is long enough');
like($text, qr/^```text\nTimeout #1[^\n]*\nlater\n```$/m, 'what came by itself, in its place');
like($text, qr/^```lua\nfunction two\(\)\n  return 2\nend\n```$/m, 'a block');
unlike($text, qr/\e|\.transcript/, 'nothing else');
$s->enter(".transcript $dir/a.md");
$s->sees(qr/a\.md: 5 lines/, 'again into the same file');
$s->enter(".transcript $dir/a.cast");
$s->sees(qr/a\.cast is there already/, 'not over another');
$s->enter(".record $dir/a.cast");
$s->sees(sub { (() = $s->screen =~ /is there\s+already/g) == 2 }, 'nor does .record');
$s->enter(".record $dir/none/a.cast");
$s->sees(qr/none\/a\.cast: no such file/, 'a folder that is not there');

# ---- .type ----
$s->keys('C-l');
my %types = (
  'x' => qr/^  type +table\n  size +2 entries, 2 of them in sequence\n  name +a local of this session$/m,
  'two' => qr/function, in Lua\n  defined +moon>\[4\]:1\n/,
  'print' => qr/function, in C\n  defined +in C\n/,
  '"caf\u{e9}"' => qr/string\n  size +5 bytes, 4 characters/,
  '1.5' => qr/number, a float/,
  'process' => qr/userdata.*\n  class +Process < EventEmitter\n.*  name +built in/s,
  'setmetatable({}, { __len = two })' => qr/metatable +__len$/m,
  'nosuch()' => qr/attempt to call a nil value/,
);
for my $what (sort keys %types) {
  $s->keys('C-l');
  $s->enter(".type $what");
  $s->sees($types{$what}, ".type $what");
}
done_testing;
