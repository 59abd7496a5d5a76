"""Pages as files: which there are, and what stands in each."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from adhere.model.digest import bytes_digest
from adhere.model.runs import Ledger
from adhere.report.document import Report
from adhere.report.escape import plain
from adhere.report.json import encode_report
from adhere.report.make_view import make_view
from adhere.report.packages import standing
from adhere.report.render import Renderer
from adhere.report.rows import LEVEL_WORDS, place, worst_first
from adhere.report.summary import license_words
from adhere.report.vocabulary import vocabulary

MARKDOWN_PAGES: Mapping[str, str] = {
    "index.md": "markdown/overview.md.j2",
    "dependencies.md": "markdown/dependencies.md.j2",
    "licenses.md": "markdown/licenses.md.j2",
    "waivers.md": "markdown/waivers.md.j2",
    "history.md": "markdown/history.md.j2",
    "performance.md": "markdown/performance.md.j2",
    "method.md": "markdown/method.md.j2",
}
HTML_PAGES: Mapping[str, str] = {
    "index.html": "Overview",
    "dependencies.html": "Dependencies",
    "licenses.html": "Licenses",
    "waivers.html": "Waivers",
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
    path: str,
    stale: tuple[str, ...] = (),
    ledger: Ledger | None = None,
) -> dict[str, bytes]:
    """Pages for a documentation folder, and the files they link to.

    Args:
        report: what to show.
        renderer: the templates.
        path: folder of the pages, relative to the documentation's.
        stale: inputs that changed since, as clauses.
        ledger: runs that the project has committed.

    Returns:
        Content by path relative to the documentation's folder.
    """
    data = encode_report(report)
    view = make_view(report, digest=report_digest(data), stale=stale, ledger=ledger)
    words = vocabulary()
    pages = {
        f"{path}/{name}": renderer.render(template, view=view, vocabulary=words).encode()
        for name, template in MARKDOWN_PAGES.items()
    }
    pages["_adhere/adhere.css"] = renderer.static("adhere.css")
    pages["_adhere/report.json"] = data
    pages["_adhere/packages.csv"] = packages_csv(report)
    pages["_adhere/findings.csv"] = findings_csv(report)
    return pages


def empty_pages(renderer: Renderer, *, path: str) -> dict[str, bytes]:
    """What stands there when there is no report: a page that says so."""
    text = renderer.render("markdown/no-data.md.j2")
    return {
        f"{path}/index.md": text.encode(),
        "_adhere/adhere.css": renderer.static("adhere.css"),
    }


def html_pages(
    report: Report,
    renderer: Renderer,
    *,
    stale: tuple[str, ...] = (),
    ledger: Ledger | None = None,
) -> dict[str, bytes]:
    """A folder of pages that opens from a disk, without a server and without scripts."""
    data = encode_report(report)
    view = make_view(report, digest=report_digest(data), stale=stale, ledger=ledger)
    context = {"view": view, "vocabulary": vocabulary(), "pages": tuple(HTML_PAGES.items())}
    pages = {
        name: renderer.render(f"html/{name}.j2", page=name, **context).encode()
        for name in HTML_PAGES
    }
    pages["style.css"] = renderer.static("html/style.css")
    pages["report.json"] = data
    pages["packages.csv"] = packages_csv(report)
    pages["findings.csv"] = findings_csv(report)
    return pages


def single_markdown(report: Report, renderer: Renderer, *, stale: tuple[str, ...] = ()) -> str:
    """One document, for a job summary or a comment."""
    return renderer.render("markdown/report.md.j2", view=make_view(report, stale=stale))


_PACKAGES = (
    "name",
    "version",
    "license",
    "state",
    "confidence",
    "direct",
    "groups",
    "origin",
    "path",
    "why",
)
_FINDINGS = (
    "level",
    "disposition",
    "rule",
    "code",
    "subject",
    "version",
    "groups",
    "message",
    "place",
    "fix",
    "waiver",
    "fingerprint",
)


def packages_csv(report: Report) -> bytes:
    """Every package as one row of a table."""
    return _csv(
        _PACKAGES,
        (
            (
                package.name,
                package.version,
                license_words(package.license),
                package.license.state,
                f"{package.license.confidence:.2f}",
                standing(package),
                " ".join(package.groups),
                f"{package.origin.kind} {package.origin.url}".strip(),
                " > ".join(package.paths[0]) if package.paths else "",
                package.license.why,
            )
            for package in report.packages
        ),
    )


def findings_csv(report: Report) -> bytes:
    """Every finding as one row of a table, also those that do not count; worst first."""
    return _csv(
        _FINDINGS,
        (
            (
                LEVEL_WORDS[finding.level],
                finding.disposition,
                finding.rule,
                finding.code,
                finding.subject,
                finding.version,
                " ".join(finding.groups),
                finding.message,
                place(finding.location),
                finding.fix,
                finding.waiver,
                finding.fingerprint,
            )
            for finding in worst_first(report.findings)
        ),
    )


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table as RFC 4180 has it, without anything that acts on a terminal or spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_harmless(plain(field)) for field in row] for row in rows)
    return out.getvalue().encode()


def _harmless(field: str) -> str:
    """A field that a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{field}" if field.startswith(("=", "+", "-", "@")) else field
