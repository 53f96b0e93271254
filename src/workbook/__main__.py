"""`python -m workbook` is the same as `workbook`, for when that is not on the path."""

from workbook.cli import main

main(prog_name="workbook")
