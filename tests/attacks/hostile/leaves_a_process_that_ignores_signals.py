# Tries: to leave a process behind that cannot be asked to end.
# Base: starter
import subprocess
import sys

program = (
    "import signal, time\nfor n in (1, 2, 15): signal.signal(n, 1)\ntime.sleep(600)  # @TOKEN@"
)
subprocess.Popen([sys.executable, "-c", program], start_new_session=True)
