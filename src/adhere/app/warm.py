"""The cache filled ahead of a run: a check whose verdict nobody keeps, with time to wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec
from msgspec import Struct

from adhere.app.check import check
from adhere.app.request import Request
from adhere.errors import Problem
from adhere.model.runs import MISSING
from adhere.ports import Clock, Progress
from adhere.report.document import ReportPackage
from adhere.report.from_outside import NOT_ASKED

DEADLINE = 600.0
"""Seconds; at 20 requests a second that is enough for 12,000 packages."""


def _lacks(package: ReportPackage, asked: Sequence[str]) -> Iterator[tuple[str, str]]:
    for kind, reason in package.missing.items():
        if not reason.startswith("no rule asks"):
            yield kind, reason
    if "licenses" in asked and package.license.missing:
        yield "licenses", package.license.missing[-1]


class Lacking(Struct, frozen=True):
    """Evidence of a package that could not be had.

    Attributes:
        kind: ``index``, ``licenses`` or ``vulnerabilities``.
        package: its name.
        version: of it.
        reason: why, as a clause.
    """

    kind: str
    package: str
    version: str
    reason: str


class Warmed(Struct, frozen=True):
    """What a run will find.

    Attributes:
        packages: how many there are.
        asked: kinds of evidence that rules ask for; empty when none does.
        requests: that were sent.
        bytes: that came back.
        lacking: what is still missing.
        unanswered: how many requests came to nothing, by reason; an older answer may stand
            in for one.
        problems: what is wrong with input files.
    """

    packages: int
    asked: tuple[str, ...]
    requests: int
    bytes: int
    lacking: tuple[Lacking, ...]
    unanswered: Mapping[str, int]
    problems: tuple[Problem, ...]


def warm(
    request: Request, *, clock: Clock | None = None, progress: Progress | None = None
) -> Warmed:
    """Ask for everything that the rules of a project need; what is fresh is not asked again.

    A project without rules gets what rules could ask for.

    Args:
        request: of the run that is to come; without a deadline of its own it has `DEADLINE`.
        clock: for tests.
        progress: is told how many answers are there.
    """
    deadline = request.deadline or DEADLINE
    wanted = msgspec.structs.replace(request, deadline=deadline, ahead=True)
    checked = check(wanted, clock=clock, progress=progress)
    report = checked.report
    counts = report.run.counts
    asked = [k for k, why in NOT_ASKED.items() if report.completeness.missing.get(k) != why]
    if counts.get("licenses.looked_up"):
        asked.append("licenses")
    return Warmed(
        packages=len(report.packages),
        asked=tuple(sorted(asked)),
        requests=counts.get("network.requests", 0),
        bytes=counts.get("network.bytes", 0),
        lacking=tuple(
            Lacking(kind, package.name, package.version, reason)
            for package in report.packages
            for kind, reason in sorted(_lacks(package, asked))
            if not package.first_party
        ),
        unanswered={
            name.removeprefix(MISSING): count
            for name, count in sorted(counts.items())
            if name.startswith(MISSING)
        },
        problems=checked.problems,
    )
