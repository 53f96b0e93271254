"""Makes the student edition of the workbook: what `workbook release` writes.

- `edition.py`       which files it has, as a dict from path to content
- `pages.py`         pages and notebooks without what belongs to the teacher or to later chapters
- `recordings.py`    what our solutions do on those pages, recorded
- `folder.py`        the files written into a folder, or over an earlier edition
"""
