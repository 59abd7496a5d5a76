"""The stored report that a documentation shows, and how it stands to the project as it is."""

from __future__ import annotations

import os
from datetime import datetime

import msgspec
from msgspec import Struct

from adhere.app.past_files import past_digest, past_files
from adhere.app.project import Project
from adhere.app.stamps import stamps
from adhere.app.store import REPORT, report_bytes
from adhere.app.verify import changed_inputs
from adhere.app.wiring import SystemClock
from adhere.errors import Problem, ReportError
from adhere.policy.quantity import Duration
from adhere.policy.settings import ConfigTable
from adhere.ports import Cache, Clock
from adhere.report.json import ReportHead, decode_head
from adhere.report.layout import Layout
from adhere.sources.runs import NAME as RUNS


class Wanted(Struct, frozen=True):
    """What a builder asks for.

    Attributes:
        layout: which pages, and where; decision records of the documentation are found below
            `docs`.
        docs: folder of the documentation, absolute.
        decisions: folder of decision records in the documentation, absolute, where it is
            not the one that was judged; ``""`` for that.
        report: absolute path, ``""`` for that of the last run.
        out: folder of reports, relative to the project; ``""`` for the configured one.
        history: ledger of runs, absolute, ``""`` for the committed one.
        templates: folder that comes before the configured one, absolute.
        max_age: an older report is stale.
        require_commit: a report of another commit is an error.
        placeholder: where there is no report, a page says so.
    """

    layout: Layout = Layout()
    docs: str = ""
    decisions: str = ""
    report: str = ""
    out: str = ""
    history: str = ""
    templates: str = ""
    max_age: Duration | None = None
    require_commit: bool = False
    placeholder: bool = True


def report_path(project: Project, config: ConfigTable, wanted: Wanted) -> str:
    """Where the report is looked for, absolute."""
    store = project.path(wanted.out or config.report.out)
    return wanted.report or os.path.join(store, REPORT)


class Ground(Struct, frozen=True):
    """What is shown stands on this.

    Attributes:
        data: bytes of the report.
        label: what to call its file.
        layout: that was wanted, with those decision records that are pages.
        stale: why it does not speak of the project as it is, as clauses.
        seen: files that were looked at, and their stamps before that.
        past: digest of what came before the report.
    """

    data: bytes
    label: str
    layout: Layout
    stale: tuple[str, ...]
    seen: tuple[tuple[str, bytes], ...]
    past: str


def ground(
    project: Project,
    config: ConfigTable,
    wanted: Wanted,
    cache: Cache,
    clock: Clock | None = None,
) -> Ground:
    """The stored report, and how it stands to the project as it is.

    Arguments and errors are those of `publish`; the cache is that of the inventory.
    """
    path = report_path(project, config, wanted)
    label = project.label(path)
    before = past_files(project, config, path, wanted.out)
    seen = stamps([path, wanted.history or project.path(RUNS), *before])
    data = report_bytes(path, label, named=bool(wanted.report))
    head = decode_head(data, label)
    if wanted.require_commit:
        _require_commit(project, head, label)
    seen += stamps([project.path(entry.path) for entry in head.subject.inputs])
    stale = (
        *changed_inputs(head.subject.inputs, project, cache),
        *_too_old(head, wanted.max_age, clock or SystemClock()),
    )
    layout = _with_decisions(project, wanted, head)
    return Ground(data, label, layout, stale, seen, past_digest(before))


def _require_commit(project: Project, head: ReportHead, label: str) -> None:
    from adhere.sources.git import find_commit

    now, then = find_commit(project.root).id, head.subject.commit
    if now and now == then:
        return
    if not now:
        message = "nobody can tell whether it is of this commit: git names none here"
    else:
        message = f"it is of commit `{then[:12] or 'none'}`, and this is `{now[:12]}`"
    hint = "run adhere check at this commit, or do not ask for a report of it"
    raise ReportError(Problem("report-commit", message, path=label, hint=hint))


def _too_old(head: ReportHead, limit: Duration | None, clock: Clock) -> tuple[str, ...]:
    if limit is None:
        return ()
    try:
        started = datetime.fromisoformat(head.run.started)
        age = (clock.now() - started).total_seconds()
    except (ValueError, TypeError):
        return ("the report does not say when it was made",)
    if age <= limit.seconds:
        return ()
    return (f"the report is older than {limit.text}",)


def _with_decisions(project: Project, wanted: Wanted, head: ReportHead) -> Layout:
    """The layout with those decision records that are pages of the documentation."""
    if not wanted.docs:
        return wanted.layout
    found: dict[str, str] = {}
    for adr in head.adrs:
        path = project.path(adr.path)
        if wanted.decisions:
            path = os.path.join(wanted.decisions, os.path.basename(path))
        page = os.path.relpath(path, wanted.docs).replace(os.sep, "/")
        if not page.startswith("../") and os.path.isfile(path):
            found[adr.path] = page
    return msgspec.structs.replace(wanted.layout, decisions=found)
