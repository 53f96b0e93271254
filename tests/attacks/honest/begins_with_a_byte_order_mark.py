# Does: begin with the mark that Windows' Notepad writes.
# Form: bom
