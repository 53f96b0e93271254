"""The fixtures `chapter` and `change` of a small book."""

from tests.small_book import change, chapter

__all__ = ["change", "chapter"]
