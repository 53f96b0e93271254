"""The learner's side of a room: everything that shares a process with the learner's code.

    main.py        the child process: performs commands, writes replies
    stage.py       a program's server, started, told to perform, and closed
    simulated.py   the stage on the simulated network, with scripted clients
    sockets.py     the stage on real sockets, in virtual time
    program.py     the learner's file: executed, or one sentence of why not
    repeated.py   what it costs that it is executed for every room
    notes.py       what clients cannot see: exceptions, log records, forgotten awaits
    places.py      file and line in the learner's code
    audit.py       threads and processes that are started, and how the process ended

The learner's code may do anything to what is in here, so nothing is decided here.
"""
