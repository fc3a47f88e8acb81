#!/usr/bin/perl
# Unhandled rejections: the modes, exit codes, what is printed; await that never settles.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Sandbox;
use Test::More;

sub run_code {
  my ($code, @options) = @_;
  return Sandbox::run(command => [Sandbox::prefix(), Sandbox::program(), @options, '-e', $code], capture => 1);
}

sub check {
  my ($name, $r, $exit, $out, @err) = @_;
  is($r->{code}, $exit, "$name: exit code") or diag($r->{err});
  is($r->{out}, $out, "$name: output");
  like($r->{err}, $_, "$name: stderr") for @err;
}

my $wrapped = qr/UnhandledPromiseRejection \[ERR_UNHANDLED_REJECTION\]: This error originated either by throwing inside of an async function without a catch block, or by rejecting a promise which was not handled with \.catch\(\)\. The promise rejected with the reason "5"\./;
my $warned = qr/UnhandledPromiseRejectionWarning: 5\n[^U]*.*UnhandledPromiseRejectionWarning: Unhandled promise rejection\..*\(rejection id: 1\)/s;
my $five = 'Promise.reject(5) setTimeout(function() print "went on" end, 1)';
my $listen = 'process.on("unhandledRejection", function(r) print("heard", r) end) ';
my $uncaught = 'process.on("uncaughtException", function(e, o) print(e.code, o) end) ';

check('throw', run_code($five), 1, '', $wrapped);
check('throw, Error', run_code('Promise.reject(Error "x")'), 1, '', qr/^Error: x$/m);
check('throw, listener', run_code($listen . $five), 0, "heard\t5\nwent on\n", qr/^$/);
check('throw, uncaughtException', run_code($uncaught . $five), 0,
  "ERR_UNHANDLED_REJECTION\tunhandledRejection\nwent on\n", qr/^$/);
check('none', run_code($five, '--unhandled-rejections=none'), 0, "went on\n", qr/^$/);
check('none, listener', run_code($listen . $five, '--unhandled-rejections=none'), 0, "heard\t5\nwent on\n", qr/^$/);
check('warn', run_code($five, '--unhandled-rejections=warn'), 0, "went on\n", $warned);
check('warn, listener', run_code($listen . $five, '--unhandled-rejections=warn'), 0, "heard\t5\nwent on\n", $warned);
check('warn-with-error-code', run_code($five, '--unhandled-rejections=warn-with-error-code'), 1, "went on\n", $warned);
check('warn-with-error-code, listener', run_code($listen . $five, '--unhandled-rejections=warn-with-error-code'), 0,
  "heard\t5\nwent on\n", qr/^$/);
check('strict', run_code($five, '--unhandled-rejections=strict'), 1, '', $wrapped);
check('strict, listener', run_code($listen . $five, '--unhandled-rejections=strict'), 1, '', $wrapped);
check('strict, both', run_code($uncaught . $listen . $five, '--unhandled-rejections=strict'), 0,
  "ERR_UNHANDLED_REJECTION\tunhandledRejection\nheard\t5\nwent on\n", qr/^$/);
check('handled late', run_code('process.on("unhandledRejection", function() end) local p = Promise.reject(1) '
    . 'setTimeout(function() p:catch(print) end, 1)'), 0, "1\n",
  qr/PromiseRejectionHandledWarning: Promise rejection was handled asynchronously \(rejection id: 1\)/);
check('reasons', run_code('Promise.reject({})'), 1, '', qr/with the reason "#<table>"/);
check('reasons', run_code('Promise.reject(EventEmitter())'), 1, '', qr/with the reason "#<EventEmitter>"/);
check('reasons', run_code('Promise.reject()'), 1, '', qr/with the reason "nil"/);
check('all are told', run_code($uncaught . 'process.on("unhandledRejection", function(r) print(r) error(Error "x") end) '
    . 'Promise.reject(1) Promise.reject(2)'), 0, "1\nnil\tuncaughtException\n2\nnil\tuncaughtException\n", qr/^$/);

check('await at the top', run_code('print(await(Promise.resolve "v"))'), 0, "v\n", qr/^$/);
check('error before await', run_code('queueMicrotask(function() print "no" end) error(Error "early")'), 1, '', qr/early/);
check('error after await', run_code($uncaught . 'await(1) error(Error "late")'), 0, "nil\tunhandledRejection\n", qr/^$/);
check('never settled', run_code("print(1)\nawait(Promise(function() end))\nprint(2)"), 13, "1\n", qr/\[eval\]:2/);
check('never settled, exitCode', run_code('process.exitCode = 4 await(Promise(function() end))'), 4, '');
check('exit sees 13', run_code('process.on("exit", function(c) print(c) end) await(Promise(function() end))'), 13, "13\n");
check('exit while it waits', run_code('setTimeout(function() process.exit(3) end, 1) await(Promise(function() end))'), 3, '', qr/^$/);
check('exit inside async', run_code('async(function() await(1) process.exit(5) end)()'), 5, '', qr/^$/);
my $r = Sandbox::run(command => [Sandbox::prefix(), Sandbox::program(), '-p', 'await(Promise.resolve(3)), 4'], capture => 1);
is($r->{out}, "3\n4\n", '-p awaits and prints all values');
done_testing();
