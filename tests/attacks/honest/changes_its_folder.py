# Does: change to another folder, and clear its environment.
import os

os.chdir("/")
os.environ.clear()
os.umask(0o777)
