"""What a documentation shows of a report, for a builder that makes the pages itself."""

from __future__ import annotations

from contextlib import closing

import msgspec
from msgspec import Struct

import adhere
from adhere.app.ground import Wanted, ground, report_path
from adhere.app.project import Project
from adhere.app.render import committed_runs, template_folders
from adhere.app.verify import open_pages_cache
from adhere.errors import ReportError
from adhere.model.digest import bytes_digest
from adhere.policy.settings import ConfigTable
from adhere.ports import Clock
from adhere.report.disclosure import disclosed
from adhere.report.document import Report
from adhere.report.json import decode_report, encode_report
from adhere.report.layout import Layout
from adhere.report.make_view import make_view
from adhere.report.pages import assets, empty_assets
from adhere.report.render import Renderer
from adhere.report.view import ReportView


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
        mark: another one where anything else would be shown.
    """

    path: str = ""
    content: Content | None = None
    layout: Layout = Layout()
    files: dict[str, bytes] = {}
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
    renderer = Renderer(template_folders(project, config, wanted.templates))
    try:
        with closing(open_pages_cache(project, config)) as cache:
            found = ground(project, config, wanted, cache, clock)
    except ReportError as error:
        if error.problems[0].code != "report-missing":
            raise
        return Shown(path, None, wanted.layout, empty_assets(renderer))
    how = config.report.publish_vulnerabilities
    report = disclosed(decode_report(found.data, found.label), how)
    data = encode_report(report)  # something is withheld, or the file was formatted anew
    runs = committed_runs(project, wanted.history)
    view = make_view(report, digest=bytes_digest(data), stale=found.stale, ledger=runs)
    about = (adhere.__version__, view, found.layout)
    mark = bytes_digest(msgspec.json.encode(about, order="deterministic"))
    files = assets(report, data, view, renderer)
    return Shown(path, Content(report, view), found.layout, files, mark)
