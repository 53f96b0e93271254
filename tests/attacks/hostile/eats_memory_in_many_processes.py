# Tries: to use all memory, with many processes that keep within the limit of one.
# Base: starter
import subprocess
import sys

program = "import time\neaten = bytearray(200 * 2**20)\ntime.sleep(20)  # @TOKEN@"
for _ in range(12):
    subprocess.Popen([sys.executable, "-S", "-c", program], start_new_session=True)
