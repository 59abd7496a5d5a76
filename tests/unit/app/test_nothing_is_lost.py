"""Ways in which rules or findings could be lost on the way to a verdict, end to end."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from adhere.app.check import check
from adhere.app.request import Checked, Request
from adhere.errors import ConfigError
from adhere.sources.tree import DiskTree
from fakes.clock import FakeClock

RULE = '[[rule]]\nid = "keys"\ncheck = "files.present"\nwith = { absent = ["*.pem"] }\n'
ADR = "---\nid: ADR-1\ntitle: Keys\nstatus: accepted\n{more}---\n\n# Keys\n"


def judged(folder: Path) -> Checked:
    return check(Request(folder=str(folder), cache=False), clock=FakeClock())


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")


@pytest.mark.parametrize("place", ["docs/adr/a.rules.toml", "docs/adr/2026/deep/a.rules.toml"])
@pytest.mark.parametrize("linked", [False, True])
def test_rules_of_a_decision_are_found_wherever_they_lie(
    place: str, linked: bool, tmp_path: Path
) -> None:
    project = tmp_path / "project"
    write(project, {"docs/adr/ADR-1.md": ADR.format(more=""), "a.pem": ""})
    rules = project / place
    rules.parent.mkdir(parents=True, exist_ok=True)
    text = f'schema = 1\nadr = "ADR-1"\n{RULE}'
    if linked:
        (tmp_path / "shared.toml").write_text(text, "utf-8")
        rules.symlink_to(tmp_path / "shared.toml")
    else:
        rules.write_text(text, "utf-8")
    checked = judged(project)
    assert checked.exit_code == 1
    assert [result.rule for result in checked.report.results if not result.builtin] == [
        "ADR-1/keys"
    ]


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ("adhere: { rules: ADR-1.rules.toml }\n", "docs/adr/ADR-1.rules.toml` is not there"),
        ("adhere: { rules: ADR-1.toml }\n", "docs/adr/ADR-1.toml` is not there"),
        ("adhere: { rules: [] }\n", "names no rules"),
        ("adhere: { rules: [{ id: keys }] }\n", "`check` is missing"),
        ("adhere: true\n", "names no rules"),
    ],
)
def test_a_decision_that_names_rules_has_them(named: str, words: str, tmp_path: Path) -> None:
    write(tmp_path, {"docs/adr/ADR-1.md": ADR.format(more=named), "adhere.toml": RULE})
    checked = judged(tmp_path)
    assert checked.exit_code == 2
    assert any(words in problem.message for problem in checked.problems)


def test_a_decision_that_names_its_rule_file(tmp_path: Path) -> None:
    more = "adhere: { rules: ./ADR-1.rules.toml }\n"
    rules = f'schema = 1\nadr = "ADR-1"\n{RULE}'
    write(
        tmp_path, {"docs/adr/ADR-1.md": ADR.format(more=more), "docs/adr/ADR-1.rules.toml": rules}
    )
    checked = judged(tmp_path)
    assert (checked.exit_code, checked.problems) == (0, ())


@pytest.mark.parametrize("status", ["superseded", "rejected"])
def test_decisions_that_no_longer_hold_are_no_verdict(status: str, tmp_path: Path) -> None:
    rules = f'schema = 1\nadr = "ADR-1"\n{RULE}'
    document = ADR.format(more="").replace("accepted", status)
    write(tmp_path, {"docs/adr/ADR-1.md": document, "docs/adr/a.rules.toml": rules, "a.pem": ""})
    assert judged(tmp_path).exit_code == 4


BROKEN = json.dumps([{"name": "fine", "version": "1.0"}, {"name": "lost"}])
COMPLETE = '[[rule]]\nid = "complete"\ncheck = "sources.complete"\n'


@pytest.mark.parametrize(
    ("keys", "ours"),
    [("", False), ('level = "report"\n', False), ("applies_until = 2020-01-01\n", True)],
)
def test_a_rule_of_ours_gives_way_only_to_one_that_is_in_force(
    keys: str, ours: bool, tmp_path: Path
) -> None:
    config = '[project]\nsources = ["list.json"]\n' + COMPLETE + keys
    write(tmp_path, {"adhere.toml": config, "list.json": BROKEN})
    results = judged(tmp_path).report.results
    assert ("adhere/sources-complete" in [result.rule for result in results]) is ours


WAIVER = """\
[[waiver]]
id = "W-1"
rule = "keys"
subject = "a.pem"
reason = "accepted-risk"
owner = "@alice"
created = 2026-01-01
expires = 2026-06-30
"""


@pytest.mark.parametrize(("waived", "code"), [(False, 0), (True, 1)])
def test_what_a_waiver_covered_is_no_baseline(waived: bool, code: int, tmp_path: Path) -> None:
    """When the waiver is gone, its finding counts; what nobody waived was known."""
    write(tmp_path, {"adhere.toml": RULE, "a.pem": ""})
    waivers = tmp_path / "adhere.waivers.toml"
    clock = FakeClock()
    if waived:
        today = clock.now().date()
        text = WAIVER.replace("2026-01-01", str(today)).replace("2026-06-30", str(today))
        waivers.write_text(text, "utf-8")
    before = check(Request(folder=str(tmp_path), cache=False), clock=clock)
    assert before.report.findings[0].disposition == ("waived" if waived else "open")
    from adhere.report.json import encode_report

    (tmp_path / "baseline.json").write_bytes(encode_report(before.report))
    waivers.unlink(missing_ok=True)
    request = Request(folder=str(tmp_path), cache=False, baseline="baseline.json")
    assert check(request, clock=clock).exit_code == code


@pytest.mark.parametrize("pattern", ["secrets/*.pem", "**/*.pem", "secrets/**"])
def test_a_folder_that_cannot_be_listed_is_not_judged(
    pattern: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"secrets/a.txt": "", "adhere.toml": RULE.replace("*.pem", pattern)})
    real = os.scandir

    def refusing(path: str) -> object:
        if str(path).endswith("secrets"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refusing)
    checked = judged(tmp_path)
    assert checked.exit_code == 3
    (result,) = [result for result in checked.report.results if not result.builtin]
    assert result.outcome == "not_run"
    assert "permission denied" in result.message
    with pytest.raises(ConfigError):
        DiskTree(str(tmp_path)).matching(pattern)


@pytest.mark.parametrize(
    ("pattern", "files", "entries"),
    [
        ("*.pem", ["in.pem", "own.pem"], ["dir.pem", "gone.pem", "in.pem", "out.pem", "own.pem"]),
        ("out.pem", ["out.pem"], ["out.pem"]),
        ("gone.pem", [], ["gone.pem"]),
        ("dir.pem", [], ["dir.pem"]),
        ("full/**", ["full/a\nb"], ["full/a\nb"]),
        ("**/b", [], []),
    ],
)
def test_what_a_pattern_matches(
    pattern: str, files: list[str], entries: list[str], tmp_path: Path
) -> None:
    project = tmp_path / "project"
    write(project, {"own.pem": "", "full/a\nb": "", "dir.pem/.keep": ""})
    (tmp_path / "secret").write_text("", "utf-8")
    (project / "out.pem").symlink_to(tmp_path / "secret")
    (project / "in.pem").symlink_to("own.pem")
    (project / "gone.pem").symlink_to("nowhere")
    tree = DiskTree(str(project))
    assert list(tree.matching(pattern)) == files
    assert list(tree.matching(pattern, entries=True)) == entries
