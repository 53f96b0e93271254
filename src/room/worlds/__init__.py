"""The judge's side of a room: opens worlds for a program, and keeps the program at arm's length.

    simulated.py    the simulated network, in a child process: checking and grading
    tls.py          real sockets with TLS on a loopback port, the server in a child process
    process.py      the child process: starts it, reads its answers, and ends it
    environment.py  the child's environment variables
    deadline.py     how long the judge waits for an answer before it is a hang
    folder.py       makes temporary folders, and removes them, whatever is in them
    memory.py       closes the judge's memory to the programs that it judges
    processes.py    what the system reports about processes, and ends all that a program started

Nothing in here runs in the learner's process, and nothing in here imports what does (`child/`).
"""
