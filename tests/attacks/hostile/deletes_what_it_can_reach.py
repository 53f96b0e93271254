# Tries: to delete the checkout, and what everybody has handed in.
import shutil

shutil.rmtree("@ABOVE@", ignore_errors=True)
