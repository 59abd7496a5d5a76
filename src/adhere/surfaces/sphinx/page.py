"""The directive of the documents that a build writes, and the panel on decisions that are pages."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.directives.other import TocTree
from sphinx.transforms import SphinxTransform

from adhere.app.shown import Content
from adhere.report.layout import PAGES
from adhere.report.view import AdrRow
from adhere.surfaces.sphinx import parts
from adhere.surfaces.sphinx.directives import Directive
from adhere.surfaces.sphinx.documents import page_names
from adhere.surfaces.sphinx.domain import AdhereDomain, domain_of
from adhere.surfaces.sphinx.markup import Part, code, small
from adhere.surfaces.sphinx.pages import MAKERS, TITLES, decision, of_decisions, of_releases
from adhere.surfaces.sphinx.release import released
from adhere.surfaces.sphinx.sheet import (
    GENERATED,
    OWN,
    Sheet,
    banner,
    file_of,
    foot,
    no_data,
    title_of,
)

_BY_FILE = {file.removesuffix(".md"): name for name, file in PAGES.items()}


class WholePage(Directive):
    """A page, by its name relative to the folder of the pages."""

    required_arguments = 1
    rank = GENERATED

    def framed(self, content: Content) -> list[nodes.Node]:
        """The page as a section of its own, so that its title need not be in the document."""
        name = self.arguments[0]
        self._hide(name)
        above = banner(content.view.stale)
        if name in _BY_FILE:
            page = _BY_FILE[name]
            made = MAKERS[page](self.sheet, content)
            return [self._page(TITLES[page], [*above, *made], foot(content))]
        adrs, releases = of_decisions(content.view.adrs), of_releases(content.view.releases)
        if name in releases:
            row = releases[name]
            apart = ", apart from what it says of its run."
            end = small("Frozen of a report with the digest ", code(row.report), apart)
            return [self._page(f"Release {row.version}", released(self.sheet, row), end)]
        if name not in adrs:
            return self.unknown("page", name, [*_BY_FILE, *adrs, *releases])
        adr = adrs[name]
        made = decision(self.sheet, adr)
        return [self._page(title_of(adr), [*above, *made], foot(content))]

    def _hide(self, name: str) -> None:
        """From the search of the site, where an option asks for it."""
        search = self.sheet.layout.search
        if search == "off" or (search == "summary" and name != "index"):
            self.env.metadata[self.env.docname]["nosearch"] = ""  # as a field of the document says

    def without(self) -> list[nodes.Node]:
        """A page that says so."""
        self._hide("index")
        return [self._page(TITLES["overview"], no_data())]

    def _page(
        self, title: str, content: list[nodes.Node], end: nodes.Node | None = None
    ) -> nodes.section:
        found = self.sheet.section(title)
        below = _below(self.arguments[0], page_names(self.sheet.shown))
        if below:
            found += self._menu(below)
        found += content
        last = found  # what comes last belongs to the last section
        while isinstance(last.children[-1], nodes.section):
            last = last.children[-1]
        if end is not None:
            last += end
        return found

    def _menu(self, names: list[str]) -> list[nodes.Node]:
        """Pages that one reaches from this one, as themes have them at the side."""
        folder = self.sheet.layout.path
        lines = StringList([f"/{folder}/{name}" for name in names], source="adhere")
        made = TocTree(
            "toctree",
            [],
            {"hidden": None, "titlesonly": None, "maxdepth": 1},
            lines,
            self.lineno,
            self.content_offset,
            "",
            self.state,
            self.state_machine,
        )
        return made.run()


def _below(name: str, names: tuple[str, ...]) -> list[str]:
    if name == "index":
        return [one for one in names if one != "index" and not _folder_of(one)]
    if name in ("adrs/index", "release/index"):
        return [one for one in names if _folder_of(one) == name.partition("/")[0]]
    return []


def _folder_of(name: str) -> str:
    """The folder of a page that another one leads to, ``""`` for a main page."""
    folder, _, file = name.rpartition("/")
    return "" if file == "index" else folder


class Panel(SphinxTransform):
    """A panel below the title of a decision that is a document."""

    default_priority = 200
    """Before tables are numbered, and after everything was read."""

    def apply(self, **_kwargs: Any) -> None:
        """Put it there."""
        domain = domain_of(self.env)
        content = domain.shown.content
        adr = self._decision(domain, content) if content is not None else None
        if content is None or adr is None:
            return
        docname = self.env.docname
        if adr.page and domain.shown.layout.shows("adrs"):
            # The page about it leads to it, so that no toctree has to.
            self.env.metadata[docname]["orphan"] = ""
        section = next(self.document.findall(nodes.section), None)
        if not self.config.adhere_annotate_adrs or section is None:
            return
        sheet = Sheet(self.env, self.document, domain.shown, domain, OWN)
        domain.describe("adr", adr.id, docname, "", OWN)
        domain.note(docname)
        domain.depend()
        more: list[Part] = [f" · judged on {content.view.today}"]
        if adr.page:
            more += [" · ", sheet.page("rules and evidence", adr.page)]
        panel = parts.decision(sheet, adr, *more)
        section[1:1] = [*banner(content.view.stale), *panel]  # its title is the first

    def _decision(self, domain: AdhereDomain, content: Content) -> AdrRow | None:
        """The decision that the document is."""
        file = file_of(self.env, self.env.docname)
        paths = {page: path for path, page in domain.shown.layout.decisions.items()}
        return next((adr for adr in content.view.adrs if adr.path == paths.get(file)), None)
