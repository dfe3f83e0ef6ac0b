#!/usr/bin/perl
# What ipmi_sim runs to switch the power of its machine. Passes the order on to the
# lab's controller and prints its answer. Source: ipmi_sim(1), "chassis_control".
use strict;
use warnings;
use Socket;

my ($desk, @question) = @ARGV;
alarm 2; # A dead controller must not block the simulator for ever.
socket(my $line, PF_UNIX, SOCK_STREAM, 0) or die "socket: $!\n";
connect($line, pack_sockaddr_un($desk)) or die "$desk: $!\n";
syswrite $line, "@question\n";
shutdown $line, 1;
my $answer = join '', <$line>;
exit 1 if $answer =~ /^refused/;
print $answer;
