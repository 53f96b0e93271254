# Tries: to leave a process behind that holds its output open.
# Base: solution
import subprocess
import sys

program = "import os, time; os.setsid(); os.fork() and os._exit(0); time.sleep(600)  # @TOKEN@"
subprocess.run([sys.executable, "-c", program], env={})
