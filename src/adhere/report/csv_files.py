"""What pages link to as tables for other programs: every package, every finding."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from adhere.report.document import Report
from adhere.report.escape import plain
from adhere.report.packages import standing
from adhere.report.rows import LEVEL_WORDS, place, worst_first
from adhere.report.summary import license_words

_PACKAGES = (
    "name",
    "version",
    "license",
    "state",
    "confidence",
    "direct",
    "groups",
    "origin",
    "path",
    "why",
)
_FINDINGS = (
    "level",
    "disposition",
    "rule",
    "code",
    "subject",
    "version",
    "groups",
    "message",
    "place",
    "fix",
    "waiver",
    "fingerprint",
)


def packages_csv(report: Report) -> bytes:
    """Every package as one row of a table."""
    return _csv(
        _PACKAGES,
        (
            (
                package.name,
                package.version,
                license_words(package.license),
                package.license.state,
                f"{package.license.confidence:.2f}",
                standing(package),
                " ".join(package.groups),
                f"{package.origin.kind} {package.origin.url}".strip(),
                " > ".join(package.paths[0]) if package.paths else "",
                package.license.why,
            )
            for package in report.packages
        ),
    )


def findings_csv(report: Report) -> bytes:
    """Every finding as one row of a table, also those that do not count; worst first."""
    return _csv(
        _FINDINGS,
        (
            (
                LEVEL_WORDS[finding.level],
                finding.disposition,
                finding.rule,
                finding.code,
                finding.subject,
                finding.version,
                " ".join(finding.groups),
                finding.message,
                place(finding.location),
                finding.fix,
                finding.waiver,
                finding.fingerprint,
            )
            for finding in worst_first(report.findings)
        ),
    )


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table as RFC 4180 has it, without anything that acts on a terminal or spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_harmless(plain(field)) for field in row] for row in rows)
    return out.getvalue().encode()


def _harmless(field: str) -> str:
    """A field that a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{field}" if field.startswith(("=", "+", "-", "@")) else field
