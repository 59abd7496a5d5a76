"""The domain ``adhere``: decisions and rules as objects that documents refer to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, cast

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.builders import Builder
from sphinx.domains import Domain, ObjType
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode

from adhere.app.shown import Shown
from adhere.policy.decode import nearest
from adhere.surfaces.sphinx.roles import Metric, Reference, Status

Place = tuple[int, str, str]
"""Rank, document and anchor of a description; the least is where references lead to."""


class AdhereDomain(Domain):
    """Decisions and rules, and what there is to show of them."""

    name = "adhere"
    label = "adhere"
    object_types = {"adr": ObjType("decision", "adr"), "rule": ObjType("rule", "rule")}
    roles = {
        "adr": Reference("adr"),
        "rule": Reference("rule"),
        "status": Status(),
        "metric": Metric(),
    }
    initial_data = {"places": {}, "marks": {}}
    data_version = 1

    shown = Shown()
    """What there is to show; a domain is made anew in each build, and only its data is kept."""

    start = ""
    """The first of the documents that are ours, ``""`` where there is none."""

    named = False
    """Whether a toctree of the user's, in another document than the root, leads to it."""

    @property
    def places(self) -> dict[tuple[str, str], list[Place]]:
        """Where a decision or a rule is described, by kind and id."""
        return cast("dict[tuple[str, str], list[Place]]", self.data["places"])

    @property
    def marks(self) -> dict[str, str]:
        """What documents showed when they were read."""
        return cast("dict[str, str]", self.data["marks"])

    def note(self, docname: str) -> bool:
        """That a document shows something of the report; whether it is the first thing.

        Args:
            docname: of it.
        """
        first = docname not in self.marks
        self.marks[docname] = self.shown.mark
        return first

    def depend(self) -> None:
        """The document that is read depends on the report."""
        if self.shown.content is not None:  # what is not there would be out of date in each build
            self.env.note_dependency(self.shown.path)

    def outdated(self) -> list[str]:
        """Documents that would show something else by now."""
        return [name for name, mark in self.marks.items() if mark != self.shown.mark]

    def describe(self, kind: str, name: str, docname: str, anchor: str, rank: int) -> None:
        """Note where a decision or a rule is described."""
        self.places.setdefault((kind, name), []).append((rank, docname, anchor))

    def known(self, kind: str) -> list[str]:
        """Ids of decisions or rules of the report."""
        content = self.shown.content
        if content is None:
            return []
        rows: Iterable[Any] = content.view.adrs if kind == "adr" else content.report.results
        return [row.id if kind == "adr" else row.rule for row in rows]

    def hint(self, kind: str, name: str) -> str:
        """What to say of an id that is none."""
        known = self.known(kind)
        what = "decision" if kind == "adr" else "rule"
        close = nearest(name, known) or "adhere adr list names them"
        return f"there is no {what} `{name}` in the report; {close}"

    def clear_doc(self, docname: str) -> None:
        """Forget what a document described and showed."""
        self.marks.pop(docname, None)
        for key, places in [*self.places.items()]:
            self.places[key] = [place for place in places if place[1] != docname]
            if not self.places[key]:
                del self.places[key]

    def merge_domaindata(self, docnames: Iterable[str], otherdata: dict[str, Any]) -> None:
        """Take what another process read."""
        wanted = {*docnames}
        for (kind, name), places in otherdata["places"].items():
            for rank, docname, anchor in places:
                if docname in wanted:
                    self.describe(kind, name, docname, anchor, rank)
        self.marks.update({k: v for k, v in otherdata["marks"].items() if k in wanted})

    def resolve_xref(
        self,
        env: BuildEnvironment,  # noqa: ARG002 - of Sphinx
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: pending_xref,  # noqa: ARG002 - of Sphinx
        contnode: nodes.Element,
    ) -> nodes.reference | None:
        """A link to where it is described; the text alone where it is nowhere."""
        places = self.places.get((typ, target))
        if places:
            _, docname, anchor = min(places)
            return make_refnode(builder, fromdocname, docname, anchor, contnode)
        if self.shown.content is None or target in self.known(typ):
            return cast("nodes.reference", contnode)
        return None

    def resolve_any_xref(
        self,
        env: BuildEnvironment,  # noqa: ARG002 - of Sphinx
        fromdocname: str,
        builder: Builder,
        target: str,
        node: pending_xref,  # noqa: ARG002 - of Sphinx
        contnode: nodes.Element,
    ) -> list[tuple[str, nodes.reference]]:
        """The same for a reference that does not say to what."""
        return [
            (f"adhere:{kind}", make_refnode(builder, fromdocname, *min(places)[1:], contnode))
            for (kind, name), places in self.places.items()
            if name == target
        ]

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        """All that are described, for the inventory and the search."""
        for (kind, name), places in sorted(self.places.items()):
            _, docname, anchor = min(places)
            found = "nosearch" not in self.env.metadata.get(docname, {})
            yield name, name, kind, docname, anchor, 1 if found else -1


def domain_of(env: BuildEnvironment) -> AdhereDomain:
    """The domain of a build."""
    return cast("AdhereDomain", env.get_domain("adhere"))
