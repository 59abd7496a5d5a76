"""``tests.passed``: tests that hold a decision ran on what is there now, and passed."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

from msgspec import Struct, field

from adhere.checks.wording import decision_note, plural
from adhere.model.finding import Finding, Judgement, Note, Unjudged
from adhere.model.location import Location
from adhere.model.need import Facts, Need, ResultsNeed, TodayNeed
from adhere.model.results import Case, ResultFile, Results
from adhere.policy.quantity import Duration
from adhere.policy.rule import Code, Kind, ParamProblem, Rule


class Params(Struct, frozen=True):
    """Parameters of ``tests.passed``.

    Attributes:
        results: files of JUnit XML that a test tool wrote, a glob relative to the project.
        tests: names or node ids of tests, or files of them; `*` stands for anything. Each
            has to match.
        marked: ``rule`` for tests that are marked with this rule, ``decision`` for all that
            are marked with its decision; ``rule`` where `tests` is empty.
        min_tests: with fewer tests nothing is shown.
        max_age: results are at most so old, in whole days.
        within: the times of all these tests together are at most so long.
    """

    results: str
    tests: tuple[str, ...] = ()
    marked: Literal["", "rule", "decision"] = ""
    min_tests: int = 1
    max_age: Duration = field(default_factory=lambda: Duration("1d"))
    within: Duration | None = None


FAILED = Code("test-failed", "A test that holds a decision did not pass")
MISSING = Code("test-missing", "A test that holds a decision did not run at all")
SLOW = Code("tests-slow", "The tests that hold a decision take too long together")

_FAILURES = {"failed": "failed", "error": "broke", "xfailed": "is expected to fail, and did"}


def validate(params: Params) -> Iterator[ParamProblem]:
    """A place outside of the project; a pattern of nothing; limits that cannot be."""
    parts = params.results.split("/")
    if not params.results or params.results.startswith(("/", "~")) or ".." in parts:
        message = f"`{params.results}` has to be a POSIX path or pattern inside the project"
        yield (("results",), message, "write `reports/junit.xml`")
    for index, pattern in enumerate(params.tests):
        if not pattern.strip():
            yield (("tests", index), "it names no test", "write `*` for all of them")
    if params.min_tests < 1:
        yield (("min_tests",), "without a test nothing is shown", "")
    if params.max_age.days < 1:
        yield (("max_age",), "results are of a day, so one day is the least", 'write "1d"')
    if params.within is not None and params.within.seconds <= 0:
        yield (("within",), "tests take longer than nothing", "")


def judge(rule: Rule, params: Params, facts: Facts) -> Judgement:
    """Choose the tests, leave out what is old, look how the others ended."""
    results: Results = facts.require(ResultsNeed(params.results))
    today: date = facts.require(TodayNeed())
    chosen = _Chosen(rule, params, results, today)
    findings = [_failed(rule, case) for case in chosen.current if case.ended in _FAILURES]
    if chosen.names or chosen.old:
        findings += _missing(rule, params, chosen)
    findings += _slow(rule, params, chosen)
    return Judgement(
        findings=tuple({finding.fingerprint: finding for finding in findings}.values()),
        judged=len(chosen.names),
        unjudged=(*chosen.unjudged(), *_untimed(params, chosen)),
        observed=_observed(params, chosen, results),
        expected=_expected(rule, params),
        valid_until=chosen.until,
    )


class _Chosen:
    """The tests that a rule means.

    Attributes:
        current: their results that speak of what is there now.
        old: of the others, with the reason; a test that has a current one is not among them.
        names: of tests with a current result.
        unmatched: patterns that no test has, by their index.
        uncollected: files of tests that could not be read, so nobody knows what is in them.
        until: the last day on which all of the current results are believed.
    """

    def __init__(self, rule: Rule, params: Params, results: Results, today: date) -> None:
        patterns = [_regex(pattern) for pattern in params.tests]
        marks = _marks(rule, params)
        matched: set[int] = set()
        self.current: list[Case] = []
        self.until: date | None = None
        old: list[tuple[Case, str]] = []
        self.uncollected: list[Case] = []
        for file in results.files:
            reason = stale(file, results, today, params.max_age)
            for case in file.cases:
                by = [at for at, regex in enumerate(patterns) if _matches(regex, case)]
                matched.update(by)
                if case.collection and not by:
                    if case.ended == "error" and not reason:
                        self.uncollected.append(case)
                elif by or any(marks.fullmatch(mark) for mark in case.marks):
                    if reason:
                        old.append((case, reason))
                        continue
                    self.current.append(case)
                    if file.taken is not None:
                        end = file.taken + timedelta(days=params.max_age.days)
                        self.until = min(self.until or end, end)
        self.names = {case.name for case in self.current}
        self.old = [(case, reason) for case, reason in old if case.name not in self.names]
        self.unmatched = [at for at in range(len(patterns)) if at not in matched]

    @property
    def seconds(self) -> float:
        """How long they took together, as far as that is known."""
        return math.fsum(case.seconds or 0.0 for case in self.current)

    def unjudged(self) -> Iterator[Unjudged]:
        """What nobody knows about tests that may well have failed."""
        reasons: dict[str, str] = {}
        for case, reason in self.old:
            reasons.setdefault(case.name, reason)
        for case in self.current:
            if case.ended in ("skipped", "unknown"):
                words = "it was skipped" if case.ended == "skipped" else "nobody knows how it ended"
                reasons.setdefault(case.name, f"{words}: {case.said}" if case.said else words)
        for case in self.uncollected:
            reasons.setdefault(case.name, "its tests could not be read, so some may be missing")
        for name, reason in reasons.items():
            yield Unjudged(name, reason)


def stale(file: ResultFile, results: Results, today: date, max_age: Duration) -> str:
    """Why results do not speak of what is there now, ``""`` where they do."""
    if results.commit and any(commit != results.commit for commit in file.commits):
        other = next(commit for commit in file.commits if commit != results.commit)
        return f"{file.path} is of commit {other[:12]}, and this is {results.commit[:12]}"
    if file.taken is None:
        if results.commit and file.commits and file.dirty is False and results.dirty is False:
            return ""
        return f"{file.path} does not say when or at which commit its tests ran"
    age = (today - file.taken).days
    if age > max_age.days:
        return f"{file.path} is {plural(age, 'day')} old, and {max_age} is the most"
    if age < -1:  # where the sun rises earlier it may be tomorrow already
        return f"{file.path} is of {file.taken}, which is yet to come"
    return ""


def _marks(rule: Rule, params: Params) -> re.Pattern[str]:
    decision = re.escape(rule.decision.id if rule.decision else "")
    marked = params.marked or ("" if params.tests else "rule")
    if marked == "rule":
        return re.compile(f"{decision}/{re.escape(rule.table.id)}")
    if marked == "decision" and decision:
        return re.compile(f"{decision}/.*", re.DOTALL)
    return re.compile(r"(?!)")  # matches nothing


def _regex(pattern: str) -> re.Pattern[str]:
    """A pattern for names; a node id or a file of pytest is put in the words of JUnit XML."""
    path, separator, inside = pattern.partition("::")
    if separator or path.endswith(".py"):
        module = path.removesuffix(".py").replace("/", ".")
        pattern = f"{module}.{inside.replace('::', '.') if separator else '*'}"
    words = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.compile(rf"{words}(?:\[.*)?", re.DOTALL)  # with whatever parameters


def _matches(regex: re.Pattern[str], case: Case) -> bool:
    if case.collection:
        # A file that could not be read stands for all that a pattern may mean in it.
        return any(regex.fullmatch(name) for name in (case.name, f"{case.name}."))
    names = (case.name, case.file) if case.file else (case.name,)
    return any(regex.fullmatch(name) for name in names)


def _failed(rule: Rule, case: Case) -> Finding:
    said = (Note("said", case.said),) if case.said else ()
    return Finding(
        rule=rule.id,
        code=FAILED.id,
        message=f"{case.name} {_FAILURES[case.ended]}",
        subject=case.name,
        location=case.location,
        place="the test" if case.file else "its result",
        notes=(*said, Note("result", case.ended, location=case.recorded), decision_note(rule)),
        fix="mend what it tests, or the test, or change the decision",
    )


def _missing(rule: Rule, params: Params, chosen: _Chosen) -> Iterator[Finding]:
    for index in chosen.unmatched:
        pattern = params.tests[index]
        message = f"no result is of a test `{pattern}`"
        yield _lack(rule, pattern, message, rule.place("with", "tests", index))
    known = len(chosen.names | {case.name for case, _ in chosen.old})
    if known < params.min_tests:
        message = (
            f"there are results of {plural(known, 'test')}, and {params.min_tests} are the least"
        )
        place = rule.place("with", "min_tests")
        yield _lack(rule, _wanted(rule, params), message, place)


def _slow(rule: Rule, params: Params, chosen: _Chosen) -> Iterator[Finding]:
    if params.within is None or chosen.seconds <= params.within.seconds:
        return
    slowest = max(chosen.current, key=lambda case: case.seconds or 0.0)
    yield Finding(
        rule=rule.id,
        code=SLOW.id,
        message=(
            f"{plural(len(chosen.current), 'test')} took {chosen.seconds:.1f} s together; "
            f"at most {params.within}"
        ),
        subject=_wanted(rule, params),
        location=rule.place("with", "within"),
        place="the limit",
        notes=(
            Note(
                "slowest",
                f"{slowest.name}, {slowest.seconds or 0.0:.1f} s",
                location=slowest.recorded,
            ),
            decision_note(rule),
        ),
        fix="make the slowest ones faster, or decide on another limit",
    )


def _untimed(params: Params, chosen: _Chosen) -> Iterator[Unjudged]:
    """Tests of which nobody knows how long they took."""
    if params.within is not None:
        for case in chosen.current:
            if case.seconds is None and case.ended not in ("skipped", "unknown"):
                yield Unjudged(case.name, "its result does not say how long it took")


def _lack(rule: Rule, subject: str, message: str, place: Location | None) -> Finding:
    return Finding(
        rule=rule.id,
        code=MISSING.id,
        message=message,
        subject=subject,
        location=place,
        place="asked for here",
        notes=(decision_note(rule),),
        fix="run all tests, or name those that are there",
    )


def _wanted(rule: Rule, params: Params) -> str:
    words = [f"`{pattern}`" for pattern in params.tests]
    if params.marked == "decision":
        words.append(f"tests marked {rule.decision.id if rule.decision else 'with its decision'}")
    elif params.marked == "rule" or not params.tests:
        words.append(f"tests marked {rule.id}")
    return ", ".join(words)


def _expected(rule: Rule, params: Params) -> str:
    text = f"{_wanted(rule, params)}: {params.min_tests} or more, all passed"
    return text if params.within is None else f"{text}, within {params.within}"


def _observed(params: Params, chosen: _Chosen, results: Results) -> str:
    passed = sum(case.ended == "passed" for case in chosen.current)
    text = f"{passed} of {plural(len(chosen.current), 'result')} passed"
    if params.within is not None and chosen.current:
        text += f" in {chosen.seconds:.1f} s"
    unclean = any(file.dirty for file in results.files) or results.dirty
    return f"{text}, of a tree with changes that no commit has" if passed and unclean else text


def needs(params: Params) -> tuple[Need, ...]:
    """The results, and the day that tells how old they are."""
    return (ResultsNeed(params.results), TodayNeed())


KIND = Kind(
    name="tests.passed",
    summary="tests that hold a decision ran on what is there now, and passed",
    params=Params,
    codes=(FAILED, MISSING, SLOW),
    needs=needs,
    judge=judge,
    validate=validate,
    stricter={"tests": "larger", "min_tests": "larger", "max_age": "smaller", "within": "smaller"},
)
