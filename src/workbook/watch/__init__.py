"""The parts of `workbook watch`; how they work together is in commands/watch.py.

saves.py         which chapter was saved
worker.py        checks it in another process, which a save stops and a hang cannot freeze
worker_main.py   the program in that process
keys.py          the terminal: keys without Enter, and everything as it was at the end
screen.py        what is drawn, as high and as wide as the terminal
state.py         what there is to see, and what each key does
"""
