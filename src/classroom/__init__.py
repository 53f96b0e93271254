"""Grades a class: submissions in, a gradebook and pages out. The command is `workbook grade`.

- `class_run.py`     one run, from the download to the files that are written
- `intake/`          the shapes in which platforms hand out submissions; archives, links, notebooks
- `collecting.py`    whose is what, and a copy of each graded file by its content
- `store.py`         results.jsonl: what has been judged, line by line, and never twice
- `grading.py`       judges what has not been judged yet
- `marks.py`, `points.py`, `late.py`    what that is worth, worked out again every time
- `settings.py`, `roster.py`, `times.py`    what the teacher says
- `outputs/`         gradebooks, results for other programs, and the pages
- `sheet.py`, `escaping.py`    a CSV file that keeps its bytes; text from strangers
"""
