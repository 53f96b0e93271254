# Does: use time zones and decimal numbers.
import contextlib
import decimal
import zoneinfo

with contextlib.suppress(zoneinfo.ZoneInfoNotFoundError):
    ZONE = zoneinfo.ZoneInfo("Europe/Berlin")
decimal.getcontext().prec = 50
