"""Do the inputs of a report still have the digests that it records? Offline."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date
from typing import Literal

from msgspec import Struct

from adhere.app.project import OUTSIDE, Project, called
from adhere.app.sources import SourceReader
from adhere.app.stored import Stored
from adhere.app.subject import ADVISORIES, PROJECT, SELECTION, called_digest
from adhere.app.wiring import NoCache, SystemClock, open_cache
from adhere.errors import AdhereError
from adhere.metrics.meter import RunMeter
from adhere.model.digest import text_digest
from adhere.policy.settings import ConfigTable
from adhere.ports import Cache
from adhere.report.document import Input, Report
from adhere.sources.tree import read_text

Verdict = Literal["same", "changed", "missing", "unplaced"]

_TEXTS = ("config", "rules", "waivers", "data", "decision")


class VerifiedInput(Struct, frozen=True):
    """One input of the report.

    Attributes:
        path: as the report names it.
        kind: of input.
        verdict: ``unplaced`` when the report does not say where it lies.
        recorded: digest then.
        found: digest now, ``""`` when it cannot be read.
        reason: why it cannot be read.
    """

    path: str
    kind: str
    verdict: Verdict
    recorded: str
    found: str = ""
    reason: str = ""


class Verification(Struct, frozen=True):
    """All inputs, and whether all are the same.

    Attributes:
        report: what to call it.
        inputs: of the report.
        ended: what was believed until a day that has passed, as clauses.
    """

    report: str
    inputs: tuple[VerifiedInput, ...]
    ended: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the report speaks of what is there now."""
        same = all(entry.verdict == "same" for entry in self.inputs)
        return bool(self.inputs) and same and not self.ended


def verify(
    stored: Stored, places: Sequence[str] = (), *, today: date, cache: Cache | None = None
) -> Verification:
    """Compare every input with what it was.

    Args:
        stored: the report and the project it is looked at in.
        places: where sources lie that the report does not place, absolute; matched by the
            last part of their path.
        today: for what is believed until a day.
        cache: of the inventory; without one, every file is read.
    """
    by_name = {os.path.basename(os.path.normpath(place)): place for place in places}
    inputs = stored.report.subject.inputs
    found = _compared(inputs, stored.project, by_name, cache or NoCache())
    ended = tuple(_ended(stored.report, today))
    return Verification(stored.project.label(stored.path), found, ended)


def _ended(report: Report, today: date) -> Iterator[str]:
    """What a verdict rests on and that is over by now, though no file has changed."""
    judged = report.subject.today
    then = judged.isoformat()
    for result in report.results:
        if result.valid_until and then <= result.valid_until < today.isoformat():
            yield f"{result.rule} was judged by what was believed until {result.valid_until}"
    for waiver in report.waivers:
        if waiver.covers and waiver.expires is not None and judged <= waiver.expires < today:
            yield f"{waiver.kind} {waiver.id} covered something until {waiver.expires}"


def _compared(
    inputs: Iterable[Input], project: Project, by_name: dict[str, str], cache: Cache
) -> tuple[VerifiedInput, ...]:
    reader = SourceReader(
        project,
        cache=cache,
        clock=SystemClock(),
        meter=RunMeter(SystemClock()),
        jobs=1,
        progress=lambda _what, _done, _total: None,
        licenses=False,  # digests do not tell of what texts were taken for
    )
    return tuple(_verified(entry, project, reader, by_name) for entry in inputs)


def _verified(
    entry: Input, project: Project, reader: SourceReader, by_name: dict[str, str]
) -> VerifiedInput:
    if entry.kind == SELECTION:
        return _selection(entry, project)
    name = entry.path.rpartition("/")[2]
    path = by_name.get(name, entry.path)
    if path.startswith(f"{OUTSIDE}/"):
        reason = "it lies outside of the project; name its place"
        return VerifiedInput(entry.path, entry.kind, "unplaced", entry.digest, reason=reason)
    absolute = project.path(path)
    if not os.path.lexists(absolute):
        reason = "it is not there"
        return VerifiedInput(entry.path, entry.kind, "missing", entry.digest, reason=reason)
    try:
        if entry.kind == ADVISORIES:
            from adhere.evidence.advisories import file_digest

            found = file_digest(absolute)
        elif entry.kind == PROJECT:
            found = called_digest(*called(project.root))
        elif entry.kind in _TEXTS:
            found = text_digest(read_text(absolute, entry.path))
        else:
            found = reader.read(absolute).reading.source.digest
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        return VerifiedInput(entry.path, entry.kind, "changed", entry.digest, reason=reason)
    except AdhereError as error:
        reason = error.problems[0].message
        return VerifiedInput(entry.path, entry.kind, "changed", entry.digest, reason=reason)
    verdict: Verdict = "same" if found == entry.digest else "changed"
    return VerifiedInput(entry.path, entry.kind, verdict, entry.digest, found)


def _selection(entry: Input, project: Project) -> VerifiedInput:
    """Files that patterns select: some may have come, gone, or changed."""
    from adhere.app.answers.selection import digest_of
    from adhere.model.need import Selection
    from adhere.sources.tree import DiskTree

    try:
        found = digest_of(Selection.named(entry.path), project, DiskTree(project.root))
    except AdhereError as error:
        reason = error.problems[0].message
        return VerifiedInput(entry.path, entry.kind, "changed", entry.digest, reason=reason)
    verdict: Verdict = "same" if found == entry.digest else "changed"
    return VerifiedInput(entry.path, entry.kind, verdict, entry.digest, found)


def stale_inputs(stored: Stored) -> tuple[str, ...]:
    """Inputs that changed since the report was made, as clauses.

    One whose place the report does not say is left out: it may well be unchanged. Pages are
    made often, so what a check remembers of an environment is used; `verify` reads it all.
    """
    with closing(open_pages_cache(stored.project, stored.config)) as cache:
        return changed_inputs(stored.report.subject.inputs, stored.project, cache)


def open_pages_cache(project: Project, config: ConfigTable) -> Cache:
    """The cache for whoever makes pages, with the variables of the environment."""
    folder = os.environ.get("ADHERE_CACHE_DIR", "")
    enabled = not os.environ.get("ADHERE_NO_CACHE")
    return open_cache(config, project.root, folder, SystemClock(), enabled=enabled)


def changed_inputs(inputs: Iterable[Input], project: Project, cache: Cache) -> tuple[str, ...]:
    """The same, for inputs of a report of which nothing else was read.

    Args:
        inputs: as the report has them.
        project: that it is about.
        cache: of the inventory.
    """
    return tuple(
        f"{entry.path} {'is gone' if entry.verdict == 'missing' else 'changed'}"
        for entry in _compared(inputs, project, {}, cache)
        if entry.verdict in ("changed", "missing")
    )
