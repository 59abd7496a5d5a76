"""``sarif.max``: no more results of another scanner than decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fnmatch import fnmatchcase

from msgspec import Struct

from adhere.checks.selecting import wrong_patterns
from adhere.checks.wording import decision_note, plural
from adhere.model.finding import Finding, Judgement, Note, Unjudged
from adhere.model.location import Location
from adhere.model.need import Facts, Need, ScansNeed, TodayNeed
from adhere.model.scan import Scan, ScanLevel, ScanResult
from adhere.policy.quantity import Duration
from adhere.policy.rule import Code, Kind, ParamProblem, Rule


class Params(Struct, frozen=True):
    """Parameters of ``sarif.max``.

    Attributes:
        files: patterns of SARIF 2.1.0 files, relative to the project; each has to match one.
        tools: scanners that have to have run, by the name that the file has; empty for any.
        error: results of level error that may be there.
        warning: the same of level warning; left out, they do not count.
        note: the same of level note; left out, they do not count.
        ignore: patterns of the scanner's rules that do not count.
        suppressed: results that somebody suppressed in the scanner count as well.
        max_age: days since the scanner ended, after which nobody knows what it would find.
    """

    files: tuple[str, ...]
    tools: tuple[str, ...] = ()
    error: int = 0
    warning: int | None = None
    note: int | None = None
    ignore: tuple[str, ...] = ()
    suppressed: bool = False
    max_age: Duration | None = None


RESULT = Code("scanner-result", "Another scanner found more than decided")


def validate(params: Params) -> Iterator[ParamProblem]:
    """No file; a number below 0."""
    if not params.files:
        yield (("files",), "name the files that the scanner writes", "")
    yield from wrong_patterns("files", params.files)
    for index, pattern in enumerate(params.files):
        if not pattern.endswith((".sarif", ".json")):
            hint = "known are .sarif and .json"
            yield (("files", index), f"`{pattern}` is no SARIF file by its name", hint)
    for name in ("error", "warning", "note"):
        if (getattr(params, name) or 0) < 0:
            yield ((name,), "there are never less than 0 results", "")


def judge(rule: Rule, params: Params, facts: Facts) -> Judgement:
    """Count results by level, and show those of a level that has too many."""
    scans: tuple[Scan, ...] = facts.require(needs(params)[0])
    today: date = facts.require(TodayNeed())
    unjudged = [*_absent(params, scans), *_faults(params, scans, today)]
    faulty = {one.subject for one in unjudged}
    usable = [scan for scan in scans if _subject(scan) not in faulty and _is_asked(scan, params)]
    limits: Mapping[ScanLevel, int | None] = {
        "error": params.error,
        "warning": params.warning,
        "note": params.note,
    }
    counted: dict[ScanLevel, list[tuple[Scan, ScanResult]]] = {level: [] for level in limits}
    for scan in usable:
        for result in scan.results:
            if result.level in counted and _counts(result, params):
                counted[result.level].append((scan, result))
    findings: dict[str, Finding] = {}
    for level, limit in limits.items():
        if limit is not None and len(counted[level]) > limit:
            for scan, result in counted[level]:
                found = _finding(rule, scan, result)
                findings.setdefault(found.fingerprint, found)
    return Judgement(
        findings=tuple(findings.values()),
        judged=len(usable),
        unjudged=tuple(unjudged),
        observed=", ".join([plural(len(found), level) for level, found in counted.items() if found])
        or f"nothing, by {', '.join(sorted({scan.tool for scan in usable}))}",
        expected="at most "
        + ", ".join(plural(limit, level) for level, limit in limits.items() if limit is not None),
    )


def _subject(scan: Scan) -> str:
    return f"{scan.file}: {scan.tool}"


def _is_asked(scan: Scan, params: Params) -> bool:
    return not params.tools or scan.tool.lower() in {name.lower() for name in params.tools}


def _absent(params: Params, scans: tuple[Scan, ...]) -> Iterator[Unjudged]:
    """Scanners that were to run and did not, and files without any run."""
    ran = {scan.tool for scan in scans}
    for name in params.tools:
        if name.lower() not in {one.lower() for one in ran}:
            yield Unjudged(
                name, f"no file has a run of it; there are {', '.join(sorted(ran)) or 'none'}"
            )
    if not scans:
        yield Unjudged(", ".join(params.files), "no scanner ran")


def _faults(params: Params, scans: tuple[Scan, ...], today: date) -> Iterator[Unjudged]:
    for scan in scans:
        if not _is_asked(scan, params):
            continue
        if scan.fault:
            yield Unjudged(_subject(scan), scan.fault)
        elif params.max_age is not None:
            if scan.ended is None:
                yield Unjudged(_subject(scan), "it does not say when it ended, and `max_age` asks")
                continue
            age = (today - scan.ended.date()).days
            if age < -1:
                yield Unjudged(_subject(scan), "it says that it ended in the future")
            elif age * 86_400 > params.max_age.seconds:
                yield Unjudged(_subject(scan), f"it ended {plural(age, 'day')} ago, too long")


def _counts(result: ScanResult, params: Params) -> bool:
    if result.suppressed and not params.suppressed:
        return False
    return not any(fnmatchcase(result.rule, pattern) for pattern in params.ignore)


def _finding(rule: Rule, scan: Scan, result: ScanResult) -> Finding:
    name = f"{scan.tool}: {result.rule}" if result.rule else scan.tool
    words = " ".join(result.message.split())
    return Finding(
        rule=rule.id,
        code=RESULT.id,
        message=f"{name}: {words}" if words else name,
        subject=result.path or scan.tool,
        detail=f"{name}: {result.fingerprint or words}",
        location=Location(result.path, result.line, result.column)
        if result.path
        else Location(scan.file),
        place="found here" if result.path else "said here",
        notes=(
            Note("scanner", f"{scan.tool} {scan.version}".strip(), location=Location(scan.file)),
            Note("level", result.level),
            decision_note(rule),
        ),
        fix="mend it, or suppress it in the scanner with a reason",
    )


def needs(params: Params) -> tuple[Need, ...]:
    """The files, and the day."""
    return (ScansNeed(params.files), TodayNeed())


KIND = Kind(
    name="sarif.max",
    summary="no more results of another scanner than decided",
    params=Params,
    codes=(RESULT,),
    needs=needs,
    judge=judge,
    validate=validate,
    stricter={
        "files": "larger",
        "tools": "wider",
        "error": "smaller",
        "warning": "smaller",
        "note": "smaller",
        "ignore": "smaller",
        "suppressed": "larger",
        "max_age": "smaller",
    },
)
