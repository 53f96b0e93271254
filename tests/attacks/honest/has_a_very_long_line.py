# Does: contain a line of thirty thousand characters.
# Form: long
