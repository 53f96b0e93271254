"""The shapes in which platforms hand out submissions, and what is refused in them."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest
from small_class import NAME, FakeJudge, Grade, hand_in, points

from classroom.errors import ClassError
from classroom.intake import archive as archives
from classroom.intake.notebook import notebook_source

RIGHT = "# passes 1.1 1.2\n"
FILE = f"{NAME}.py"


def zipped(files: dict[str, str | bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def trouble(grade: Grade) -> dict[str, str]:
    return {mark.student.id: mark.trouble for mark in grade().marks}


def notes(grade: Grade) -> list[str]:
    return [note for m in grade().marks if m.submission for note in m.submission.notes]


# Each shape


def test_a_folder_for_each_student(place: Path, grade: Grade) -> None:
    hand_in(place, "alice")
    hand_in(place / "bob", "work")
    assert points(grade()) == {"alice": 15, "bob": 15}


def test_a_zip_for_each_student(place: Path, grade: Grade) -> None:
    (place / "alice.zip").write_bytes(zipped({FILE: RIGHT}))
    (place / "bob.ZIP").write_bytes(zipped({f"deep/er/{FILE}": RIGHT, "__MACOSX/x": ""}))
    assert points(grade()) == {"alice": 15, "bob": 15}


@pytest.mark.parametrize("ending", ["tar", "tar.gz", "tgz", "tar.xz", "tar.bz2"])
def test_a_tar_for_each_student(place: Path, grade: Grade, ending: str) -> None:
    kind = {"tgz": "gz"}.get(ending, ending.rpartition(".")[2]).replace("tar", "")
    file = place / "source.py"
    file.write_text(RIGHT)
    with tarfile.open(place / f"alice.{ending}", f"w:{kind}") as tar:  # type: ignore[call-overload]
        tar.add(file, FILE)
    file.unlink()
    assert points(grade()) == {"alice": 15}


def test_a_moodle_download(place: Path, grade: Grade) -> None:
    for name in ("Ann Lee_1001_assignsubmission_file_", "José Ñ_1002_assignsubmission_file_"):
        hand_in(place, name)
    (place / "Bo Li_1003_assignsubmission_onlinetext_").mkdir()
    found = points(grade())
    assert found == {"Ann Lee": 15, "José Ñ": 15, "Bo Li": 0}


def test_a_moodle_download_without_folders(place: Path, grade: Grade) -> None:
    (place / f"Ann Lee_1001_assignsubmission_file_{FILE}").write_text(RIGHT)
    assert points(grade()) == {"Ann Lee": 15}


def test_two_students_of_one_name_in_moodle_are_two(place: Path, grade: Grade) -> None:
    hand_in(place, "Ann Lee_1001_assignsubmission_file_")
    hand_in(place, "Ann Lee_1002_assignsubmission_file_", "1.1")
    assert sorted(points(grade()).values()) == [10, 15]


def test_a_canvas_download(place: Path, grade: Grade) -> None:
    (place / f"leeann_4711_99001_{FILE}").write_text(RIGHT)
    (place / f"libo_LATE_4712_99002_{NAME}-1.py").write_text("# passes 1.1\n")
    finished = grade()
    assert points(finished) == {"leeann": 15, "libo": 10}
    assert [mark.submission and mark.submission.is_late for mark in finished.marks] == [False, True]


def test_the_last_of_several_uploads_counts(place: Path, grade: Grade) -> None:
    (place / f"leeann_4711_99001_{FILE}").write_text(RIGHT)
    (place / f"leeann_4711_99002_{NAME}-1.py").write_text("# passes 1.1\n")
    assert points(grade()) == {"leeann": 10}


def test_the_platforms_own_zip(place: Path, grade: Grade, tmp_path: Path) -> None:
    inner = zipped({FILE: RIGHT})
    download = tmp_path / "download.zip"
    content: dict[str, str | bytes] = {
        f"Ann Lee_1001_assignsubmission_file_/{FILE}": RIGHT,
        "Bo Li_1002_assignsubmission_file_/work.zip": inner,
    }
    download.write_bytes(zipped(content))
    assert points(grade(download)) == {"Ann Lee": 15, "Bo Li": 15}


@pytest.mark.parametrize(
    ("name", "has"),
    [
        ("leeann_4711_99001_essay.docx", "essay.docx"),
        ("leeann_LATE_4711_99001_essay-1.pdf", "essay.pdf"),
        ("leeann_4711_text.html", "text.html"),
        ("Ann Lee_1001_assignsubmission_file_essay.docx", "essay.docx"),
    ],
)
def test_nobody_is_lost_who_handed_in_something_else(
    place: Path, grade: Grade, name: str, has: str
) -> None:
    hand_in(place, "alice")
    (place / name).write_text("See above.")
    assert f"There is no {FILE} in what was handed in, only {has}." in trouble(grade).values()


def test_what_is_nobodys_is_named(place: Path, grade: Grade) -> None:
    hand_in(place, "alice")
    for name in ("task.pdf", "gradebook.csv", ".DS_Store", "Thumbs.db"):
        (place / name).write_text("")
    said = "Passed over, because no program is in it: gradebook.csv, task.pdf."
    assert said in grade().remarks


def test_an_anonymous_canvas_download(place: Path, grade: Grade) -> None:
    (place / f"anon_3Kf9x_4711_99001_{FILE}").write_text(RIGHT)
    (place / f"anon_9Qz1b_LATE_4712_99002_{FILE}").write_text(RIGHT)
    assert points(grade()) == {"anon_3Kf9x": 15, "anon_9Qz1b": 15}


@pytest.mark.parametrize("is_zip", [False, True])
def test_a_folder_that_only_wraps_the_class(
    place: Path, grade: Grade, tmp_path: Path, is_zip: bool
) -> None:
    files = {f"friday/{who}/{FILE}": RIGHT for who in ("alice", "bob")}
    if is_zip:
        download = tmp_path / "download.zip"
        download.write_bytes(zipped({**files, "__MACOSX/friday/._x": "", ".DS_Store": ""}))
        assert points(grade(download)) == {"alice": 15, "bob": 15}
    for who in ("alice", "bob"):
        hand_in(place / "friday", who)
    assert points(grade()) == {"alice": 15, "bob": 15}


@pytest.mark.parametrize("other", ["work", "old/work", "ch02"])
def test_a_class_of_one_is_a_class(place: Path, grade: Grade, other: str) -> None:
    hand_in(place / "alice", "work")
    (place / "alice" / other).mkdir(parents=True, exist_ok=True)
    (place / "alice" / other / FILE).write_text(RIGHT)
    assert [*points(grade())] == ["alice"]


def test_nbgraders_folder(place: Path, grade: Grade, tmp_path: Path) -> None:
    hand_in(place / "submitted" / "alice", "relay")
    stamp = place / "submitted" / "alice" / "relay" / "timestamp.txt"
    stamp.write_text("2026-11-27 22:30:00.123456 UTC\n")
    (tmp_path / "class.toml").write_text(
        "[due]\n1 = 2026-11-27T22:00:00Z\n[late]\npercent_per_day = 20\n"
    )
    assert points(grade()) == {"alice": 12}


def test_a_folder_of_clones(place: Path, grade: Grade, tmp_path: Path) -> None:
    hand_in(place / "week1-alice", "work")
    shutil.copytree(place / "week1-alice/work", place / "week1-alice/solutions")
    git = ["git", "-C", str(place / "week1-alice"), "-c", "user.name=a", "-c", "user.email=a@b"]
    dated = {**os.environ, "GIT_COMMITTER_DATE": "2026-11-27T22:30:00Z"}
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "done"], check=True, env=dated)
    (tmp_path / "roster.csv").write_text("student,email\nalice,a@example.org\nbob,b@example.org\n")
    (tmp_path / "class.toml").write_text(
        'roster = "roster.csv"\n[due]\n1 = 2026-11-27T22:00:00Z\n[late]\npercent_per_day = 20\n'
    )
    finished = grade()
    assert points(finished) == {"alice": 12, "bob": 0}
    assert [mark.outcome for mark in finished.marks] == ["graded", "nothing handed in"]


def test_a_clones_own_settings_are_not_obeyed(place: Path, grade: Grade, tmp_path: Path) -> None:
    hand_in(place, "alice")
    subprocess.run(["git", "-C", str(place / "alice"), "init", "-q"], check=True)
    (place / "alice/.git/HEAD").write_text("0" * 40 + "\n")
    with open(place / "alice/.git/config", "a") as config:
        config.write(
            f'[core]\nfsmonitor = "touch {tmp_path}/owned"\n[extensions]\npartialClone = o\n'
            f'[remote "o"]\nurl = .\npromisor = true\nuploadpack = "touch {tmp_path}/owned"\n'
        )
    assert points(grade()) == {"alice": 15}
    assert not (tmp_path / "owned").exists()


def test_a_roster_says_who_a_submission_is_from(place: Path, grade: Grade, tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text(
        '\ufeffstudent;name;id\nal42;"Lee, Ann";4711\nbo43;"Li, Bo";4712\nzé;Zé;4713\n'
    )
    (tmp_path / "class.toml").write_text('roster = "roster.csv"\n')
    (place / f"leeann_9_99001_{FILE}").write_text(RIGHT)
    (place / f"whoever_4712_99002_{FILE}").write_text(RIGHT)
    hand_in(place, "mallory")
    finished = grade()
    assert points(finished) == {"al42": 15, "bo43": 15, "zé": 0, "mallory": 15}
    assert finished.remarks == ["Not in the roster: mallory."]


# Which file


def test_a_browsers_name_for_a_second_download_is_understood(place: Path, grade: Grade) -> None:
    hand_in(place, "alice").rename(place / "alice" / f"{NAME} (1).py")
    assert points(grade()) == {"alice": 15}
    assert notes(grade) == [f"the file was called {NAME} (1).py"]


def test_a_single_file_may_have_any_name(place: Path, grade: Grade) -> None:
    hand_in(place, "alice").rename(place / "alice" / "my homework.py")
    assert points(grade()) == {"alice": 15}
    assert notes(grade) == ["the file was called my homework.py"]


def test_our_solution_in_a_clone_is_not_theirs(place: Path, grade: Grade) -> None:
    hand_in(place / "alice", "solutions")
    assert trouble(grade) == {"alice": f"There is no {FILE} in what was handed in."}


@pytest.mark.parametrize("name", [f"{NAME.upper()}.PY", f"{NAME.title()}.py", f"{NAME}.Py"])
def test_capitals_do_not_matter(place: Path, grade: Grade, name: str) -> None:
    hand_in(place, "alice").rename(place / "alice" / name)
    (place / "alice/helper.py").write_text("x = 1\n")
    assert points(grade()) == {"alice": 15}


def test_the_last_copy_is_graded(place: Path, grade: Grade) -> None:
    for number, passes in (("1", "1.1"), ("2", "1.1 1.2")):
        hand_in(place, "alice", passes).rename(place / f"alice/{NAME} ({number}).py")
    assert points(grade()) == {"alice": 15}


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ([f"{FILE}.txt"], f", only {FILE}.txt."),
        (["a.py", "b/c.py"], ", only a.py, b/c.py."),
        (["a.txt", "b.txt", "c.txt", "d.txt"], ", which has 4 files."),
        ([".DS_Store", f"._{FILE}"], "."),
    ],
)
def test_what_is_there_in_place_of_the_file_is_said(
    place: Path, grade: Grade, files: list[str], says: str
) -> None:
    for name in files:
        (place / "alice" / name).parent.mkdir(parents=True, exist_ok=True)
        (place / "alice" / name).write_text("x = 1\n")
    assert trouble(grade) == {"alice": f"There is no {FILE} in what was handed in{says}"}


def test_a_missing_file_is_said(place: Path, grade: Grade) -> None:
    (place / "alice").mkdir()
    assert trouble(grade) == {"alice": f"There is no {FILE} in what was handed in."}


def test_an_empty_folder_has_no_class(place: Path, grade: Grade) -> None:
    with pytest.raises(ClassError, match="There is no submission in"):
        grade()


# What is refused, for that student only


def test_a_link_is_not_followed(place: Path, grade: Grade, checkout: Path, fake: FakeJudge) -> None:
    (place / "alice").mkdir()
    (place / "alice" / FILE).symlink_to(checkout / "solutions" / FILE)
    (place / "eve").symlink_to(checkout / "solutions")
    hand_in(place, "bob")
    finished = grade()
    assert points(finished) == {"alice": 0, "bob": 15, "eve": 0}
    assert [mark.trouble for mark in finished.marks] == [
        f"{FILE} is a link. Only a file's own content is graded.",
        "",
        "eve is a link. Only a file's own content is graded.",
    ]
    assert len(fake.asked) == 1


def test_a_pipe_is_not_opened(place: Path, grade: Grade) -> None:
    (place / "alice").mkdir()
    os.mkfifo(place / "alice" / FILE)
    assert "not a regular file" in trouble(grade)["alice"]


def test_folders_without_end_are_refused(place: Path, grade: Grade) -> None:
    deep = hand_in(place, "alice").parent
    for _ in range(12):
        deep /= "/".join(["a"] * 100)
        with contextlib.suppress(OSError):  # the system's own limit on a path
            deep.mkdir(parents=True)
    hand_in(place, "bob")
    assert points(grade()) == {"alice": 0, "bob": 15}
    assert trouble(grade)["alice"] == "The folder has more than 20 folders inside one another."
    subprocess.run(["rm", "-rf", str(place / "alice")], check=True)  # rmtree is recursive


def test_a_name_that_is_not_text_is_a_name(place: Path, grade: Grade) -> None:
    folder = os.fsencode(place) + b"/\xff\xfe"
    os.mkdir(folder)
    with open(folder + b"/ch01_echo.py", "w") as file:
        file.write(RIGHT)
    assert [*points(grade(formats=("gradescope", "nbgrader"))).values()] == [15]


def test_a_file_can_be_too_large(place: Path, grade: Grade) -> None:
    hand_in(place, "alice").write_text("#" * 1_000_001)
    assert trouble(grade) == {"alice": f"{FILE} is larger than 1,000,000 bytes."}


@pytest.mark.parametrize("path", ["../../x.py", "/etc/x.py", "C:/x.py", "a\\..\\..\\x.py"])
def test_a_path_that_climbs_out_is_refused(place: Path, grade: Grade, path: str) -> None:
    (place / "alice.zip").write_bytes(zipped({FILE: RIGHT, path: "x"}))
    hand_in(place, "bob")
    assert "leads out of it" in trouble(grade)["alice"]
    assert points(grade()) == {"alice": 0, "bob": 15}


def test_a_link_in_an_archive_is_refused(place: Path, grade: Grade) -> None:
    info = zipfile.ZipInfo(FILE)
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(place / "alice.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
    with tarfile.open(place / "bob.tar", "w") as tar:
        link = tarfile.TarInfo(FILE)
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    assert all("is a link" in each for each in trouble(grade).values())


def test_a_file_that_unpacks_to_much_more_is_refused(place: Path, grade: Grade) -> None:
    (place / "alice.zip").write_bytes(zipped({FILE: b" " * 900_000}))
    (place / "bob.zip").write_bytes(zipped({FILE: b" " * 5_000_000}))
    assert trouble(grade) == {
        "alice": f"{FILE} unpacks to more than 200 times its size.",
        "bob": f"{FILE} is larger than 1,000,000 bytes.",
    }


def test_a_file_that_lies_about_its_size_is_refused(place: Path, grade: Grade) -> None:
    data = bytearray(zipped({FILE: b" " * 5_000_000}))
    for at in (22, data.rfind(b"PK\1\2") + 24):  # the uncompressed size
        data[at : at + 4] = (100).to_bytes(4, "little")
    (place / "alice.zip").write_bytes(data)
    assert trouble(grade) == {"alice": f"{FILE} is damaged inside its archive."}


def test_an_archive_with_too_many_files_is_refused(place: Path, grade: Grade) -> None:
    many: dict[str, str | bytes] = {f"{n}.txt": "" for n in range(archives.MOST_ENTRIES)}
    (place / "alice.zip").write_bytes(zipped({**many, FILE: RIGHT}))
    assert trouble(grade) == {"alice": "alice.zip has more than 10,000 files."}


def test_a_tar_without_end_is_refused(
    place: Path, grade: Grade, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "LARGEST_UNPACKED", 1_000_000)
    with tarfile.open(place / "alice.tar.gz", "w:gz") as tar:
        info = tarfile.TarInfo("zeros")
        info.size = 3_000_000
        tar.addfile(info, io.BytesIO(bytes(info.size)))
    assert "unpacked" in trouble(grade)["alice"]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("alice.zip", b"PK\3\4 and nothing more", "not a zip that can be opened"),
        ("alice.zip", b"", "not a zip that can be opened"),
        ("alice.tar.gz", b"\x1f\x8b\x08broken", "not a tar that can be opened"),
        ("alice.rar", b"Rar!", "hand in a zip"),
        ("alice.7z", b"7z", "hand in a zip"),
        ("alice.zip", b"Rar!\x1a\x07\x01\x00", "alice.zip is a RAR or 7z archive"),
    ],
)
def test_an_archive_that_cannot_be_opened_is_refused(
    place: Path, grade: Grade, name: str, content: bytes, why: str
) -> None:
    (place / name).write_bytes(content)
    hand_in(place, "bob")
    finished = grade()
    assert points(finished) == {"alice": 0, "bob": 15}
    assert why in finished.marks[0].trouble


@pytest.mark.parametrize("name", ["alice.tar.gz", "alice.zip"])
def test_an_archive_is_opened_by_what_it_is(place: Path, grade: Grade, name: str) -> None:
    if name.endswith(".zip"):
        (place / FILE).write_text(RIGHT)
        with tarfile.open(place / name, "w:gz") as tar:
            tar.add(place / FILE, FILE)
        (place / FILE).unlink()
    else:
        (place / name).write_bytes(zipped({FILE: RIGHT}))
    assert points(grade()) == {"alice": 15}


# Notebooks


def notebook(*cells: tuple[str, str]) -> str:
    listed = [{"cell_type": kind, "metadata": {}, "source": [source]} for kind, source in cells]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": listed})


BELOW = ("markdown", "## Write it here\n\nThe next cell is the starter.")


def test_the_cells_below_the_heading_are_graded(place: Path, grade: Grade) -> None:
    (place / "alice").mkdir()
    (place / "alice" / f"{NAME}.ipynb").write_text(
        notebook(
            ("code", "async def serve(): ...  # a demonstration"),
            BELOW,
            ("code", "# passes 1.1 1.2\n%time 1\nimport asyncio"),
            ("code", "async def serve(bind, ssl_options):\n    ..."),
            ("code", f'from grader import grade\n\ngrade("{NAME}", serve)'),
        )
    )
    assert points(grade()) == {"alice": 15}
    assert notes(grade) == [f"graded from the cells of {NAME}.ipynb"]


def test_a_program_in_cells() -> None:
    source = notebook_source(
        notebook(
            BELOW,
            ("code", "import asyncio\n!ls"),
            ("code", "async def serve(a, b): ..."),
            ("code", 'from grader import grade\ngrade("1.1", serve)\nhint("1.1")'),
        ).encode(),
        "x.ipynb",
    )
    assert source == b"import asyncio\n\nasync def serve(a, b): ...\n"


def test_a_file_that_is_more_than_the_starter_comes_before_the_notebook(
    place: Path, grade: Grade, checkout: Path
) -> None:
    written = notebook(BELOW, ("code", "# passes 1.1 1.2\nasync def serve(a, b): ..."))
    hand_in(place, "alice", "1.1")
    hand_in(place, "bob").write_text((checkout / f"chapters/{NAME}/exercise.py").read_text())
    for student in ("alice", "bob"):
        (place / student / f"{NAME}.ipynb").write_text(written)
    assert points(grade()) == {"alice": 10, "bob": 15}


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"cells": 1}', '{"cells": [{}]}', "[" * 100_000, notebook(("code", "x = 1"))],
)
def test_what_is_no_notebook_is_refused(place: Path, grade: Grade, content: str) -> None:
    (place / "alice").mkdir()
    (place / "alice" / f"{NAME}.ipynb").write_text(content)
    assert trouble(grade)["alice"]
