"""A person's reading of license files, laid over what the evidence says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from adhere.model.claim import Claim, Conclusion
from adhere.model.inventory import Component
from adhere.policy.waiver import Clarification


def clarify(
    component: Component,
    conclusion: Conclusion,
    clarifications: Iterable[Clarification],
    today: date,
) -> Conclusion:
    """The conclusion with the clarification that holds for it, or as it was.

    A clarification holds for exactly the license files it names: with one of them changed,
    gone, or another one beside them, it lapses and the evidence speaks for itself again.
    """
    for clarification in clarifications:
        if _about(clarification, component) and holds(clarification, component, today):
            return _clarified(conclusion, clarification)
    return conclusion


def _about(clarification: Clarification, component: Component) -> bool:
    return clarification.subject.covers(component.name, component.version)


def holds(clarification: Clarification, component: Component, today: date) -> bool:
    """Whether the files are still those it was read from, and its end has not come."""
    ends = clarification.table.expires
    if ends is not None and ends < today:
        return False
    files = {file.digest for file in component.license_files}
    declared = component.declared
    read = files | ({declared.digest} if declared is not None and declared.digest else set())
    return clarification.digests <= read and files <= clarification.digests


def _clarified(conclusion: Conclusion, clarification: Clarification) -> Conclusion:
    table = clarification.table
    own = Claim(
        kind="clarification",
        document=clarification.location.path,
        raw=table.id,
        expression=clarification.expression,
        confidence=1.0,
        note=table.note or f"read by {table.owner}",
        standing="decides",
    )
    others = tuple(_below(claim, clarification.expression) for claim in conclusion.claims)
    return Conclusion(
        state="clarified",
        expression=clarification.expression,
        confidence=1.0,
        why=f"{table.owner} read the license files and clarified it ({table.id})",
        claims=(own, *others),
        missing=conclusion.missing,
    )


def _below(claim: Claim, expression: str) -> Claim:
    if claim.standing != "decides":
        return claim
    standing = "agrees" if claim.expression == expression else "outranked"
    return msgspec.structs.replace(claim, standing=standing)


def concerned(clarification: Clarification, components: Sequence[Component]) -> list[Component]:
    """The packages that a clarification is about, whether or not it still holds."""
    return [component for component in components if _about(clarification, component)]
