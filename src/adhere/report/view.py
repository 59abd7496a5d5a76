"""What templates see: rows of text, numbers and lists, worded once for every format.

The view is a documented shape: templates of users hold on to its names. Words that come
from outside are plain text here; whoever renders them escapes them. A page is for reading:
what is long is cut here, and stands in full in ``report.json`` and the CSV files.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

VERSION = 1
"""Of this shape; a template may check it."""


class State(Struct, frozen=True):
    """A state as icon, word and tone; the tone is ``good``, ``doubt``, ``bad`` or ``calm``."""

    icon: str
    word: str
    tone: str


class Fact(Struct, frozen=True):
    """A name and its value."""

    name: str
    value: str


class RuleRow(Struct, frozen=True):
    """One rule."""

    id: str
    anchor: str
    title: str
    check: str
    state: State
    level: str
    observed: str
    expected: str
    message: str
    why: str
    decision: str
    place: str
    fix: str
    on_missing: str
    builtin: bool
    not_judged: tuple[tuple[str, str], ...]
    not_judged_more: int
    evidence: tuple[tuple[str, str, str], ...]


class NoteRow(Struct, frozen=True):
    """One labelled line of a finding."""

    label: str
    text: str
    mark: str
    remark: str
    place: str


class FindingRow(Struct, frozen=True):
    """One finding."""

    code: str
    state: State
    message: str
    rule: str
    rule_anchor: str
    place: str
    what: str
    notes: tuple[NoteRow, ...]
    fix: str
    waiver: str
    counts: bool


class EvidenceRow(Struct, frozen=True):
    """One piece of license evidence."""

    source: str
    says: str
    standing: str
    confidence: str
    raw: str
    note: str


class PackageRow(Struct, frozen=True):
    """One package."""

    name: str
    version: str
    direct: str
    groups: str
    license: str
    state: State
    why: str
    origin: str
    path: str
    summary: str
    link: str
    place: str
    remarks: tuple[str, ...]
    evidence: tuple[EvidenceRow, ...]
    evidence_more: int


class FlawRow(Struct, frozen=True):
    """One known vulnerability of one package."""

    package: str
    version: str
    id: str
    aliases: str
    severity: str
    fixed_in: str
    published: str
    first_seen: str
    due: str
    left: State
    summary: str


class LicenseGroup(Struct, frozen=True):
    """All packages under one expression."""

    expression: str
    anchor: str
    category: str
    count: str
    packages: tuple[PackageRow, ...]
    packages_more: int


class ChoiceRow(Struct, frozen=True):
    """A license that was taken of several that a package offers."""

    package: str
    offered: str
    chosen: str
    because: str
    rule: str


class WaiverRow(Struct, frozen=True):
    """One waiver or clarification."""

    id: str
    kind: str
    state: State
    subject: str
    rule: str
    reason: str
    note: str
    owner: str
    approved_by: str
    ticket: str
    created: str
    expires: str
    left: str
    covers: int
    place: str
    advisory: str


class AdrRow(Struct, frozen=True):
    """One decision record and what became of its rules.

    ``page`` is the file of its page, relative to the folder of the pages; ``""`` for none.
    """

    id: str
    anchor: str
    title: str
    status: str
    date: str
    path: str
    page: str
    enforcement: str
    state: State
    outcomes: tuple[Fact, ...]
    rules: tuple[RuleRow, ...]
    findings: tuple[FindingRow, ...]
    findings_more: tuple[Fact, ...]
    waivers: tuple[WaiverRow, ...]
    prose_only: bool


class MetricRow(Struct, frozen=True):
    """Comparable runs that a rule about a budget judged, and the chart of them.

    ``points`` is a line within 200 by 40, ``limit`` the height of the budget in it, and ``x``
    and ``y`` the latest value; ``label`` says all of it in words.
    """

    rule: str
    anchor: str
    title: str
    metric: str
    group: str
    state: State
    value: str
    budget: str
    remarks: tuple[str, ...]
    runs: int
    p50: str
    p95: str
    last: str
    latest: str
    commit: str
    points: str
    limit: str
    x: str
    y: str
    label: str


class SeriesRow(Struct, frozen=True):
    """One metric of runs that can be compared, and the chart of it, as in a `MetricRow`."""

    metric: str
    state: State
    last: str
    p50: str
    p95: str
    remark: str
    points: str
    limit: str
    x: str
    y: str
    label: str


class RunGroup(Struct, frozen=True):
    """Committed runs that can be compared; ``tiers`` are the hit rates of caches."""

    name: str
    temperature: str
    runs: str
    metrics: tuple[SeriesRow, ...]
    tiers: tuple[SeriesRow, ...]


class HistoryRow(Struct, frozen=True):
    """One run."""

    started: str
    commit: str
    dirty: bool
    state: State
    runs_of: str
    packages: int
    findings: int
    waived: int
    seconds: str
    memory: str
    changes: tuple[str, ...]


class ChangeRow(Struct, frozen=True):
    """One thing that changed, as a sentence in which backticks mark names."""

    kind: str
    state: State
    text: str


class ChangeSection(Struct, frozen=True):
    """What changed of one kind, the worst first; ``more`` is how many are not shown."""

    title: str
    rows: tuple[ChangeRow, ...]
    more: int


class ChangesView(Struct, frozen=True):
    """What changed since something, ``what``; ``since`` and ``headline`` are sentences.

    ``worst`` are rows of all sections that a page shows, ``worst_more`` how many it does not.
    """

    what: str
    since: str
    headline: str
    state: State
    sections: tuple[ChangeSection, ...]
    worst: tuple[ChangeRow, ...]
    worst_more: int


class ChecklistLine(Struct, frozen=True):
    """One line."""

    done: Annotated[
        bool | None,
        Meta(description="whether it is as a release wants it; null for what is to be known"),
    ]
    state: State
    text: Annotated[str, Meta(description="a sentence in which backticks mark names")]


class ChecklistPart(Struct, frozen=True):
    """Lines of one kind; ``more`` is how many are not shown."""

    title: str
    lines: tuple[ChecklistLine, ...]
    more: int = 0


class Checklist(Struct, frozen=True):
    """What has to be so before a release, and whether it is."""

    name: str
    ready: bool
    verdict: Annotated[str, Meta(description="whether it is ready, as a sentence")]
    about: Annotated[str, Meta(description="what was judged, when, by what")]
    blocks: Annotated[tuple[str, ...], Meta(description="what stands against it, as clauses")]
    parts: tuple[ChecklistPart, ...]


class ReleaseRow(Struct, frozen=True):
    """A frozen release; ``slug`` is the name of its page in ``release``, without a suffix."""

    version: str
    slug: str
    today: str
    commit: str
    report: str
    checklist: Checklist
    changes: ChangesView | None


class GateRow(Struct, frozen=True):
    """One gate."""

    id: str
    state: State
    because: tuple[str, ...]


class ReportView(Struct, frozen=True):
    """Everything a page may show."""

    version: int
    name: str
    headline: str
    verdict: str
    state: State
    today: str
    commit: str
    dirty: bool
    reproduce: tuple[str, ...]
    tool: str
    stale: tuple[str, ...]
    leniencies: tuple[str, ...]
    problems: tuple[Fact, ...]
    gates: tuple[GateRow, ...]
    rules: tuple[RuleRow, ...]
    findings: tuple[FindingRow, ...]
    findings_more: tuple[Fact, ...]
    set_aside: tuple[FindingRow, ...]
    set_aside_more: tuple[Fact, ...]
    adrs: tuple[AdrRow, ...]
    waivers: tuple[WaiverRow, ...]
    metrics: tuple[MetricRow, ...]
    packages: tuple[PackageRow, ...]
    packages_total: int
    packages_more: int
    flaws: tuple[FlawRow, ...]
    flaws_more: int
    flaws_withheld: str
    open_licenses: tuple[PackageRow, ...]
    open_licenses_more: int
    license_groups: tuple[LicenseGroup, ...]
    choices: tuple[ChoiceRow, ...]
    choices_more: int
    faults: tuple[Fact, ...]
    totals: tuple[Fact, ...]
    evidence_had: tuple[Fact, ...]
    evidence_missing: tuple[Fact, ...]
    inputs: tuple[tuple[str, str, str, str], ...]
    run: tuple[Fact, ...]
    worse: tuple[Fact, ...]
    run_groups: tuple[RunGroup, ...]
    runs: tuple[HistoryRow, ...]
    runs_total: int
    runs_damaged: int
    outcomes: tuple[State, ...]
    digest: str
    changes: tuple[ChangesView, ...]
    changes_missing: tuple[str, ...]
    checklist: Checklist
    releases: tuple[ReleaseRow, ...]
