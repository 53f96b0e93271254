# Does: log through a QueueListener, which has a thread.
import logging.handlers
import queue

LISTENER = logging.handlers.QueueListener(queue.Queue(), logging.NullHandler())
LISTENER.start()
