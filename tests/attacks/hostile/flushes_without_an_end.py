# Tries: to hang in our code, where it sends on what was printed.
# Base: solution
# Earns: nothing
import sys
class F:
    def write(self, s): return len(s)
    def flush(self):
        while True: pass
sys.stdout = F()
