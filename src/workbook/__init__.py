"""The learner's command `workbook`: `cli.py` reads its arguments, `commands/` carries it out."""
