#!/usr/bin/perl
# .lang: help and the explanations of error codes in Chinese, 80 columns wide; and back.
use strict;
use warnings;
use utf8;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Tmux;

plan skip_all => 'tmux is not installed' unless grep { -x "$_/tmux" } split /:/, $ENV{PATH};
binmode $_, ':utf8' for Test::More->builder->output, Test::More->builder->failure_output;

my $t = Tmux->new(columns => 80, rows => 140, env => { NO_COLOR => 1, LC_ALL => 'C.UTF-8', MOONFORK_LANG => '' });
$t->enter('.lang zh');
$t->sees(sub { utf8_screen($t) =~ /现在说中文/ }, '.lang zh');
$t->enter('?EADDRINUSE');
$t->sees(sub { utf8_screen($t) =~ /地址已被占用.*本次会话还没有地址被拒绝/s }, 'an error code in Chinese');
$t->enter('.help');
$t->sees(sub { utf8_screen($t) =~ /直接输入 Lua.*\.ps \[-f\].*进程树/s }, 'the list of commands');
my %chinese = utf8_screen($t) =~ /^  \.(\w+)(.*?)(?=^  \.\w|^$)/msg;
is_deeply([grep { $chinese{$_} !~ /\p{Han}/ } sort keys %chinese], [], 'every command in Chinese');
cmp_ok(scalar keys %chinese, '>', 35, 'all of them were seen');
$t->sees(sub { utf8_screen($t) =~ /搜索.*不用 require/s }, 'and what stands around them');
$t->enter('.help cont');
$t->sees(sub { utf8_screen($t) =~ /^\.cont NAME\n  让被 \.stop 停下的进程/m }, 'one command');
$t->enter('.help kill');
$t->sees(sub { utf8_screen($t) =~ /^  \.kill +向进程发送信号/m }, 'and among other rows');
$t->enter('.lang en');
$t->sees(qr/English from now on/, '.lang en');
$t->enter('?SIGKILL');
$t->sees(qr/ends the process at once/, 'and so it is');
done_testing();

sub utf8_screen { my $text = $_[0]->screen; utf8::decode($text); return $text }
