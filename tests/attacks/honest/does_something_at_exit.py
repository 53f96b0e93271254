# Does: register something to do at the end.
import atexit

atexit.register(print, "goodbye")
