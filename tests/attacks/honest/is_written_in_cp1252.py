# Does: is saved as an editor on Windows may save it, and says so.
# Form: cp1252
X = 1
