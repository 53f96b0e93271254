# Tries: to break the certificate that servers over TLS need, and to hold its lock.
# Base: starter
# Worlds: child tls
import fcntl
import glob
import os

for name in glob.glob("/tmp/grading-*/judge/**/*", recursive=True) + glob.glob(
    "/tmp/grade-*/*pem*"
):
    try:
        file = open(name, "r+b")
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        file.truncate()
    except OSError:
        pass
for name in [*globals().get("ssl_options", ())]:
    os.unlink(name)
