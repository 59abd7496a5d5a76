"""The canonical report: ``report.json``, schema ``adhere.report/1``.

Every page, format and exit code is derived from it. Two runs over the same inputs differ
in nothing but ``run``.

Longer than other modules: it is one document, and its schema reads from top to bottom.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from adhere.model.finding import Disposition, Level, Outcome
from adhere.model.verdict import WaiverState

SCHEMA: Literal["adhere.report/1"] = "adhere.report/1"

NOT_SOURCES = ("config", "rules", "waivers", "data", "decision", "files", "project")
"""Kinds of inputs that say what to judge by, or of whom; every other kind is judged itself."""

Digest = Annotated[str, Meta(description="`sha256:` and 64 hexadecimal digits")]


class Place(Struct, frozen=True, omit_defaults=True):
    """A place in a file."""

    path: Annotated[str, Meta(description="POSIX, relative to the project")]
    line: Annotated[int, Meta(description="from 1; 0 for the whole file")] = 0
    column: Annotated[int, Meta(description="from 1; 0 for the whole line")] = 0


class Tool(Struct, frozen=True):
    """What made the report."""

    name: str
    version: str
    spdx: Annotated[str, Meta(description="version of the SPDX license list")]


class Input(Struct, frozen=True, omit_defaults=True):
    """A file or environment that the verdict depends on."""

    path: str
    kind: str
    digest: Digest
    python: str = ""
    platform: str = ""
    remarks: tuple[str, ...] = ()


class Subject(Struct, frozen=True, omit_defaults=True):
    """What was judged."""

    name: Annotated[str, Meta(description="of the project; its folder's where it states none")]
    today: Annotated[date, Meta(description="the day of the verdict; an input like any other")]
    inputs: tuple[Input, ...]
    version: Annotated[str, Meta(description="that the project states; empty for none")] = ""
    commit: Annotated[str, Meta(description="of the project; empty outside version control")] = ""
    dirty: Annotated[bool | None, Meta(description="files differ from the commit")] = None
    scope: Annotated[
        tuple[str, ...], Meta(description="dependency groups looked at; empty for all")
    ] = ()


class ChosenIndex(Struct, frozen=True):
    """A package index, as the installer of the project would ask it."""

    index: Annotated[str, Meta(description="its address, without credentials")]
    chosen_by: Annotated[str, Meta(description="the variable, option or file that names it")]


class Run(Struct, frozen=True):
    """What differs between two runs over the same inputs."""

    id: str
    started: Annotated[str, Meta(description="ISO 8601, UTC")]
    seconds: Annotated[dict[str, float], Meta(description="wall time by phase")]
    peak_memory: Annotated[int, Meta(description="bytes")]
    counts: Annotated[dict[str, int], Meta(description="cache tiers, requests, work done")]
    python: str
    platform: str
    offline: bool
    trouble: Annotated[tuple[str, ...], Meta(description="cache tiers that broke")] = ()
    cpu_seconds: Annotated[float, Meta(description="of processors, those of helpers included")] = (
        0.0
    )
    hit_rate: Annotated[
        float | None, Meta(description="part of the lookups that a cache answered, 0 to 1")
    ] = None
    environment: Annotated[str, Meta(description="class of machines; names none")] = ""
    sampled_memory: Annotated[
        dict[str, int],
        Meta(description="with --profile, the most bytes seen by phase, children included"),
    ] = {}
    indexes: Annotated[
        tuple[ChosenIndex, ...], Meta(description="that evidence comes from, in their order")
    ] = ()


class Evidence(Struct, frozen=True, omit_defaults=True):
    """One piece of license evidence."""

    kind: str
    document: str
    standing: Annotated[
        Literal["decides", "agrees", "contradicts", "outranked", "silent"],
        Meta(description="how it relates to the conclusion"),
    ]
    raw: Annotated[str, Meta(description="the author's own words, shortened. Untrusted")] = ""
    digest: str = ""
    expression: str = ""
    candidates: tuple[str, ...] = ()
    confidence: float = 0.0
    note: str = ""


class License(Struct, frozen=True, omit_defaults=True):
    """What all evidence comes to."""

    state: Literal["concluded", "clarified", "ambiguous", "conflicting", "unknown"]
    expression: str
    confidence: float
    evidence: tuple[Evidence, ...]
    why: str = ""
    candidates: tuple[str, ...] = ()
    missing: Annotated[
        tuple[str, ...], Meta(description="evidence that was not to be had, and why")
    ] = ()
    texts: Annotated[tuple[str, ...], Meta(description="digests of its license texts")] = ()


class PackageOrigin(Struct, frozen=True, omit_defaults=True):
    """Where a package comes from."""

    kind: str
    url: str = ""
    reference: str = ""
    commit: str = ""
    subdirectory: str = ""


class Vulnerability(Struct, frozen=True, omit_defaults=True):
    """A known vulnerability of a package."""

    id: str
    aliases: tuple[str, ...] = ()
    severity: str = ""
    score: Annotated[float | None, Meta(description="by CVSS; absent where nobody scored")] = None
    fixed_in: tuple[str, ...] = ()
    published: str = ""
    first_seen: str = ""
    due: str = ""
    summary: Annotated[str, Meta(description="one line. Untrusted")] = ""


class ReportPackage(Struct, frozen=True, omit_defaults=True):
    """One package in one version."""

    name: str
    version: str
    direct: bool
    groups: tuple[str, ...]
    origin: PackageOrigin
    license: License
    paths: Annotated[
        tuple[tuple[str, ...], ...],
        Meta(description="a shortest way from what was asked for; empty when none is known"),
    ]
    vulnerabilities: tuple[Vulnerability, ...]
    seen_in: Annotated[tuple[Place, ...], Meta(description="where each source lists it")]
    first_party: bool = False
    elsewhere: Annotated[
        bool, Meta(description="locked for other environments than the one judged")
    ] = False
    summary: Annotated[str, Meta(description="its author's words. Untrusted")] = ""
    links: Annotated[tuple[tuple[str, str], ...], Meta(description="Untrusted")] = ()
    remarks: tuple[str, ...] = ()
    missing: Annotated[
        dict[str, str], Meta(description="kinds of evidence that were not had, and why")
    ] = {}
    requires: Annotated[
        tuple[str, ...],
        Meta(
            description="packages of this report that it needs: names, with `==version` where "
            "the report has several versions of one"
        ),
    ] = ()
    hashes: Annotated[
        tuple[str, ...],
        Meta(
            description="`algorithm:hexdigest` of the file it is installed from; empty where "
            "it may be one of several"
        ),
    ] = ()


class ReportNote(Struct, frozen=True, omit_defaults=True):
    """One labelled line of a finding."""

    label: str
    text: str
    location: Place | None = None
    mark: str = ""
    remark: str = ""


class ReportFlaw(Struct, frozen=True, omit_defaults=True):
    """The vulnerability that a finding is about."""

    ids: Annotated[tuple[str, ...], Meta(description="all by which it is known, sorted")]
    severity: str
    fixed_in: tuple[str, ...] = ()
    due: str = ""


class ReportFinding(Struct, frozen=True, omit_defaults=True):
    """One thing that is not as decided."""

    rule: str
    code: str
    level: Level
    disposition: Disposition
    message: str
    subject: str
    fingerprint: Annotated[str, Meta(description="stays when versions and places change")]
    version: str = ""
    detail: str = ""
    location: Place | None = None
    place: str = ""
    notes: tuple[ReportNote, ...] = ()
    fix: str = ""
    groups: tuple[str, ...] = ()
    digest: str = ""
    needs_approver: bool = False
    flaw: ReportFlaw | None = None
    waiver: str = ""


class NotJudged(Struct, frozen=True, omit_defaults=True):
    """A subject of a rule that could not be judged."""

    subject: str
    reason: str
    version: str = ""


class LicenseChoice(Struct, frozen=True, omit_defaults=True):
    """A license that was taken of several that a package offers."""

    package: str
    version: str
    offered: str
    chosen: str
    pinned: Annotated[bool, Meta(description="the policy names it")] = False


class RuleEvidence(Struct, frozen=True, omit_defaults=True):
    """What a rule's outcome rests on."""

    path: str
    digest: Digest
    kind: str
    producer: str
    valid_until: Annotated[
        str,
        Meta(description="the last day on which it is believed; empty for as long as it is there"),
    ] = ""


