# Tries: to hang where no signal arrives.
import signal, time
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
while True:
    pass
