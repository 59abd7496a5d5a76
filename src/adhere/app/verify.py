"""Do the inputs of a report still have the digests that it records? Offline."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from adhere.app.project import OUTSIDE
from adhere.app.sources import SourceReader
from adhere.app.stored import Stored
from adhere.app.subject import ADVISORIES
from adhere.app.wiring import NoCache, SystemClock, open_cache
from adhere.errors import AdhereError
from adhere.metrics.meter import RunMeter
from adhere.model.digest import text_digest
from adhere.ports import Cache
from adhere.report.document import Input
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
    """All inputs, and whether all are the same."""

    report: str
    inputs: tuple[VerifiedInput, ...]

    @property
    def holds(self) -> bool:
        """Whether the report speaks of what is there now."""
        return bool(self.inputs) and all(entry.verdict == "same" for entry in self.inputs)


def verify(
    stored: Stored, places: Sequence[str] = (), *, cache: Cache | None = None
) -> Verification:
    """Compare every input with what it was.

    Args:
        stored: the report and the project it is looked at in.
        places: where sources lie that the report does not place, absolute; matched by the
            last part of their path.
        cache: of the inventory; without one, every file is read.
    """
    by_name = {os.path.basename(os.path.normpath(place)): place for place in places}
    reader = SourceReader(
        stored.project,
        cache=cache or NoCache(),
        clock=SystemClock(),
        meter=RunMeter(SystemClock()),
        jobs=1,
        progress=lambda _what, _done, _total: None,
    )
    inputs = tuple(
        _verified(entry, stored, reader, by_name) for entry in stored.report.subject.inputs
    )
    return Verification(stored.project.label(stored.path), inputs)


def _verified(
    entry: Input, stored: Stored, reader: SourceReader, by_name: dict[str, str]
) -> VerifiedInput:
    name = entry.path.rpartition("/")[2]
    path = by_name.get(name, entry.path)
    if path.startswith(f"{OUTSIDE}/"):
        reason = "it lies outside of the project; name its place"
        return VerifiedInput(entry.path, entry.kind, "unplaced", entry.digest, reason=reason)
    absolute = stored.project.path(path)
    if not os.path.lexists(absolute):
        reason = "it is not there"
        return VerifiedInput(entry.path, entry.kind, "missing", entry.digest, reason=reason)
    try:
        if entry.kind == ADVISORIES:
            from adhere.evidence.advisories import file_digest

            found = file_digest(absolute)
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


def stale_inputs(stored: Stored) -> tuple[str, ...]:
    """Inputs that changed since the report was made, as clauses.

    One whose place the report does not say is left out: it may well be unchanged. Pages are
    made often, so what a check remembers of an environment is used; `verify` reads it all.
    """
    cache_dir = os.environ.get("ADHERE_CACHE_DIR", "")
    enabled = not os.environ.get("ADHERE_NO_CACHE")
    root = stored.project.root
    cache = open_cache(stored.config, root, cache_dir, SystemClock(), enabled=enabled)
    try:
        inputs = verify(stored, cache=cache).inputs
    finally:
        cache.close()
    return tuple(
        f"{entry.path} {'is gone' if entry.verdict == 'missing' else 'changed'}"
        for entry in inputs
        if entry.verdict in ("changed", "missing")
    )
