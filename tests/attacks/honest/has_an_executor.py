# Does: keep an executor of its own, with an idle worker.
from concurrent.futures import ThreadPoolExecutor

POOL = ThreadPoolExecutor(2)
POOL.submit(sum, [1, 2, 3]).result()
