# Tries: to make so many files that removing them takes forever.
# Base: starter
for number in range(5000):
    open(f"file-{number}", "w").close()
