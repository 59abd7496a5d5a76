"""What a documentation shows of a report: pages, panels, snippets; remembered by its digest.

Builders of documentation render nothing twice: what a report came to is kept in the cache,
under the digest of everything that it was made from.
"""

from __future__ import annotations

import os
from contextlib import closing
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

import adhere
from adhere.app.ground import Wanted, ground, report_path
from adhere.app.project import Project
from adhere.app.render import USER_TEMPLATES, committed_runs, template_folders
from adhere.app.stamps import below, stamps, status
from adhere.app.store import REPORT
from adhere.app.verify import open_pages_cache
from adhere.errors import ConfigError, Problem, ReportError
from adhere.model.digest import bytes_digest
from adhere.model.key import cache_key
from adhere.model.runs import Ledger
from adhere.policy.settings import ConfigTable
from adhere.policy.settings import Report as Settings
from adhere.ports import Cache, Clock
from adhere.report.disclosure import publishable
from adhere.report.layout import ASSETS, Layout
from adhere.sources.runs import NAME as RUNS

if TYPE_CHECKING:
    from adhere.report.past import Past

KIND = "pages"
_REPORT_FILE = f"{ASSETS}/{REPORT}"


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
    """What is remembered of it; the report is a file already, unless some of it is withheld."""

    files: dict[str, bytes]
    panels: dict[str, str]
    snippets: dict[str, bytes]
    report: bytes = b""


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
    folders = template_folders(project, config, wanted.templates)
    templates = stamps([project.path(USER_TEMPLATES), *below(folders)])
    with closing(open_pages_cache(project, config)) as cache:
        found = ground(project, config, wanted, cache, clock)
        data, layout, stale = found.data, found.layout, found.stale
        digest = bytes_digest(data)
        about = msgspec.json.encode((layout, stale), order="deterministic").decode()
        ledger = _ledger_digest(project, wanted.history)
        code = status((*_code_folders(), *folders))
        told = config.report.publish_vulnerabilities, *sorted(config.report.redact)
        key = cache_key(KIND, adhere.__version__, code, digest, about, ledger, found.past, *told)
        kept = _recalled(cache, key)
        if kept is None:
            from adhere.app.past import read_past

            runs = committed_runs(project, wanted.history)
            past = read_past(project, config, report_path(project, config, wanted), wanted.out)
            kept = _made(data, found.label, folders, layout, stale, runs, past, config.report)
            cache.put_many({key: msgspec.msgpack.encode(kept)})
        if kept.report:
            data, digest = kept.report, bytes_digest(kept.report)
    files = {**kept.files, _REPORT_FILE: data}
    seen = (*found.seen, *templates)
    return Published(digest, files, kept.panels, kept.snippets, stale, seen)


def _made(
    data: bytes,
    label: str,
    folders: tuple[str, ...],
    layout: Layout,
    stale: tuple[str, ...],
    runs: Ledger | None,
    past: Past,
    settings: Settings,
) -> _Kept:
    """What pages and parts come to, and the report that they tell of, where it is another one.

    It is, where something is withheld or redacted; and where somebody formatted the file anew, whose
    digest is then that of its content.
    """
    from adhere.report.pages import document
    from adhere.report.render import Renderer

    report, renderer = publishable(data, label, settings), Renderer(folders)
    made = document(report, renderer, layout=layout, stale=stale, ledger=runs, past=past)
    canonical = made.files.pop(_REPORT_FILE)
    told = canonical if canonical != data else b""
    return _Kept(made.files, made.panels, made.snippets, told)


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
