"""The error that a teacher reads: one line that says what is wrong and what to do."""

from __future__ import annotations


class ClassError(Exception):
    """Something is wrong with the whole run, such as a mistake in class.toml."""


class Refusal(Exception):
    """One student's submission cannot be used. The message becomes part of their result."""
