# Does: turn all logging off.
import logging

logging.disable(logging.CRITICAL)
