# Does: work for a third of a second at import.
# Deadline: 60
import time

time.sleep(0.3)
