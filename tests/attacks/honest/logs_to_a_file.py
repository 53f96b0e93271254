# Does: write its log to a file in the current folder.
import logging

logging.getLogger().addHandler(logging.FileHandler("server.log"))
