# Does: treat warnings as errors, and warn.
import warnings

warnings.simplefilter("error")
try:
    warnings.warn("this is old", DeprecationWarning, stacklevel=1)
except DeprecationWarning:
    pass
