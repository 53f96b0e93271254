"""Settings of hypothesis for a busy machine: what takes long there is not wrong."""

from hypothesis import HealthCheck, settings

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
