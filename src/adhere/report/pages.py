"""Pages as files: which there are, and what stands in each."""

from __future__ import annotations

from collections.abc import Mapping
from posixpath import dirname, relpath
from urllib.parse import quote

from msgspec import Struct

from adhere.model.digest import bytes_digest
from adhere.model.runs import Ledger
from adhere.report.badge import badge
from adhere.report.csv_files import findings_csv, packages_csv
from adhere.report.document import Report
from adhere.report.json import encode_report
from adhere.report.layout import ASSETS, PAGES, Layout, SiteView, site_view
from adhere.report.make_view import NO_PAST, make_view
from adhere.report.past import Past
from adhere.report.render import Renderer
from adhere.report.view import AdrRow, ReleaseRow, ReportView
from adhere.report.vocabulary import vocabulary

MARKDOWN_PAGES: Mapping[str, str] = {
    "overview": "markdown/overview.md.j2",
    "dependencies": "markdown/dependencies.md.j2",
    "licenses": "markdown/licenses.md.j2",
    "performance": "markdown/performance.md.j2",
    "adrs": "markdown/decisions.md.j2",
    "waivers": "markdown/waivers.md.j2",
    "release": "markdown/release.md.j2",
    "history": "markdown/history.md.j2",
    "method": "markdown/method.md.j2",
}
"""Templates of the pages, by the names of `PAGES`."""

SNIPPETS: Mapping[str, str] = {
    "summary.md": "snippets/summary.md.j2",
    "gates.md": "snippets/gates.md.j2",
    "rules.md": "snippets/rules.md.j2",
    "waivers.md": "snippets/waivers.md.j2",
}
"""Parts that a page of somebody else's includes; they link to nothing."""

DEFAULT = Layout()

HTML_PAGES: Mapping[str, str] = {
    "index.html": "Overview",
    "dependencies.html": "Dependencies",
    "licenses.html": "Licenses",
    "decisions.html": "Decisions",
    "waivers.html": "Waivers",
    "release.html": "Release",
    "history.html": "History",
    "performance.html": "Performance",
    "method.html": "Method",
}


def report_digest(data: bytes) -> str:
    """Digest of an encoded report, by which a page says what it was made from."""
    return bytes_digest(data)


def markdown_pages(
    report: Report,
    renderer: Renderer,
    *,
    layout: Layout = DEFAULT,
    stale: tuple[str, ...] = (),
    ledger: Ledger | None = None,
    past: Past = NO_PAST,
) -> dict[str, bytes]:
    """Pages for a documentation folder, and the files they link to.

    Args:
        report: what to show.
        renderer: the templates.
        layout: which pages, and where.
        stale: inputs that changed since, as clauses.
        ledger: runs that the project has committed.
        past: what came before the report.

    Returns:
        Content by path relative to the documentation's folder.
    """
    data, view = _data_and_view(report, stale, ledger, past)
    return _files(report, data, view, renderer, layout)


class Made(Struct, frozen=True):
    """All that a documentation shows of a report.

    Attributes:
        files: content by path relative to the documentation's folder.
        panels: Markdown by page of the documentation that is a decision record.
        snippets: parts for pages of somebody else's, by the name of their file.
    """

    files: dict[str, bytes]
    panels: dict[str, str]
    snippets: dict[str, bytes]


def document(
    report: Report,
    renderer: Renderer,
    *,
    layout: Layout = DEFAULT,
    stale: tuple[str, ...] = (),
    ledger: Ledger | None = None,
    past: Past = NO_PAST,
) -> Made:
    """All that a documentation shows; the arguments are those of `markdown_pages`."""
    data, view = _data_and_view(report, stale, ledger, past)
    return Made(
        _files(report, data, view, renderer, layout),
        _panels(view, renderer, layout),
        {
            name: renderer.render(template, view=view).encode()
            for name, template in SNIPPETS.items()
        },
    )


def _data_and_view(
    report: Report, stale: tuple[str, ...], ledger: Ledger | None, past: Past
) -> tuple[bytes, ReportView]:
    data = encode_report(report)
    digest = report_digest(data)
    return data, make_view(report, digest=digest, stale=stale, ledger=ledger, past=past)


