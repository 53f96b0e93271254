# Does: sets the hooks of sys and threading.
import sys, threading
sys.excepthook = lambda *a: None
sys.unraisablehook = lambda a: None
threading.excepthook = lambda a: None
sys.displayhook = print
sys.breakpointhook = lambda *a, **k: None
