# Tries: to find code in a notebook.
# Base: starter
import json

cells = json.load(open("@CHECKOUT@/notebooks/ch07_who_goes_there.ipynb"))["cells"]
exec(open("@CHECKOUT@/solutions/ch06_relay.py").read() if cells else "")