class RuleResult(Struct, frozen=True, omit_defaults=True):
    """What became of one rule."""

    rule: str
    title: str
    check: str
    outcome: Outcome
    level: Level
    observed: str
    expected: str
    message: str
    locations: tuple[Place, ...]
    fix: str
    evidence: tuple[RuleEvidence, ...]
    judged: int
    open: int
    waived: int
    suppressed: int
    on_missing: str
    waiver: Annotated[tuple[str, ...], Meta(description="ids of the waivers that it used")] = ()
    not_judged: tuple[NotJudged, ...] = ()
    choices: tuple[LicenseChoice, ...] = ()
    adr: str = ""
    section: str = ""
    why: str = ""
    builtin: bool = False
    first_seen: str = ""
    valid_until: Annotated[
        str, Meta(description="the last day of an outcome that ends though no input changes")
    ] = ""
    settings: Annotated[
        dict[str, Any],
        Meta(description="what its file says, parameters and all, but for its words"),
    ] = {}


class ReportWaiver(Struct, frozen=True, omit_defaults=True):
    """A waiver or clarification and what it does."""

    id: str
    kind: Literal["waiver", "clarification"]
    state: Annotated[WaiverState, Meta(description="the most urgent")]
    subject: str
    reason: str
    owner: str
    created: date
    covers: int
    location: Place
    rule: str = ""
    expires: date | None = None
    days_left: int | None = None
    approved_by: str = ""
    ticket: str = ""
    note: str = ""
    advisory: Annotated[str, Meta(description="the vulnerability that it names")] = ""
    until_fixed: Annotated[bool, Meta(description="it lapses when a fix is released")] = False
    also: Annotated[tuple[WaiverState, ...], Meta(description="further states")] = ()


