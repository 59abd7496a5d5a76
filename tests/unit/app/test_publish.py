"""What a documentation shows, made once."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from adhere.app import publish as module
from adhere.app import stamps
from adhere.app.ground import Wanted
from adhere.app.project import Project, find_project
from adhere.app.publish import Published, publish, publish_or_nothing
from adhere.app.republish import TRUSTED, Publisher
from adhere.app.stored import Stored
from adhere.app.verify import verify
from adhere.errors import ReportError
from adhere.model.digest import bytes_digest
from adhere.policy.quantity import Duration
from adhere.policy.settings import ConfigTable
from adhere.report import pages as report_pages
from adhere.report.document import Input, Report
from adhere.report.json import encode_report
from adhere.report.layout import Layout
from adhere.report.release import encode_release
from corpus.environments import MIT, distribution, site_packages
from corpus.past import earlier, release
from corpus.reports import DIGEST, everything
from fakes.clock import FakeClock

CONFIG = ConfigTable()
INDEX = "compliance/index.md"


def report(**subject: Any) -> Report:
    found = everything()
    return replace(found, subject=replace(found.subject, **{"inputs": (), **subject}))


def store(root: Path, found: Report) -> bytes:
    (root / ".adhere").mkdir(exist_ok=True)
    data = encode_report(found)
    (root / ".adhere" / "report.json").write_bytes(data)
    return data


@pytest.fixture
def project(tmp_path: Path) -> Project:
    store(tmp_path, report())
    return find_project(str(tmp_path), None)


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[Layout]:
    """Layouts that were rendered, each time."""
    made: list[Layout] = []
    real = report_pages.document

    def document(*given: Any, layout: Layout, **options: Any) -> Any:
        made.append(layout)
        return real(*given, layout=layout, **options)

    monkeypatch.setattr(report_pages, "document", document)
    return made


def test_the_same_is_rendered_once(project: Project, rendered: list[Layout]) -> None:
    first = publish(project, CONFIG, Wanted())
    assert publish(project, CONFIG, Wanted()).files == first.files
    assert len(rendered) == 1
    assert first.digest == bytes_digest(first.files["_adhere/report.json"])


@pytest.mark.parametrize(
    "what", ["report", "stale", "layout", "ledger", "template", "before", "release"]
)
def test_whatever_changes_is_rendered_anew(
    project: Project, rendered: list[Layout], what: str
) -> None:
    root = Path(project.root)
    before = publish(project, CONFIG, Wanted()).files
    wanted = Wanted()
    if what == "report":
        store(root, report(today=report().subject.today.replace(day=25)))
    elif what == "stale":
        wanted = Wanted(max_age=Duration("1s"))
    elif what == "layout":
        wanted = Wanted(layout=Layout(charts=False))
    elif what == "before":
        (root / ".adhere" / "previous.json").write_bytes(encode_report(earlier()))
    elif what == "release":
        (root / ".adhere" / "releases").mkdir()
        made = encode_release(release("1.0", earlier()))
        (root / ".adhere" / "releases" / "1.0.json").write_bytes(made)
    elif what == "ledger":
        (root / "adhere.runs.jsonl").write_text("torn\n", "utf-8")
    else:
        folder = root / ".adhere" / "templates" / "markdown"
        folder.mkdir(parents=True)
        text = '{% extends "adhere/markdown/overview.md.j2" %}{% block title %}# Mine{% endblock %}'
        (folder / "overview.md.j2").write_text(text, "utf-8")
    assert publish(project, CONFIG, wanted).files != before or what == "ledger"
    assert len(rendered) == 2


def test_a_memory_that_is_damaged_is_made_anew(
    project: Project, rendered: list[Layout], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = publish(project, CONFIG, Wanted())
    real = module.open_pages_cache

    def damaged(*given: Any) -> Any:
        cache = real(*given)
        get = cache.get_many
        cache.get_many = lambda keys: {key: value[:-9] for key, value in get(keys).items()}
        return cache

    monkeypatch.setattr(module, "open_pages_cache", damaged)
    assert publish(project, CONFIG, Wanted()).files == first.files
    assert len(rendered) == 2


def test_a_report_that_was_formatted_anew_has_the_digest_of_its_content(project: Project) -> None:
    first = publish(project, CONFIG, Wanted())
    path = Path(project.root) / ".adhere" / "report.json"
    path.write_bytes(b"\n\n" + path.read_bytes())
    assert publish(project, CONFIG, Wanted()).digest == first.digest


def test_no_report_is_no_data(project: Project) -> None:
    os.unlink(Path(project.root) / ".adhere" / "report.json")
    found = publish_or_nothing(project, CONFIG, Wanted())
    assert b"No data" in found.files[INDEX]
    assert all(b"No data" in part for part in found.snippets.values())
    assert publish_or_nothing(project, CONFIG, Wanted(placeholder=False)).files == {}
    with pytest.raises(ReportError, match="there is no report yet"):
        publish(project, CONFIG, Wanted())


def test_a_report_of_another_commit(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    from adhere.sources import git

    wanted = Wanted(require_commit=True)
    monkeypatch.setattr(git, "find_commit", lambda _: git.Commit(report().subject.commit))
    assert publish(project, CONFIG, wanted).digest
    monkeypatch.setattr(git, "find_commit", lambda _: git.Commit("f" * 40))
    with pytest.raises(ReportError, match="it is of commit `0123456789ab`, and this is `ffff"):
        publish(project, CONFIG, wanted)


def test_no_license_text_is_read_to_see_whether_an_environment_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from adhere.app import read_distributions

    def never(_text: str) -> None:
        raise AssertionError("a license text was identified")

    monkeypatch.setattr(read_distributions, "identify", never)
    about = distribution(site_packages(tmp_path / ".venv"), "a", files={"licenses/LICENSE": MIT})
    project = find_project(str(tmp_path), None)
    today = date(2026, 11, 23)
    reading = verify(stored(project, DIGEST), cache=None, today=today).inputs[0]
    assert reading.verdict == "changed"
    kept = stored(project, reading.found)
    assert verify(kept, today=today).inputs[0].verdict == "same"
    (about / "licenses" / "LICENSE").write_text("mine", "utf-8")
    assert verify(kept, today=today).inputs[0].verdict == "changed"


def stored(project: Project, digest: str) -> Stored:
    """A report of an environment that had a digest."""
    return Stored(report(inputs=(Input(".venv", "environment", digest),)), project, CONFIG, "")


class Rebuilds:
    """A server that rebuilds; counts how often something was published."""

    def __init__(self, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock, self.project, self.made = FakeClock(), project, 0
        self.publisher = Publisher(self.clock)
        real = module.publish

        def counted(*given: Any, **options: Any) -> Published:
            self.made += 1
            return real(*given, **options)

        monkeypatch.setattr(module, "publish", counted)

    def __call__(self) -> Published:
        return self.publisher.publish(self.project, CONFIG, Wanted())


@pytest.fixture
def rebuild(project: Project, monkeypatch: pytest.MonkeyPatch) -> Rebuilds:
    monkeypatch.setattr(stamps, "trusted", lambda status, _now: stamps.stamp_of(status))
    return Rebuilds(project, monkeypatch)


def test_a_rebuild_looks_at_nothing_twice(rebuild: Rebuilds) -> None:
    assert rebuild() is rebuild()
    assert rebuild.made == 1


def test_after_a_while_it_looks_again(rebuild: Rebuilds) -> None:
    rebuild()
    rebuild.clock.pass_time(seconds=TRUSTED + 1)
    rebuild()
    assert rebuild.made == 2


@pytest.mark.parametrize("name", [".adhere/report.json", "adhere.runs.jsonl", "uv.lock"])
def test_a_file_that_changed_is_seen_at_once(rebuild: Rebuilds, name: str) -> None:
    root = Path(rebuild.project.root)
    store(root, report(inputs=(Input("uv.lock", "uv", DIGEST),)))
    before = rebuild()
    path = root / name
    path.write_text(path.read_text("utf-8") + "\n" if path.exists() else "", "utf-8")
    assert rebuild() is not before
    if name == "uv.lock":
        assert before.stale == ("uv.lock is gone",)
        assert rebuild().stale == ("uv.lock changed",)


def test_a_file_that_is_too_young_is_looked_at_again(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stamps, "trusted", lambda _status, _now: b"")
    rebuild = Rebuilds(project, monkeypatch)
    rebuild()
    rebuild()
    assert rebuild.made == 2
