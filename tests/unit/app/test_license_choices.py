"""Which license was taken where a package offers several, as the report keeps it."""

from __future__ import annotations

from pathlib import Path

import adhere
from corpus.environments import distribution, site_packages
from fakes.clock import FakeClock

RULES = """\
[[rule]]
id = "licenses"
check = "licenses.allowed"

[rule.with]
allow = ["MIT", "ISC"]
review = ["Zlib"]
choices = { pinned = "ISC", nested = "MIT AND ISC" }
"""


def test_every_choice_is_recorded(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    packages = site_packages(tmp_path / ".venv")
    for name, license_ in {
        "plain": "MIT",
        "both": "MIT AND ISC",
        "either": "GPL-3.0-only OR MIT",
        "pinned": "MIT OR ISC",
        "nested": "MIT AND (ISC OR GPL-3.0-only)",
        "reviewed": "Zlib OR GPL-3.0-only",
        "refused": "GPL-2.0-only OR GPL-3.0-only",
    }.items():
        distribution(packages, name, license=license_)
    (tmp_path / "adhere.toml").write_text(RULES, "utf-8")
    checked = adhere.check(adhere.Request(folder=str(tmp_path)), clock=FakeClock())
    (result,) = [result for result in checked.report.results if result.rule == "licenses"]
    found = {choice.package: choice for choice in result.choices}
    assert {name: (choice.chosen, choice.pinned) for name, choice in found.items()} == {
        "either": ("MIT", False),
        "nested": ("MIT AND ISC", True),
        "pinned": ("ISC", True),
        "reviewed": ("Zlib", False),
    }
    assert found["either"].offered == "GPL-3.0-only OR MIT"
    assert found["either"].version == "1.0"
    assert list(found) == sorted(found)
    assert {finding.subject for finding in checked.report.findings} == {"refused", "reviewed"}
