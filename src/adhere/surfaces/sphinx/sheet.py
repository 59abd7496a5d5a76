"""What a part of a document needs to know of the document, and of the others."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Protocol

from docutils import nodes
from sphinx import addnodes
from sphinx.environment import BuildEnvironment

from adhere.app.shown import Content, Shown
from adhere.report.layout import PAGES
from adhere.report.view import AdrRow
from adhere.surfaces.sphinx.elements import Icon
from adhere.surfaces.sphinx.markup import Part, code, paragraph, prose, small, strong, words

OWN, GENERATED, PLACED = 0, 1, 2
"""Where a reference leads to: a decision that is a page, then a page of ours, then a directive's."""


class Objects(Protocol):
    """Where decisions and rules are described."""

    def describe(self, kind: str, name: str, docname: str, anchor: str, rank: int) -> None:
        """Note one."""


def file_of(env: BuildEnvironment, docname: str) -> str:
    """The file of a document, relative to the folder of the documentation."""
    return os.fspath(env.doc2path(docname, base=False)).replace(os.sep, "/")


class Sheet:
    """A document while it is read."""

    def __init__(
        self,
        env: BuildEnvironment,
        document: nodes.document,
        shown: Shown,
        objects: Objects,
        rank: int = PLACED,
    ) -> None:
        """Take what is needed.

        Args:
            env: of the build.
            document: that parts go into.
            shown: what there is to show.
            objects: that decisions and rules are noted in.
            rank: of what is described here.
        """
        self._env = env
        self.document = document
        self.docname = env.docname
        self.shown = shown
        self.layout = shown.layout
        self._objects = objects
        self._rank = rank

    def section(self, title: str | list[nodes.Node], *content: nodes.Node | None) -> nodes.section:
        """A section with a title, and an anchor of its own."""
        parts = [words(title)] if isinstance(title, str) else title
        found = nodes.section("", nodes.title("", "", *parts))
        found["ids"] = [self._free(nodes.make_id(found.astext()) or "section")]
        found["names"] = []
        self.document.ids[found["ids"][0]] = found
        found += [one for one in content if one is not None]
        return found

    def _free(self, anchor: str) -> str:
        number, name = 1, anchor
        while name in self.document.ids:
            number += 1
            name = f"{anchor}-{number}"
        return name

    def target(self, kind: str, name: str, anchor: str) -> list[nodes.Node]:
        """Where references to a decision or a rule lead to; nothing where one is already."""
        if anchor in self.document.ids or self._rank == OWN:
            return []
        found = nodes.target("", "", ids=[anchor])
        self.document.ids[anchor] = found
        self._objects.describe(kind, name, self.docname, anchor, self._rank)
        return [found]

    def page(self, text: str, name: str) -> nodes.Node:
        """A link to one of our pages, a text where that is not there.

        Args:
            text: of the link.
            name: of `PAGES`, or of the page of a decision relative to their folder.
        """
        file = f"{self.layout.path}/{PAGES.get(name, name)}"
        there = file.rpartition(".")[0] in self._env.found_docs
        return self.document_link(text, file) if there else words(text)

    def is_document(self, file: str) -> bool:
        """Whether a file, relative to the folder of the documentation, is read as a document."""
        name = file.rpartition(".")[0]
        return name in self._env.found_docs and file_of(self._env, name) == file

    def document_link(self, text: str, file: str) -> nodes.Node:
        """A link to a document, by its file."""
        target = f"/{file.rpartition('.')[0]}"
        found = addnodes.pending_xref("", refdomain="std", reftype="doc", reftarget=target)
        found["refexplicit"], found["refwarn"], found["refdoc"] = True, True, self.docname
        found += words(text)
        return found

    def reference(self, kind: str, name: str, shown: nodes.Node | None = None) -> nodes.Node:
        """A reference to a decision or a rule."""
        found = addnodes.pending_xref("", refdomain="adhere", reftype=kind, reftarget=name)
        found["refexplicit"], found["refwarn"], found["refdoc"] = True, False, self.docname
        found += shown if shown is not None else code(name)
        return found


def headline(content: Content) -> list[nodes.Node]:
    """The verdict, and on what it was passed."""
    view = content.view
    tone = f"adhere-{view.state.tone}"
    icon = Icon("", f"{view.state.icon} ")
    said = [paragraph(icon, words(view.headline), classes=["adhere-headline", tone])]
    where: list[Part] = [f"Judged on {view.today} "]
    if view.commit:
        where += ["at commit ", code(view.commit), " with local changes" if view.dirty else ""]
    else:
        where += ["outside of version control"]
    return [*said, paragraph(*where, f" by {view.tool}.")]


def banner(stale: Iterable[str]) -> list[nodes.Node]:
    """That what is shown does not speak of the project as it is; nothing where it does."""
    clauses = [part for clause in stale for part in (*prose(clause), words(". "))]
    if not clauses:
        return []
    text = paragraph(strong("STALE"), ": this does not speak of the project as it is now. ")
    text += [*clauses, words("Run "), code("adhere check"), words(" again.")]
    return [nodes.warning("", text, classes=["adhere-stale"])]


def no_data() -> list[nodes.Node]:
    """What stands there without a report."""
    said = paragraph("? No data: there is no report.", classes=["adhere-headline", "adhere-doubt"])
    return [said, paragraph("Run ", code("adhere check"), ", then build the documentation again.")]


def foot(content: Content) -> nodes.Node:
    """By whom it was made, and of what."""
    view = content.view
    made = f"Made by {view.tool} from a report with the digest "
    found = small(made, code(view.digest), ".")
    found["classes"].append("adhere-foot")
    return found


def title_of(adr: AdrRow) -> str:
    """Of the page about a decision."""
    return f"{adr.id}: {adr.title}"
