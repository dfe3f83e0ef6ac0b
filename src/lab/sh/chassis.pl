#!/usr/bin/perl
# What ipmi_sim runs to switch the power of its machine. Passes the order on to the
# lab's controller and prints its answer. Source: ipmi_sim(1), "chassis_control".
# Without modules: loading `Socket` took more time than everything else here, and each shot waits for it.
use strict;

my ($desk, @question) = @ARGV;
alarm 2; # A dead controller must not block the simulator for ever.
my ($unix, $stream) = (1, 1); # Linux's AF_UNIX and SOCK_STREAM.
socket(my $line, $unix, $stream, 0) or die "socket: $!\n";
connect($line, pack('S a*', $unix, "$desk\0")) or die "$desk: $!\n";
syswrite $line, "@question\n";
shutdown $line, 1;
my $answer = join '', <$line>;
exit 1 if $answer =~ /^refused/;
print $answer;