def _files(
    report: Report, data: bytes, view: ReportView, renderer: Renderer, layout: Layout
) -> dict[str, bytes]:
    words = vocabulary()
    wanted = {PAGES[name]: name for name in PAGES if layout.shows(name)}
    decisions = _decisions(view, layout)
    releases = _releases(view, layout)
    files = (*wanted, *decisions, *releases)
    pages: dict[str, bytes] = {}
    for file, name in wanted.items():
        site = site_view(layout, file, files)
        text = renderer.render(MARKDOWN_PAGES[name], view=view, site=site, vocabulary=words)
        pages[f"{layout.path}/{file}"] = text.encode()
    for file, adr in decisions.items():
        site = site_view(layout, file, files)
        text = renderer.render("markdown/decision.md.j2", view=view, site=site, adr=adr)
        pages[f"{layout.path}/{file}"] = text.encode()
    for file, release in releases.items():
        site = site_view(layout, file, files)
        text = renderer.render("markdown/released.md.j2", view=view, site=site, release=release)
        pages[f"{layout.path}/{file}"] = text.encode()
    return pages | assets(report, data, view, renderer)


def assets(report: Report, data: bytes, view: ReportView, renderer: Renderer) -> dict[str, bytes]:
    """What pages link to, by path relative to the documentation's folder.

    Args:
        report: what is shown.
        data: the same as a file.
        view: the same in words.
        renderer: for what a user may replace.
    """
    return {
        f"{ASSETS}/adhere.css": renderer.static("adhere.css"),
        f"{ASSETS}/adhere.js": renderer.static("adhere.js"),
        f"{ASSETS}/badge.svg": _badge(view),
        f"{ASSETS}/report.json": data,
        f"{ASSETS}/packages.csv": packages_csv(report),
        f"{ASSETS}/findings.csv": findings_csv(report),
    }


def _badge(view: ReportView) -> bytes:
    """The verdict; a stale one is none."""
    return badge("stale", "doubt") if view.stale else badge(view.verdict.lower(), view.state.tone)


def _decisions(view: ReportView, layout: Layout) -> dict[str, AdrRow]:
    """Decision records by their page, where there are such pages."""
    return {adr.page: adr for adr in view.adrs if adr.page and layout.shows("adrs")}


def _releases(view: ReportView, layout: Layout) -> dict[str, ReleaseRow]:
    """Frozen releases by their page, where there are such pages."""
    if not layout.shows("release"):
        return {}
    return {f"release/{release.slug}.md": release for release in view.releases}


def _panels(view: ReportView, renderer: Renderer, layout: Layout) -> dict[str, str]:
    """What stands on the decision records of a documentation: state and rules of each."""
    files = (*(PAGES[name] for name in PAGES if layout.shows(name)), *_decisions(view, layout))
    found: dict[str, str] = {}
    for adr in view.adrs:
        page = layout.decisions.get(adr.path)
        if page is not None:
            up = quote(relpath(layout.path, dirname(page) or ".")) + "/"
            site = SiteView(up, "", files, {}, charts=layout.charts, searched=True)
            found[page] = renderer.render("markdown/panel.md.j2", view=view, site=site, adr=adr)
    return found


def empty_snippets(renderer: Renderer) -> dict[str, bytes]:
    """The same where there is no report."""
    text = renderer.render("snippets/no-data.md.j2").encode()
    return dict.fromkeys(SNIPPETS, text)


def empty_pages(renderer: Renderer, *, path: str = DEFAULT.path) -> dict[str, bytes]:
    """What stands there when there is no report: a page that says so."""
    text = renderer.render("markdown/no-data.md.j2")
    return {f"{path}/index.md": text.encode(), **empty_assets(renderer)}


def empty_assets(renderer: Renderer) -> dict[str, bytes]:
    """What stands beside it."""
    return {
        f"{ASSETS}/adhere.css": renderer.static("adhere.css"),
        f"{ASSETS}/badge.svg": badge("no data", "doubt"),
    }


def html_pages(
    report: Report,
    renderer: Renderer,
    *,
    stale: tuple[str, ...] = (),
    ledger: Ledger | None = None,
    past: Past = NO_PAST,
) -> dict[str, bytes]:
    """A folder of pages that opens from a disk, without a server and without scripts."""
    data, view = _data_and_view(report, stale, ledger, past)
    context = {"view": view, "vocabulary": vocabulary(), "pages": tuple(HTML_PAGES.items())}
    pages = {
        name: renderer.render(f"html/{name}.j2", page=name, **context).encode()
        for name in HTML_PAGES
    }
    for release in view.releases:
        name = f"release-{release.slug}.html"
        text = renderer.render("html/released.html.j2", page=name, release=release, **context)
        pages[name] = text.encode()
    pages["style.css"] = renderer.static("html/style.css")
    pages["report.json"] = data
    pages["packages.csv"] = packages_csv(report)
    pages["findings.csv"] = findings_csv(report)
    return pages


def single_markdown(report: Report, renderer: Renderer, *, stale: tuple[str, ...] = ()) -> str:
    """One document, for a job summary or a comment."""
    view = make_view(report, stale=stale)
    return renderer.render("markdown/report.md.j2", view=view)
