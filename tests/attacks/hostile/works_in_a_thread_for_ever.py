# Tries: to keep a processor busy from import on.
# Base: starter
import threading


def work():
    while True:
        pass


threading.Thread(target=work).start()
