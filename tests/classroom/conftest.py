"""The fixtures of small_class.py, for every test of this folder."""

from small_class import chapter, checkout, fake, grade, place

__all__ = ["chapter", "checkout", "fake", "grade", "place"]
