"""What the browser gets is what everything else is tested with."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PINNED = re.compile(r"^([\w.-]+)==([\w.]+)", re.MULTILINE)


def test_the_wheels_have_the_versions_of_the_requirements():
    wheels = dict(PINNED.findall((ROOT / "playground" / "wheels.txt").read_text()))
    required = dict(PINNED.findall((ROOT / "requirements.txt").read_text()))
    assert set(wheels) == {"iniconfig", "packaging", "pluggy", "pygments", "pytest"}
    assert wheels == {name: required[name] for name in wheels}


def test_no_package_is_locked_to_a_host_of_ours():
    lock = (ROOT / "playground" / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert lock.count('"integrity"') > 20
