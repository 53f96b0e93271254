# Does: handle a signal, set at import.
import signal

signal.signal(signal.SIGTERM, lambda number, frame: None)
