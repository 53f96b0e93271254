# Does: read its command line.
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=8001)
OPTIONS, _ = parser.parse_known_args()
