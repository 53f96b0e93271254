# Does: turn off the garbage collector, and trace memory.
import gc
import tracemalloc

gc.disable()
tracemalloc.start()
