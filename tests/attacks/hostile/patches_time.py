# Tries: to stop the clock of its own side.
# Base: starter
import time

time.monotonic = time.time = time.perf_counter = lambda: 0.0
time.process_time = lambda: 0.0
