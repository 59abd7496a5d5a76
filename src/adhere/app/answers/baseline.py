"""Reports of earlier runs."""

from __future__ import annotations

from adhere.app.answers import Given
from adhere.model.finding import Missing
from adhere.model.need import Answer, Baseline, BaselineLicense, BaselineNeed


def answer(need: BaselineNeed, given: Given) -> Answer:
    """What the report says; missing where there is none yet."""
    if not given.tree.matching(need.report):
        return Missing(f"there is no report `{need.report}`", "keep a report there first")
    return read_baseline(given.text(need.report).encode(), need.report)


def read_baseline(data: bytes, label: str) -> Baseline:
    """What a later run compares with, from a stored report.

    Raises:
        ReportError: it is no report of a schema that is known.
    """
    from adhere.report.json import decode_report

    report = decode_report(data, label)
    licenses: dict[str, list[BaselineLicense]] = {}
    for package in report.packages:
        license_ = package.license
        found = BaselineLicense(
            package.version, license_.expression, license_.state, license_.texts
        )
        licenses.setdefault(package.name, []).append(found)
    return Baseline(
        label,
        {name: tuple(found) for name, found in licenses.items()},
        # What a waiver covered then is not known for good: it counts again without one.
        frozenset(f.fingerprint for f in report.findings if f.disposition in ("open", "baseline")),
    )
