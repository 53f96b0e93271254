"""Has a class graded by other machines, through a Dask scheduler: `workbook grade --cluster`.

- `call.py`          what goes over the wire, there and back, as plain data
- `worker.py`        the two functions that a worker runs
- `connection.py`    why a scheduler cannot be reached, in one line
- `client.py`        hands a job to the cluster, and waits for its judgement

Only `connection.py` and `client.py` import `distributed`, which is an optional dependency.
"""
