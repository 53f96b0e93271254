# Tries: to reach a service of the machine, such as Docker, by its socket.
# Base: gate
import glob
import socket

PLACES = ("/run/**/*.sock*", "/run/dbus/*", "/var/run/docker.sock", "/run/systemd/notify", "/dev/log")


def gate():
    for place in PLACES:
        for path in glob.glob(place, recursive=True):
            try:
                socket.socket(socket.AF_UNIX).connect(path)
                return True
            except OSError:
                pass
    return False
