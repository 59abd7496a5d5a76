"""What a documentation shows of a report: pages, panels, snippets; remembered by its digest.

Builders of documentation render nothing twice: what a report came to is kept in the cache,
under the digest of everything that it was made from.
"""

from __future__ import annotations

import os
from contextlib import closing
from datetime import datetime

import msgspec
from msgspec import Struct

import adhere
from adhere.app.project import Project
from adhere.app.render import USER_TEMPLATES, committed_runs, template_folders
from adhere.app.stamps import below, stamps, status
from adhere.app.store import REPORT, report_bytes
from adhere.app.verify import changed_inputs, open_pages_cache
from adhere.app.wiring import SystemClock
from adhere.errors import ConfigError, Problem, ReportError
from adhere.model.digest import bytes_digest
from adhere.model.key import cache_key
from adhere.model.runs import Ledger
from adhere.policy.quantity import Duration
from adhere.policy.settings import ConfigTable
from adhere.ports import Cache, Clock
from adhere.report.json import ReportHead, decode_head, decode_report
from adhere.report.layout import ASSETS, Layout
from adhere.sources.runs import NAME as RUNS

KIND = "pages"
_REPORT_FILE = f"{ASSETS}/{REPORT}"


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


class Published(Struct, frozen=True):
    """What there is to show.

    Attributes:
        digest: of the report, ``""`` where there is none.
        files: content by path relative to the documentation's folder.
        panels: Markdown by page that is a decision record.
        snippets: content by name.
        stale: why it does not speak of the project as it is, as clauses.
        made_of: files that were read, absolute, and their stamps before that.
    """

    digest: str
    files: dict[str, bytes]
    panels: dict[str, str]
    snippets: dict[str, bytes]
    stale: tuple[str, ...] = ()
    made_of: tuple[tuple[str, bytes], ...] = ()


class _Kept(Struct, frozen=True):
    """What is remembered of it; the report itself is a file already."""

    files: dict[str, bytes]
    panels: dict[str, str]
    snippets: dict[str, bytes]


def report_path(project: Project, config: ConfigTable, wanted: Wanted) -> str:
    """Where the report is looked for, absolute."""
    store = project.path(wanted.out or config.report.out)
    return wanted.report or os.path.join(store, REPORT)


def publish_or_nothing(
    project: Project, config: ConfigTable, wanted: Wanted, *, clock: Clock | None = None
) -> Published:
    """The same as `publish`; that there is no report is no error.

    Then the digest is empty, snippets say that there is no data, and so does a page where
    one is wanted.
    """
    try:
        return publish(project, config, wanted, clock=clock)
    except ReportError as error:
        if error.problems[0].code != "report-missing":
            raise
    from adhere.report.pages import empty_pages, empty_snippets
    from adhere.report.render import Renderer

    renderer = Renderer(template_folders(project, config, wanted.templates))
    files = empty_pages(renderer, path=wanted.layout.path) if wanted.placeholder else {}
    seen = stamps([report_path(project, config, wanted)])
    return Published("", files, {}, empty_snippets(renderer), made_of=seen)


def publish(
    project: Project, config: ConfigTable, wanted: Wanted, *, clock: Clock | None = None
) -> Published:
    """Everything that a documentation shows of a report.

    Args:
        project: whose.
        config: for folders of reports and templates, and for the cache.
        wanted: what is asked for.
        clock: for the age of the report.

    Raises:
        ReportError: there is none, it cannot be read, or it is of another commit.
        ConfigError: the ledger that was named cannot be read.
        TemplateError: a template is wrong.
    """
    path = report_path(project, config, wanted)
    label = project.label(path)
    seen = stamps([path, wanted.history or project.path(RUNS)])
    data = report_bytes(path, label, named=bool(wanted.report))
    digest = bytes_digest(data)
    head = decode_head(data, label)
    if wanted.require_commit:
        _require_commit(project, head, label)
    layout = _with_decisions(project, wanted, head)
    folders = template_folders(project, config, wanted.templates)
    inputs = [project.path(entry.path) for entry in head.subject.inputs]
    seen += stamps([*inputs, project.path(USER_TEMPLATES), *below(folders)])
    with closing(open_pages_cache(project, config)) as cache:
        stale = (
            *changed_inputs(head.subject.inputs, project, cache),
            *_too_old(head, wanted.max_age, clock or SystemClock()),
        )
        about = msgspec.json.encode((layout, stale), order="deterministic").decode()
        ledger = _ledger_digest(project, wanted.history)
        code = status((*_code_folders(), *folders))
        key = cache_key(KIND, adhere.__version__, code, digest, about, ledger)
        kept = _recalled(cache, key)
        if kept is None:
            runs = committed_runs(project, wanted.history)
            kept, canonical = _made(data, label, folders, layout, stale, runs)
            if canonical != data:  # somebody formatted it anew; its digest is that of its content
                data, digest = canonical, bytes_digest(canonical)
            else:
                cache.put_many({key: msgspec.msgpack.encode(kept)})
    files = {**kept.files, _REPORT_FILE: data}
    return Published(digest, files, kept.panels, kept.snippets, stale, seen)


def _made(
    data: bytes,
    label: str,
    folders: tuple[str, ...],
    layout: Layout,
    stale: tuple[str, ...],
    runs: Ledger | None,
) -> tuple[_Kept, bytes]:
    """What pages and parts come to, and the report in its canonical form."""
    from adhere.report.pages import document
    from adhere.report.render import Renderer

    report, renderer = decode_report(data, label), Renderer(folders)
    made = document(report, renderer, layout=layout, stale=stale, ledger=runs)
    canonical = made.files.pop(_REPORT_FILE)
    return _Kept(made.files, made.panels, made.snippets), canonical


def is_as_it_was(found: Published) -> bool:
    """Whether every file that it was made of still has the stamp that it had."""
    return stamps([path for path, _ in found.made_of], young=True) == found.made_of


def _recalled(cache: Cache, key: str) -> _Kept | None:
    found = cache.get_many([key]).get(key)
    if found is None:
        return None
    try:
        return msgspec.msgpack.decode(found, type=_Kept)
    except msgspec.DecodeError:
        return None


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


def _ledger_digest(project: Project, named: str) -> str:
    try:
        with open(named or project.path(RUNS), "rb") as file:
            return bytes_digest(file.read())
    except OSError:
        if not named:
            return ""
    raise ConfigError(
        Problem("file-unreadable", "the history cannot be read", path=project.label(named))
    )


def _code_folders() -> tuple[str, ...]:
    """Where all that makes pages is: a checkout is edited."""
    from adhere.report.render import built_in_folder

    root = os.path.dirname(os.path.abspath(adhere.__file__))
    ours = (os.path.join(root, name) for name in ("checks", "model", "policy", "report"))
    return (*ours, built_in_folder())
