# Tries: to start processes that no group contains.
# Base: starter
import subprocess
import sys

for _ in range(30):
    program = "import time; time.sleep(600)  # @TOKEN@"
    subprocess.Popen([sys.executable, "-S", "-c", program], start_new_session=True, env={})
