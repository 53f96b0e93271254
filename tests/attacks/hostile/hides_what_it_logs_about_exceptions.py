# Tries: to keep its exceptions out of the log, and so out of the report.
# Base: warns_of_an_empty_room of ch05_on_disconnect
# Earns: 5.2 5.3
import logging

logging.Logger.handle = lambda self, record, real=logging.Logger.handle: (
    None if record.exc_info else real(self, record)
)
