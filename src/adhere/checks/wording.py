"""Notes that findings of several kinds share, worded once."""

from __future__ import annotations

from collections.abc import Iterator

from adhere.model.claim import Claim, Conclusion
from adhere.model.finding import Note, Unjudged
from adhere.model.inventory import (
    INSTALLED_KINDS,
    LOCK_KINDS,
    Component,
    Inventory,
    SourceKind,
)
from adhere.model.need import Facts
from adhere.policy.rule import Rule

_KIND_NAMES = {
    "clarification": "clarification",
    "license-expression": "License-Expression",
    "license-field": "License field",
    "classifiers": "classifiers",
    "license-text": "license text",
    "sbom": "SBOM",
    "index": "index metadata",
    "curated": "curated fact",
}


def place(component: Component, inventory: Inventory) -> str:
    """What stands at a component's location."""
    return place_in(inventory.sources[component.seen_in[0]].kind)


def place_in(kind: SourceKind) -> str:
    """What stands at a location in a source."""
    if kind in INSTALLED_KINDS:
        return "installed here"
    return "locked here" if kind in LOCK_KINDS else "listed here"


def path_note(component: Component, inventory: Inventory) -> Note:
    """The shortest way by which a package is here."""
    if not component.path:
        return Note("path", "nothing that is known asks for it")
    first = component.path[0]
    asker = next((root.by for root in inventory.roots if root.name == first and root.by), "")
    steps = (asker, *component.path) if asker else component.path
    return Note("path", " -> ".join((*steps[:-1], f"{component.name} {component.version}")))


def decision_note(rule: Rule) -> Note:
    """Whose decision a rule is."""
    decision = rule.decision
    if decision is None:
        return Note("rule", rule.title, location=rule.place())
    heading = decision.section or decision.title
    return Note("decision", f'{decision.id} "{heading}"', location=decision.location)


def source_of(claim: Claim) -> str:
    """Where a claim was read, for a reader."""
    name = _KIND_NAMES[claim.kind]
    return f"{name}, {claim.document}" if claim.document else name


def evidence_note(conclusion: Conclusion) -> Note:
    """What the evidence besides the deciding one says."""
    parts = [
        f"{source_of(claim)} {claim.standing.replace('contradicts', 'CONTRADICTS')}"
        f" ({claim.expression or ' / '.join(claim.candidates)})"
        for claim in conclusion.claims
        if claim.standing in ("agrees", "contradicts", "outranked")
        and (claim.expression or claim.candidates)
    ]
    return Note("evidence", "; ".join(parts) or "there is no other")


def unreadable(facts: Facts) -> Iterator[Unjudged]:
    """Packages that no rule about packages can judge, because they could not be read."""
    for fault in facts.inventory.faults:
        if not fault.kept:
            yield Unjudged(fault.subject, fault.reason)


def plural(count: int, noun: str, many: str = "") -> str:
    """``1 package``, ``2 packages``."""
    return f"{count} {noun if count == 1 else many or noun + 's'}"
