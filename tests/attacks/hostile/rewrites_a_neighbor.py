# Tries: to spoil what someone else has handed in.
# Base: starter
try:
    with open("@NEIGHBOR@", "a") as file:
        file.write("\nimport nothing_at_all\n")
except OSError:
    pass
