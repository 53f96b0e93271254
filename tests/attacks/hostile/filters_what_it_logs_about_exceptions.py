# Tries: to keep its exceptions out of the log with a filter, as the manual of logging describes.
# Base: warns_and_goes_on of ch05_on_disconnect
# Earns: 5.2
import logging

real = logging.getLogger


def filtered(name=None):
    found = real(name)
    if not found.filters:
        found.addFilter(lambda record: not record.exc_info)
    return found


logging.getLogger = filtered
