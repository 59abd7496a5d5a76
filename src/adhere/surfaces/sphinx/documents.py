"""The documents that a build finds in the folder of the documentation.

Each holds one directive, which makes the page when the document is read. They are written when
there is another page or another markup, and so hardly ever.
"""

from __future__ import annotations

import os

from sphinx.application import Sphinx

from adhere.app.docs import manifest_of, put
from adhere.app.project import Project
from adhere.app.shown import Shown
from adhere.report.layout import PAGES
from adhere.surfaces.sphinx.pages import of_decisions, of_releases

MANIFEST = "_adhere/sphinx.json"
"""Which documents are ours; that of ``adhere docs sync`` is another."""

_WRITTEN = "Written by the extension adhere.sphinx in each build: a change would be lost."
_MARKDOWN = f"% {_WRITTEN}\n\n```{{adhere-page}} @NAME@\n```\n"
_RST = f".. {_WRITTEN}\n\n.. adhere-page:: @NAME@\n"


def write_documents(app: Sphinx, project: Project, shown: Shown, *, placeholder: bool) -> bool:
    """Write those that changed, and remove those that are no page any more.

    Args:
        app: of the build.
        project: for what to call files.
        shown: what there is to show.
        placeholder: whether a page says so where there is nothing.

    Returns:
        Whether they are there: none are where ``adhere docs sync`` wrote pages.

    Raises:
        ForeignFileError: a file of somebody else's is in the way.
        StoreError: a document cannot be written.
    """
    source = str(app.srcdir)
    theirs = manifest_of(source)
    names = () if theirs else page_names(shown, placeholder=placeholder)
    suffix, text = _markup(app)
    pages = {
        f"{shown.layout.path}/{name}{suffix}": text.replace("@NAME@", name).encode()
        for name in names
    }
    if pages or os.path.exists(os.path.join(source, *MANIFEST.split("/"))):
        put(project, source, pages, manifest=MANIFEST, given_up=theirs)
    return not theirs


def remove_documents(app: Sphinx) -> None:
    """Remove what an earlier build wrote, as the extension is switched off.

    Raises:
        ForeignFileError: a document was changed by hand.
        StoreError: the list of them cannot be written.
    """
    source = str(app.srcdir)
    if os.path.exists(os.path.join(source, *MANIFEST.split("/"))):
        put(Project(str(app.confdir)), source, {}, manifest=MANIFEST, given_up=manifest_of(source))


def page_names(shown: Shown, *, placeholder: bool = True) -> tuple[str, ...]:
    """Names of pages, relative to their folder and without a suffix."""
    layout = shown.layout
    if not layout.pages:
        return ()
    if shown.content is None:
        return ("index",) if placeholder else ()
    found = [PAGES[name].removesuffix(".md") for name in PAGES if layout.shows(name)]
    if layout.shows("adrs"):
        found += of_decisions(shown.content.view.adrs)
    if layout.shows("release"):
        found += of_releases(shown.content.view.releases)
    return tuple(found)


def _markup(app: Sphinx) -> tuple[str, str]:
    """The suffix of documents, and what stands in one."""
    kinds = dict(app.config.source_suffix)
    chosen = app.config.adhere_markup
    myst = {"myst_parser", "myst_nb"} & {*app.extensions}
    if chosen == "md" or (chosen == "auto" and myst and ".md" in kinds):
        return ".md", _MARKDOWN
    rst = [suffix for suffix, kind in kinds.items() if kind in ("restructuredtext", None)]
    return (rst[0] if rst else ".rst"), _RST
