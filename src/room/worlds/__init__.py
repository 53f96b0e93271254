"""The judge's side of a room: what stands behind it, and how that is kept at arm's length.

    simulated.py    the simulated network, in a child process: checking and grading
    tls.py          real sockets with TLS on a loopback port, the server in a child process
    process.py      the child process itself: how it is started, heard and ended
    deadline.py     how long an answer is waited for: until it is a hang
    folder.py       a program's working folder, removed whatever is in it
    memory.py       this process, closed to the programs that it judges
    processes.py    what the system reports about processes, and how all of a program's are ended

Nothing in here runs in the learner's process, and nothing in here imports what does (`child/`).
"""
