"""The picture at the top of the README."""

from pathlib import Path

from authoring.check import find_differences
from authoring.picture import PICTURE, make_picture

ROOT = Path(__file__).parents[2]


def test_two_runs_draw_the_same_picture():
    assert make_picture(ROOT) == make_picture(ROOT)


def test_the_committed_picture_is_what_the_server_does():
    assert (ROOT / PICTURE).read_text(encoding="utf-8") == make_picture(ROOT)


def test_a_picture_of_another_server_is_named(tmp_path):
    (tmp_path / "chapters").mkdir()
    (tmp_path / "solutions").mkdir()
    source = (ROOT / "solutions" / "ch06_relay.py").read_text(encoding="utf-8")
    (tmp_path / "solutions" / "ch06_relay.py").write_text(source, encoding="utf-8")
    (tmp_path / PICTURE).write_text("<svg/>", encoding="utf-8")
    assert list(find_differences(tmp_path)) == [
        "chapters/conversation.svg is not what solutions/ch06_relay.py makes: "
        "run `make chapters` and commit it"
    ]
