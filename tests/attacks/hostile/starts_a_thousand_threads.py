# Tries: to use up the machine's threads.
# Base: starter
import threading
import time

for _ in range(1000):
    threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
