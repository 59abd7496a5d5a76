"""The directive of the documents that a build writes, and the panel on decisions that are pages."""

from __future__ import annotations

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.directives.other import TocTree

from adhere.app.shown import Content
from adhere.report.layout import PAGES
from adhere.surfaces.sphinx import parts
from adhere.surfaces.sphinx.directives import Part
from adhere.surfaces.sphinx.documents import page_names
from adhere.surfaces.sphinx.domain import AdhereDomain
from adhere.surfaces.sphinx.pages import MAKERS, TITLES, decision, of_decisions
from adhere.surfaces.sphinx.sheet import GENERATED, OWN, Sheet, banner, foot, no_data, title_of

_BY_FILE = {file.removesuffix(".md"): name for name, file in PAGES.items()}


class WholePage(Part):
    """A page, by its name relative to the folder of the pages."""

    required_arguments = 1
    rank = GENERATED

    def framed(self, content: Content) -> list[nodes.Node]:
        """The page as a section of its own, so that its title need not be in the document."""
        name = self.arguments[0]
        above = banner(content.view.stale)
        if name in _BY_FILE:
            page = _BY_FILE[name]
            made = MAKERS[page](self.sheet, content)
            return [self._page(TITLES[page], [*above, *made], foot(content))]
        adrs = of_decisions(content.view.adrs)
        if name not in adrs:
            return self.unknown("page", name, [*_BY_FILE, *adrs])
        adr = adrs[name]
        made = decision(self.sheet, adr)
        return [self._page(title_of(adr), [*above, *made], foot(content))]

    def without(self) -> list[nodes.Node]:
        """A page that says so."""
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
        return [one for one in names if one != "index" and not _is_decision(one)]
    if name == "adrs/index":
        return [one for one in names if _is_decision(one)]
    return []


def _is_decision(name: str) -> bool:
    return name.startswith("adrs/") and name != "adrs/index"


def put_panel(domain: AdhereDomain, document: nodes.document, docname: str, file: str) -> bool:
    """Put a panel below the title of a document that is a decision; whether it is one.

    Args:
        domain: that knows what there is to show.
        document: that was read.
        docname: of it.
        file: of it, relative to the folder of the documentation.
    """
    shown = domain.shown
    title = next(document.findall(nodes.title), None)
    if shown.content is None or title is None or title.parent is None:
        return False
    paths = {page: path for path, page in shown.layout.decisions.items()}
    adr = next((a for a in shown.content.view.adrs if a.path == paths.get(file)), None)
    if adr is None:
        return False
    sheet = Sheet(document, docname, shown, domain, OWN)
    domain.describe("adr", adr.id, docname, "", OWN)
    domain.note(docname)
    view = shown.content.view
    more = [f" · judged on {view.today}"]
    page = adr.page.removesuffix(".md")
    if page and page in page_names(shown):
        link = sheet.document_link("rules and evidence", f"{shown.layout.path}/{adr.page}")
        panel = parts.decision(sheet, adr, *more, " · ", link)
    else:
        panel = parts.decision(sheet, adr, *more)
    at = title.parent.index(title) + 1
    title.parent[at:at] = [*banner(view.stale), *panel]
    return True
