# Tries: to talk to the kernel, to hosts of virtual machines, or past TCP.
# Base: gate
import socket
def gate():
    for family in (socket.AF_NETLINK, socket.AF_PACKET, 40, 38, socket.AF_BLUETOOTH):
        try:
            socket.socket(family, socket.SOCK_RAW if family != 40 else socket.SOCK_STREAM)
            return True
        except OSError:
            pass
    return False
