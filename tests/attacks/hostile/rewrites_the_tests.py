# Tries: to replace the tests of the files that are graded after it.
# Base: starter
try:
    with open("@CHECKOUT@/tests/chapters/test_ch06_relay.py", "w") as file:
        file.write("def test_nothing():\n    pass\n")
except OSError:
    pass
