#!/usr/bin/perl
# A typed answer may be a letter that is also a key: a blank before it makes it an answer.
# timeout: 900
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use Walk;

plan skip_all => 'tmux is not installed' unless grep { -x "$_/tmux" } split /:/, $ENV{PATH};

my $w = Walk->new;
$w->begin_at('word');
$w->lesson('90');
$w->sees(qr/Which word.*Keys, alone on the line: n next.*To answer with one\s+of these letters, type a blank before it\./s, 'it is said');
$w->enter('b');
$w->bar(qr/8\/9 · run/, 'alone the letter is a key');
$w->key('n');
$w->sees(qr/Your answer:\s*\z/, 'the question again');
$w->enter(' b');
$w->bar(qr/you said b, it is sum, because/, 'behind a blank it is an answer');
$w->enter(".again");
$w->sees(qr/Your answer:\s*\z/, 'once more');
$w->enter('   ');
$w->enter(' sum ');
$w->bar(qr/you said sum, and so it is, because/, 'blanks alone are none');
$w->key('q');

my $zh = Walk->new(lang => 'zh');
$zh->begin_at('own-words');
$zh->lesson('90');
$zh->sees(qr/空行结束。.*单独输入一个字母是按键.*请先输入一个空格。/s, 'also in Chinese, and where one writes freely');
$zh->enter(' q');
$zh->enter('');
$zh->sees(qr/已保存.*5\/9/s, 'a letter is kept');
like($zh->progress, qr/own-words done .* said= q$/m, 'as it was written');
done_testing();
