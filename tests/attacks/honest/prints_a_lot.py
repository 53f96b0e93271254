# Does: print a hundred kilobytes.
for number in range(2000):
    print(f"line {number} of a program that tells everything it does")
