"""What changed from one report to another: schema ``adhere.diff/1``.

Every entry holds both sides; where it leads follows from them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from adhere.report.extract import (
    DecisionFacts,
    FindingFacts,
    FlawFacts,
    InputFacts,
    RuleFacts,
    Standing,
    WaiverFacts,
)
from adhere.report.trend import Trend

SCHEMA: Literal["adhere.diff/1"] = "adhere.diff/1"

Presence = Literal["added", "removed", "changed"]


class GateChange(Struct, frozen=True):
    """A gate with another verdict."""

    gate: str
    old: str
    new: str
    trend: Trend


class PackageChange(Struct, frozen=True):
    """A package in other versions; more than one where a lock file forks."""

    name: str
    kind: Literal["added", "removed", "upgraded", "downgraded", "changed"]
    old: tuple[str, ...]
    new: tuple[str, ...]


class LicenseChange(Struct, frozen=True):
    """A package that is there before and after, under other licenses."""

    package: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    trend: Annotated[Trend, Meta(description="worse where the license is not concluded any more")]


class SettingChange(Struct, frozen=True):
    """A key of a rule that has another value; null where it is not written."""

    key: str
    old: Any
    new: Any


class RuleChange(Struct, frozen=True):
    """A rule that came, went, says something else, or has another outcome."""

    rule: str
    kind: Presence
    old: RuleFacts | None
    new: RuleFacts | None
    settings: tuple[SettingChange, ...]
    trend: Annotated[Trend, Meta(description="of the outcome; what a rule says has none")]


class FindingChange(Struct, frozen=True):
    """A finding that came, went, or counts otherwise."""

    rule: str
    kind: Presence
    old: FindingFacts | None
    new: FindingFacts | None
    trend: Trend


class WaiverChange(Struct, frozen=True):
    """A waiver or clarification that came, went, ends, or covers something else."""

    id: str
    kind: Presence
    old: WaiverFacts | None
    new: WaiverFacts | None
    trend: Annotated[Trend, Meta(description="worse where it has ended or lapsed since")]


FlawKind = Literal["new", "gone", "unlooked", "overdue", "nearer", "later", "severity"]


class FlawChange(Struct, frozen=True):
    """A vulnerability that came, went, or is another matter now."""

    package: str
    id: str
    kind: Annotated[
        FlawKind,
        Meta(
            description="`nearer`: its deadline was moved, or is at most a week away; "
            "`unlooked`: nobody looked this time, so that nobody knows whether it is gone"
        ),
    ]
    old: FlawFacts | None
    new: FlawFacts | None
    trend: Trend


class DecisionChange(Struct, frozen=True):
    """A decision that came, went, or has another status."""

    id: str
    kind: Presence
    old: DecisionFacts | None
    new: DecisionFacts | None


class InputChange(Struct, frozen=True):
    """An input that came, went, or has another content."""

    path: str
    kind: Presence
    old: InputFacts | None
    new: InputFacts | None


class Diff(Struct, frozen=True):
    """Everything that changed from one report to another."""

    schema: Literal["adhere.diff/1"]
    old: Standing
    new: Standing
    gates: tuple[GateChange, ...]
    rules: tuple[RuleChange, ...]
    findings: tuple[FindingChange, ...]
    vulnerabilities: tuple[FlawChange, ...]
    licenses: tuple[LicenseChange, ...]
    packages: tuple[PackageChange, ...]
    waivers: tuple[WaiverChange, ...]
    decisions: tuple[DecisionChange, ...]
    inputs: tuple[InputChange, ...]

    @property
    def trends(self) -> Iterator[Trend]:
        """Where each change leads that leads somewhere."""
        yield from (change.trend for change in self.gates)
        yield from (change.trend for change in self.rules)
        yield from (change.trend for change in self.findings)
        yield from (change.trend for change in self.vulnerabilities)
        yield from (change.trend for change in self.licenses)
        yield from (change.trend for change in self.waivers)

    @property
    def is_worse(self) -> bool:
        """Whether anything got worse."""
        return "worse" in self.trends

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed, apart from the day and the commit."""
        return not any(
            (
                *(self.gates, self.rules, self.findings, self.vulnerabilities, self.licenses),
                *(self.packages, self.waivers, self.decisions, self.inputs),
            )
        )
