"""Which inputs of a run the outcome of a rule rests on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from adhere.model.need import (
    CacheSettingsNeed,
    InventoryNeed,
    LicensesNeed,
    PreviousNeed,
    ProjectsNeed,
    ReadingNeed,
    VulnerabilitiesNeed,
)
from adhere.model.verdict import Result
from adhere.report.document import NOT_SOURCES, RuleEvidence

if TYPE_CHECKING:
    from adhere.report.build import Facts

_OF_SOURCES = (InventoryNeed, LicensesNeed, PreviousNeed, ProjectsNeed, VulnerabilitiesNeed)
"""Needs that are answered from every source of the run, whatever else is asked."""


def rule_evidence(facts: Facts, result: Result) -> Iterator[RuleEvidence]:
    """The inputs that what a rule needs was answered from.

    Of files that were read for the rule alone it is also told until when they are believed.
    """
    needs = facts.needs.get(result.rule, ())
    own = {path for need in needs for path in facts.read.get(need, ())}
    own |= {str(need.selection) for need in needs if hasattr(need, "selection")}
    named = own | {need.path for need in needs if isinstance(need, ReadingNeed)}
    whole = any(isinstance(need, _OF_SOURCES) for need in needs)
    configured = any(isinstance(need, CacheSettingsNeed) for need in needs)
    until = result.valid_until.isoformat() if result.valid_until else ""
    for entry in facts.subject.inputs:
        if (
            entry.path in named
            or (whole and entry.kind not in NOT_SOURCES)
            or (configured and entry.kind == "config")
        ):
            yield RuleEvidence(
                entry.path,
                entry.digest,
                entry.kind,
                f"adhere {facts.tool.version}",
                until if entry.path in own else "",
            )
