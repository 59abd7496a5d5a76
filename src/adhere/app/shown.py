"""What a documentation shows of a report, for a builder that makes the pages itself."""

from __future__ import annotations

from contextlib import closing

import msgspec
from msgspec import Struct

import adhere
from adhere.app.ground import Wanted, ground, report_path
from adhere.app.past import read_past
from adhere.app.project import Project
from adhere.app.render import committed_runs, template_folders
from adhere.app.verify import open_pages_cache
from adhere.errors import ReportError
from adhere.model.digest import bytes_digest
from adhere.policy.settings import ConfigTable
from adhere.ports import Clock
from adhere.report.disclosure import publishable
from adhere.report.document import Report
from adhere.report.json import encode_report
from adhere.report.layout import Layout
from adhere.report.make_view import make_view
from adhere.report.pages import assets, empty_assets
from adhere.report.render import Renderer
from adhere.report.view import Checklist, ReportView


class Content(Struct, frozen=True):
    """A report that is there, and its words."""

    report: Report
    view: ReportView


class Shown(Struct, frozen=True):
    """What there is to show.

    Attributes:
        path: of the report, absolute.
        content: of it, ``None`` where there is none.
        layout: of the pages.
        files: that pages link to, by path relative to the documentation's folder.
        releases: checklists that were frozen, by version.
        mark: another one where anything else would be shown.
    """

    path: str = ""
    content: Content | None = None
    layout: Layout = Layout()
    files: dict[str, bytes] = {}
    releases: dict[str, Checklist] = {}
    mark: str = ""

    @property
    def stale(self) -> tuple[str, ...]:
        """Why it does not speak of the project as it is, as clauses."""
        return self.content.view.stale if self.content is not None else ()


def show(
    project: Project, config: ConfigTable, wanted: Wanted, *, clock: Clock | None = None
) -> Shown:
    """The report in words; that there is none is no error.

    Arguments and errors are those of `adhere.app.publish.publish_or_nothing`.
    """
    path = report_path(project, config, wanted)
    past = read_past(project, config, path, wanted.out)
    releases = {release.version: release.checklist for release in past.releases}
    renderer = Renderer(template_folders(project, config, wanted.templates))
    try:
        with closing(open_pages_cache(project, config)) as cache:
            found = ground(project, config, wanted, cache, clock)
    except ReportError as error:
        if error.problems[0].code != "report-missing":
            raise
        mark = _mark(releases)
        return Shown(path, None, wanted.layout, empty_assets(renderer), releases, mark)
    report = publishable(found.data, found.label, config.report)
    data = encode_report(report)  # something is withheld, or the file was formatted anew
    runs = committed_runs(project, wanted.history)
    view = make_view(report, digest=bytes_digest(data), stale=found.stale, ledger=runs, past=past)
    files = assets(report, data, view, renderer)
    mark = _mark((view, found.layout, releases))
    return Shown(path, Content(report, view), found.layout, files, releases, mark)


def _mark(about: object) -> str:
    """A digest of all that is shown, and of who words it."""
    data = msgspec.json.encode((adhere.__version__, about), order="deterministic")
    return bytes_digest(data)
