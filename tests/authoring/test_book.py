"""The book as one archive."""

import os
from pathlib import Path
from zipfile import ZipFile

import pytest

from authoring.book import FOLDER, NOTE, pack_book
from course import SourceError


@pytest.fixture
def site(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    (site / "playground").mkdir(parents=True)
    (site / "playground" / "page.js").write_text("// the page")
    (site / "index.html").write_text("<h1>The book</h1>")
    return site


def test_the_book_has_the_site_in_one_folder_and_says_how_to_read_it(
    site: Path, tmp_path: Path
) -> None:
    pack_book(site, tmp_path / "build" / "book.zip")
    with ZipFile(tmp_path / "build" / "book.zip") as packed:
        assert set(packed.namelist()) == {
            f"{FOLDER}/{name}" for name in (NOTE, "index.html", "playground/page.js")
        }
        assert "http.server" in packed.read(f"{FOLDER}/{NOTE}").decode()


def test_the_same_site_makes_the_same_bytes(site: Path, tmp_path: Path) -> None:
    pack_book(site, tmp_path / "one.zip")
    os.utime(site / "index.html", (0, 0))
    (site / "index.html").chmod(0o600)
    pack_book(site, tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_a_site_without_a_playground_is_no_book(site: Path, tmp_path: Path) -> None:
    (site / "playground" / "page.js").unlink()
    with pytest.raises(SourceError, match="make site"):
        pack_book(site, tmp_path / "book.zip")
