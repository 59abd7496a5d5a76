"""Pages as files: which there are, and what stands in each."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from adhere.model.digest import bytes_digest
from adhere.report.document import Report
from adhere.report.json import encode_report
from adhere.report.render import Renderer
from adhere.report.view import license_words, make_view
from adhere.report.vocabulary import vocabulary

MARKDOWN_PAGES: Mapping[str, str] = {
    "index.md": "markdown/overview.md.j2",
    "dependencies.md": "markdown/dependencies.md.j2",
    "licenses.md": "markdown/licenses.md.j2",
    "waivers.md": "markdown/waivers.md.j2",
    "method.md": "markdown/method.md.j2",
}
HTML_PAGES: Mapping[str, str] = {
    "index.html": "Overview",
    "dependencies.html": "Dependencies",
    "licenses.html": "Licenses",
    "waivers.html": "Waivers",
    "method.html": "Method",
}


def report_digest(data: bytes) -> str:
    """Digest of an encoded report, by which a page says what it was made from."""
    return bytes_digest(data)


def markdown_pages(
    report: Report, renderer: Renderer, *, path: str, stale: tuple[str, ...] = ()
) -> dict[str, bytes]:
    """Pages for a documentation folder, and the files they link to.

    Args:
        report: what to show.
        renderer: the templates.
        path: folder of the pages, relative to the documentation's.
        stale: inputs that changed since, as clauses.

    Returns:
        Content by path relative to the documentation's folder.
    """
    data = encode_report(report)
    view = make_view(report, digest=report_digest(data), stale=stale)
    words = vocabulary()
    pages = {
        f"{path}/{name}": renderer.render(template, view=view, vocabulary=words).encode()
        for name, template in MARKDOWN_PAGES.items()
    }
    pages["_adhere/adhere.css"] = renderer.static("adhere.css")
    pages["_adhere/report.json"] = data
    pages["_adhere/packages.csv"] = packages_csv(report)
    return pages


def empty_pages(renderer: Renderer, *, path: str) -> dict[str, bytes]:
    """What stands there when there is no report: a page that says so."""
    text = renderer.render("markdown/no-data.md.j2")
    return {
        f"{path}/index.md": text.encode(),
        "_adhere/adhere.css": renderer.static("adhere.css"),
    }


def html_pages(report: Report, renderer: Renderer) -> dict[str, bytes]:
    """A folder of pages that opens from a disk, without a server and without scripts."""
    data = encode_report(report)
    view = make_view(report, digest=report_digest(data))
    context = {"view": view, "vocabulary": vocabulary(), "pages": tuple(HTML_PAGES.items())}
    pages = {
        name: renderer.render(f"html/{name}.j2", page=name, **context).encode()
        for name in HTML_PAGES
    }
    pages["style.css"] = renderer.static("html/style.css")
    pages["report.json"] = data
    pages["packages.csv"] = packages_csv(report)
    return pages


def single_markdown(report: Report, renderer: Renderer) -> str:
    """One document, for a job summary or a comment."""
    return renderer.render("markdown/report.md.j2", view=make_view(report))


_COLUMNS = (
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


def packages_csv(report: Report) -> bytes:
    """Every package as one row of a table.

    A field that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for package in report.packages:
        license_ = package.license
        row = (
            package.name,
            package.version,
            license_words(license_),
            license_.state,
            f"{license_.confidence:.2f}",
            "ours" if package.first_party else "direct" if package.direct else "transitive",
            " ".join(package.groups),
            f"{package.origin.kind} {package.origin.url}".strip(),
            " > ".join(package.paths[0]) if package.paths else "",
            license_.why,
        )
        writer.writerow([_harmless(field) for field in row])
    return out.getvalue().encode("utf-8", "backslashreplace")


def _harmless(field: str) -> str:
    return f"'{field}" if field.startswith(("=", "+", "-", "@", "\t", "\r")) else field
