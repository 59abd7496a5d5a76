"""Whether a waiver covers more than it names."""

from __future__ import annotations

from collections.abc import Sequence

from adhere.model.finding import Finding
from adhere.policy.waiver import Waiver


def too_broad(waiver: Waiver, covered: Sequence[Finding], most: int) -> str:
    """Why a waiver is broad, as a clause; ``""`` where it covers what it names.

    What it covers is looked at, not what it might cover: a waiver of a rule about licenses
    needs no advisory.

    Args:
        waiver: the waiver.
        covered: every finding that it covers.
        most: more findings than this are too many for one.
    """
    table = waiver.table
    if not covered and not table.subject.strip("*?"):
        return f"`{table.subject}` is no pattern and names nothing; name what is meant"
    if not table.advisory and any(finding.flaw is not None for finding in covered):
        return (
            f"it names no `advisory`, so that it covers every vulnerability of "
            f"{covered[0].subject}, also those that nobody knows yet"
        )
    codes = sorted({finding.code for finding in covered})
    if not table.code and len(codes) > 1:
        return f"it names no `code`, and covers {' and '.join(f'`{code}`' for code in codes)}"
    if len(covered) > most:
        return f"it covers {len(covered)} findings, and `broad` in `[waivers]` is {most}"
    return ""
