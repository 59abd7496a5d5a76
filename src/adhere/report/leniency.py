"""Everything that made a verdict milder than the rules could have made it.

Green by leniency has to show: a page lists this before anything that is green.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from adhere.report.disclosure import withheld_words
from adhere.report.document import Report, RuleResult
from adhere.report.summary import count


def leniencies(report: Report) -> tuple[str, ...]:
    """Waivers, mild levels, tolerated gaps, and what was not looked at, as clauses."""
    return (*_of_waivers(report), *besides_waivers(report))


def _of_waivers(report: Report) -> Iterator[str]:
    for waiver in report.waivers:
        if waiver.covers:
            end = f"until {waiver.expires}" if waiver.expires else "without an end"
            yield (
                f"{waiver.kind} {waiver.id} covers {waiver.subject} {end}, "
                f"owned by {waiver.owner}: {waiver.reason}"
            )


def besides_waivers(report: Report) -> tuple[str, ...]:
    """The same without waivers, for whoever lists these anyhow."""
    found: list[str] = []
    for result in report.results:
        if not result.builtin:
            found.extend(_of_rule(result, report))
    suppressed = Counter(f.disposition for f in report.findings if f.disposition != "open")
    if suppressed["baseline"]:
        found.append(f"{count(suppressed['baseline'], 'finding')} of the baseline not counted")
    if suppressed["allowed"]:
        found.append(f"{count(suppressed['allowed'], 'finding')} allowed by code")
    done = report.completeness
    if done.withheld:
        found.append(withheld_words(done.withheld))
    found.extend(
        f"evidence of the kind `{kind}` was not gathered: {reason}"
        for kind, reason in done.missing.items()
    )
    if done.first_party:
        found.append(f"{count(done.first_party, 'package')} of our own not judged by license")
    if done.elsewhere:
        names = [f"{p.name} {p.version}" for p in report.packages if p.elsewhere]
        shown = ", ".join(names[:5]) + (" and others" if len(names) > 5 else "")
        found.append(
            f"{count(done.elsewhere, 'package')} locked for other platforms or Pythons than the "
            f"environment that was judged, so without a license{f': {shown}' if shown else ''}"
        )
    if done.out_of_scope:
        groups = ", ".join(report.subject.scope)
        found.append(f"{count(done.out_of_scope, 'package')} outside of the groups {groups}")
    return tuple(found)


def _of_rule(result: RuleResult, report: Report) -> Iterator[str]:
    """What makes one rule milder than it could be."""
    if result.level != "error":
        yield f"rule {result.rule} has level {result.level}: it cannot fail the check"
    else:
        mild = sum(
            finding.rule == result.rule and finding.disposition == "open"
            for finding in report.findings
            if finding.level != "error"
        )
        if mild:
            yield (
                f"rule {result.rule}: {count(mild, 'finding')} of level warn or report, "
                "because of a group or a code"
            )
    if result.on_missing != "fail":
        yield (
            f"rule {result.rule} has on_missing {result.on_missing}: "
            "lacking evidence does not fail the check"
        )
    if result.outcome == "not_applicable":
        yield f"rule {result.rule} did not apply: {result.message}"
    if result.outcome == "pass" and not result.judged:
        yield f"rule {result.rule} matched nothing, which its allow_empty lets pass"
