"""Roles: references to decisions and rules, and words and numbers of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from docutils import nodes
from docutils.nodes import Node, system_message
from sphinx.roles import XRefRole
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from adhere.policy.decode import nearest, quoted
from adhere.report.view import ReportView, State
from adhere.surfaces.sphinx.markup import state, words

if TYPE_CHECKING:
    from adhere.surfaces.sphinx.domain import AdhereDomain

log = logging.getLogger(__name__)

Said = tuple[list[Node], list[system_message]]


class Reference(XRefRole):
    """A reference to a decision or a rule, by its id."""

    def __init__(self, kind: str) -> None:
        """Take what it refers to."""
        super().__init__(warn_dangling=True)
        self.kind = kind

    def run(self) -> Said:
        """The reference, whatever name the role was called by."""
        self.name = f"adhere:{self.kind}"
        note(self)
        return super().run()


class Status(SphinxRole):
    """The state of a decision, a rule or a gate."""

    def run(self) -> Said:
        """The state, or what was asked for where there is none."""
        if not self.config.adhere_enabled:
            return [words(self.text)], []
        content = note(self).shown.content
        if content is None:
            return [words("? no data", "adhere-state", "adhere-doubt")], []
        known = states(content.view)
        found = known.get(self.text)
        if found is None:
            return self._unknown(f"no decision, rule or gate `{self.text}`", [*known])
        stale = [words(" (stale)")] if content.view.stale else []
        return [state(found), *stale], []

    def _unknown(self, what: str, known: list[str]) -> Said:
        hint = nearest(self.text, known) or f"there is {quoted(known[:12])}"
        where = self.get_location()
        message = f"there is {what} in the report; {hint}"
        log.warning(message, location=where, type="adhere", subtype="unknown")
        return [nodes.problematic(self.rawtext, self.rawtext)], []


class Metric(Status):
    """A number of the report."""

    def run(self) -> Said:
        """The number, or what was asked for where there is none."""
        if not self.config.adhere_enabled:
            return [words(self.text)], []
        content = note(self).shown.content
        if content is None:
            return [words("? no data")], []
        known = {fact.name.lower(): fact.value for fact in content.view.totals}
        known |= {row.metric: row.last for row in reversed(content.view.metrics)}
        found = known.get(self.text) or known.get(self.text.lower())
        if found is None:
            return self._unknown(f"no number `{self.text}`", [*known])
        return [words(found)], []


def note(role: SphinxRole) -> AdhereDomain:
    """The domain, which knows from now on that the document shows something of the report."""
    domain = cast("AdhereDomain", role.env.get_domain("adhere"))
    domain.note(role.env.docname)
    domain.depend()
    return domain


def states(view: ReportView) -> dict[str, State]:
    """States of everything that has an id."""
    found = {adr.id: adr.state for adr in view.adrs}
    found |= {rule.id: rule.state for adr in view.adrs for rule in adr.rules}
    found |= {rule.id: rule.state for rule in view.rules}
    return found | {gate.id: gate.state for gate in view.gates}
