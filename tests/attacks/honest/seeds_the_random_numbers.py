# Does: seed random numbers, and read clocks.
import random
import secrets
import time
import uuid

random.seed(1)
STARTED = time.time(), time.monotonic(), time.localtime(), uuid.uuid4(), secrets.token_hex()
