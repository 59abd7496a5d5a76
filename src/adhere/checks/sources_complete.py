"""``sources.complete``: everything that a source lists could be read."""

from __future__ import annotations

from msgspec import Struct

from adhere.checks.wording import decision_note, plural
from adhere.model.finding import Finding, Judgement, Level
from adhere.model.inventory import Fault
from adhere.model.need import Facts, InventoryNeed, Need
from adhere.policy.rule import Code, Kind, Rule

UNREADABLE = Code("package-unreadable", "A package whose metadata cannot be read")
DUPLICATE = Code("package-duplicate", "Two descriptions of one package in one source")
UNTRUSTED = Code("package-outside", "A package whose metadata lies outside of its source")
ODD_VERSION = Code("package-version", "A version that no installer can compare")
UNPINNED = Code("requirement-unresolved", "A requirement that names no single version")
PROJECT = Code("project-unreadable", "A project file beside a lock that cannot be read")

_LEVELS: dict[str, Level] = {ODD_VERSION.id: "warn"}
_FIX = {
    UNREADABLE.id: "reinstall the package; if it stays, tell its authors",
    DUPLICATE.id: "remove the leftover folder, or reinstall the package",
    UNTRUSTED.id: "remove the link and install the package itself",
    ODD_VERSION.id: "tell its authors; versions are compared by PEP 440",
    UNPINNED.id: "judge a lock file or the environment, where every version is known",
    PROJECT.id: "mend the file: without it nobody knows what was asked for by name",
}


class Params(Struct, frozen=True):
    """``sources.complete`` takes no parameters."""


def judge(rule: Rule, _params: Params, facts: Facts) -> Judgement:
    """One finding for each thing that could not be read, or not be trusted."""
    inventory = facts.inventory
    findings = tuple(_finding(rule, fault) for fault in inventory.faults)
    lost = sum(not fault.kept for fault in inventory.faults)
    listed = sum(len(component.packages) for component in inventory.components)
    return Judgement(
        findings=findings,
        judged=listed + lost,
        observed=f"{plural(listed, 'entry', 'entries')} read, {lost} not",
        expected="every entry of every source is read",
    )


def _finding(rule: Rule, fault: Fault) -> Finding:
    state = "it is judged all the same" if fault.kept else "it is not judged"
    return Finding(
        rule=rule.id,
        code=fault.code,
        message=f"{fault.subject}: {fault.reason}; {state}",
        subject=fault.subject,
        detail=fault.reason,
        level=_LEVELS.get(fault.code, "error"),
        location=fault.location,
        place="found here",
        notes=(decision_note(rule),),
        fix=_FIX.get(fault.code, "mend the source"),
    )


def needs(_params: Params) -> tuple[Need, ...]:
    """The inventory."""
    return (InventoryNeed(),)


KIND = Kind(
    name="sources.complete",
    summary="everything that a source lists could be read",
    params=Params,
    codes=(UNREADABLE, DUPLICATE, UNTRUSTED, ODD_VERSION, UNPINNED, PROJECT),
    needs=needs,
    judge=judge,
)