class ReportAdr(Struct, frozen=True, omit_defaults=True):
    """A decision record."""

    id: str
    title: str
    status: str
    path: str
    enforcement: Annotated[str, Meta(description="error, warn, report, or skipped")]
    rules: tuple[str, ...]
    date: Annotated[str, Meta(description="as written")] = ""
    prose_only: Annotated[
        bool, Meta(description="it holds, and no rule enforces it: never the same as passing")
    ] = False
    deciders: tuple[str, ...] = ()
    supersedes: Annotated[tuple[str, ...], Meta(description="decisions, or parts of them")] = ()
    superseded_by: Annotated[tuple[str, ...], Meta(description="decisions")] = ()
    review_by: Annotated[str, Meta(description="the day until which somebody looks at it")] = ""
    form: Annotated[str, Meta(description="how the document says what it says")] = ""


class Gate(Struct, frozen=True):
    """A decision that is taken from the results."""

    id: Literal["check", "release"]
    verdict: Literal["pass", "fail", "not_judged", "nothing", "bad_input"]
    exit_code: int
    because: tuple[str, ...]


class FaultEntry(Struct, frozen=True):
    """Something that a source holds and that could not be read."""

    code: str
    subject: str
    reason: str
    location: Place
    kept: bool


class Completeness(Struct, frozen=True, omit_defaults=True):
    """Which evidence was had, and which was missing and why."""

    packages: int
    first_party: int
    out_of_scope: Annotated[int, Meta(description="packages of groups that were not asked for")]
    elsewhere: Annotated[
        int, Meta(description="packages locked for other environments than the one judged")
    ]
    licenses: Annotated[dict[str, int], Meta(description="packages by state of the license")]
    evidence: Annotated[dict[str, int], Meta(description="packages by kind of evidence had")]
    missing: Annotated[dict[str, str], Meta(description="evidence that nothing gathered, and why")]
    faults: tuple[FaultEntry, ...]
    withheld: Annotated[
        dict[str, int],
        Meta(description="vulnerabilities that a published report does not tell, by severity"),
    ] = {}


class Measured(Struct, frozen=True, omit_defaults=True):
    """Comparable runs that a rule about a budget judged."""

    rule: Annotated[str, Meta(description="full id of the rule")]
    metric: Annotated[str, Meta(description="`seconds.total`, `memory.peak`, ...")]
    stat: Annotated[str, Meta(description="`p50`, `p95`, `mean`, `max`, `min` or `last`")]
    group: Annotated[str, Meta(description="what the runs have in common, in words")]
    values: Annotated[
        tuple[float, ...], Meta(description="of the latest 60 runs, the oldest first")
    ]
    runs: Annotated[int, Meta(description="that were judged")]
    value: Annotated[float | None, Meta(description="that was judged; null for too few runs")]
    p50: float
    p95: float
    last: float
    first: Annotated[str, Meta(description="when the first of `values` began, ISO 8601")]
    latest: Annotated[str, Meta(description="when the last one began, ISO 8601")]
    commit: Annotated[str, Meta(description="of the last one")] = ""
    max: float | None = None
    min: float | None = None
    vs_baseline: float | None = None
    ratio: Annotated[float | None, Meta(description="to the baseline")] = None
    answer: Annotated[
        str, Meta(description="`slower`, `faster`, `within noise` or `too few`, to the baseline")
    ] = ""
    noise: Annotated[float | None, Meta(description="of the baseline, a part of its median")] = None
    needed: Annotated[int | None, Meta(description="runs that would show 20 %")] = None
    changed: Annotated[int | None, Meta(description="runs since the series changed for good")] = (
        None
    )
    trend: Annotated[float | None, Meta(description="change from run to run")] = None


class InputProblem(Struct, frozen=True, omit_defaults=True):
    """Something that is wrong with a file the user wrote."""

    code: str
    message: str
    location: Place | None = None
    hint: str = ""


class Report(Struct, frozen=True):
    """The whole report."""

    schema: Literal["adhere.report/1"]
    tool: Tool
    subject: Subject
    run: Run
    completeness: Completeness
    packages: tuple[ReportPackage, ...]
    findings: tuple[ReportFinding, ...]
    adrs: tuple[ReportAdr, ...]
    results: tuple[RuleResult, ...]
    waivers: tuple[ReportWaiver, ...]
    gates: tuple[Gate, ...]
    problems: tuple[InputProblem, ...] = ()
    performance: Annotated[
        tuple[Measured, ...], Meta(description="runs that rules about budgets judged")
    ] = ()
