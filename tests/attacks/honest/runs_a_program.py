# Does: run another program at import.
import subprocess
import sys

subprocess.run([sys.executable, "-c", "print('hello')"], check=True)
