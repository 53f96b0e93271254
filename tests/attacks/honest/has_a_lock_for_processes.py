# Does: make a lock that processes could share.
import multiprocessing

LOCK = multiprocessing.Lock()
