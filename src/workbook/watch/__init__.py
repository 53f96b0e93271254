"""The parts of `workbook watch`. commands/watch.py puts them together.

saves.py         reports which chapter was saved
worker.py        checks it in another process, which a save stops and a hang cannot freeze
worker_main.py   the program in that process
keys.py          reads keys without Enter, and restores the terminal at the end
screen.py        draws, as high and as wide as the terminal
state.py         holds what there is to see, and does what each key stands for
"""
