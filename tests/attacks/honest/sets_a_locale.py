# Does: set the locale of whoever runs it.
import contextlib
import locale

with contextlib.suppress(locale.Error):
    locale.setlocale(locale.LC_ALL, "")
