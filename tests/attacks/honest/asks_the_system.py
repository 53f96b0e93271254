# Does: ask the system who and where it is.
import os
import platform
import socket
import tempfile

ABOUT = [platform.platform(), platform.python_version(), os.cpu_count(), os.getcwd(), os.getpid()]
ABOUT += [socket.gethostname(), tempfile.gettempdir(), os.path.expanduser("~")]
