# Tries: to reach the internet.
# Base: gate
import errno
import socket


def gate():
    with socket.socket() as there:
        there.settimeout(0.3)
        try:
            there.connect(("192.0.2.1", 80))
        except TimeoutError:
            return True  # packets leave this machine
        except OSError as error:
            return error.errno not in (errno.ENETUNREACH, errno.EPERM, errno.EACCES)
        return True
