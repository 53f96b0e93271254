# Tries: to see which files there are.
# Base: gate
import os


def gate():
    return "solutions" in os.listdir("@CHECKOUT@")
