"""The learner's side of a room: everything that shares a process with the learner's code.

    main.py        the child process: performs commands, writes replies
    stage.py       starts a program's server, performs commands on it, and closes it
    simulated.py   the stage on the simulated network, with scripted clients
    sockets.py     the stage on real sockets, in virtual time
    program.py     executes the learner's file, or says in one sentence why that fails
    repeated.py    measures what it costs to execute the file for every room
    unwritten.py   passes over tasks that are not written yet, and records them
    notes.py       what clients cannot see: exceptions, log records, forgotten awaits
    places.py      file and line in the learner's code
    original.py    puts our own code back when a program has changed it
    audit.py       records which threads and processes are started, and how the process ends

The learner's code can change anything in here, so nothing is decided here.
"""
