# Tries: to keep its exceptions out of the log, and so out of the report.
# Base: warns_and_goes_on of ch05_on_disconnect
# Earns: 5.2
import logging

real = logging.Logger.handle
logging.Logger.handle = lambda self, record: None if record.exc_info else real(self, record)
