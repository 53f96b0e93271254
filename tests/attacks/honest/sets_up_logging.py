# Does: configure logging for itself.
import logging

logging.basicConfig(level=logging.DEBUG, format="%(asctime)s %(message)s", force=True)
