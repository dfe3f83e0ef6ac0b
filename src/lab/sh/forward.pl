#!/usr/bin/perl
# Listens for a simulated controller that lives outside this network: passes bytes on to a Unix socket
# and back. Arguments: address, port, path of the socket. Stopped, it takes connections and says nothing.
use strict;
use warnings;
use IO::Select;
use Socket qw(:all);

my ($address, $port, $path) = @ARGV;
$SIG{PIPE} = 'IGNORE';
socket(my $door, PF_INET, SOCK_STREAM, 0) or die "socket: $!\n";
setsockopt($door, SOL_SOCKET, SO_REUSEADDR, 1);
bind($door, pack_sockaddr_in($port, inet_aton($address))) or die "$address port $port: $!\n";
listen($door, 64) or die "listen: $!\n";

my $ready = IO::Select->new($door);
my %other;

sub hang_up {
  for my $end (@_) {
    $ready->remove($end);
    delete $other{fileno $end};
    close $end;
  }
}

while (1) {
  for my $end ($ready->can_read) {
    if ($end == $door) {
      accept(my $client, $door) or next;
      setsockopt($client, IPPROTO_TCP, TCP_NODELAY, 1);
      socket(my $line, PF_UNIX, SOCK_STREAM, 0) or die "socket: $!\n";
      if (!connect($line, pack_sockaddr_un($path))) {
        close $client;
        next;
      }
      $other{fileno $client} = $line;
      $other{fileno $line} = $client;
      $ready->add($client, $line);
      next;
    }
    my $far = $other{fileno $end} or next; # Hung up in this very round.
    my $count = sysread $end, my $bytes, 65536;
    # Answers are small: an end that takes nothing holds the others up for no longer than its buffer.
    my $at = 0;
    while ($count && $at < $count) {
      my $written = syswrite $far, $bytes, $count - $at, $at;
      if (!defined $written) { $count = 0; last; }
      $at += $written;
    }
    hang_up($end, $far) unless $count;
  }
}
