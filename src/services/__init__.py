"""Grading as a part of someone else's service: Gradescope and Classroom 50.

- `one.py`           grades what one student has handed in, and never raises
- `gradescope.py`    as Gradescope's results.json
- `classroom50.py`   as Classroom 50's result.json
- `bundle.py`        the zip for each of them: the judge, one chapter's tests, a teacher's settings
"""
