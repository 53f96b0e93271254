# Does: keep something in a context variable.
import contextvars

WHO = contextvars.ContextVar("WHO", default="nobody")
WHO.set("somebody")
