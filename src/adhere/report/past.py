"""What came before a report, as pages show it: the run before, and releases that were frozen."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from adhere.report.changes import changes_view
from adhere.report.diff import diff
from adhere.report.disclosure import Disclosure
from adhere.report.document import Report
from adhere.report.escape import shorten
from adhere.report.extract import Extract, extract
from adhere.report.release import Release
from adhere.report.view import ChangesView, ReleaseRow
from adhere.report.withhold import NOT_COMPARED, withheld_extract

WORST = 12
"""Changes that a page shows of one comparison."""

MAX_RELEASES = 100
"""Frozen releases that have a page, the latest first."""


class Past(Struct, frozen=True):
    """What came before.

    Attributes:
        run: the report before that said anything else; ``None`` where none is kept.
        trouble: why that is not there, as a clause.
        releases: that were frozen, by version.
        how: how much of vulnerabilities is shown; what came before is narrowed to that.
    """

    run: Extract | None = None
    trouble: str = "no earlier run is kept here"
    releases: tuple[Release, ...] = ()
    how: Disclosure = "all"


def changes_since(past: Past, report: Report) -> Iterator[ChangesView]:
    """What changed since the run before and since the last release, as far as there are such."""
    if past.run is None and not past.releases:
        return
    now = withheld_extract(extract(report), past.how)
    if past.run is not None:
        yield changes_view(diff(past.run, now), "the run before", worst=WORST)
    if past.releases:
        last = past.releases[-1]
        found = diff(last.extract, now)
        yield changes_view(found, f"release {last.version}", worst=WORST)


def missing_of(past: Past) -> Iterator[str]:
    """What there is nothing to compare with, as clauses."""
    if past.run is None:
        yield past.trouble
    if not past.releases:
        yield "no release is frozen"
    if past.how != "all" and (past.run is not None or past.releases):
        yield NOT_COMPARED


def release_rows(past: Past) -> tuple[ReleaseRow, ...]:
    """Frozen releases, the latest first, each with what changed since the one before."""
    rows = []
    for place, release in enumerate(past.releases):
        before = past.releases[place - 1] if place else None
        changes = None
        if before is not None:
            found = diff(before.extract, release.extract)
            changes = changes_view(found, f"release {before.version}", worst=WORST)
        standing = release.extract.standing
        rows.append(
            ReleaseRow(
                version=shorten(release.version, 80),
                slug=release.version.replace("!", "-").replace("+", "-"),
                today=standing.today.isoformat(),
                commit=shorten(standing.commit[:12], 12),
                report=shorten(release.report, 80),
                checklist=release.checklist,
                changes=changes,
            )
        )
    return tuple(rows[::-1][:MAX_RELEASES])
