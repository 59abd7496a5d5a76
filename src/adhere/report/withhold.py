"""What changed of vulnerabilities, for who does not want to show them to everybody.

Both sides of a comparison are narrowed in one way, so that nothing seems to come or go because
it is not shown.
"""

from __future__ import annotations

from collections.abc import Collection

import msgspec
from msgspec.structs import replace

from adhere.report.disclosure import Disclosure
from adhere.report.extract import Extract
from adhere.report.redaction import redacted
from adhere.report.release import Release
from adhere.report.view import ChecklistLine, ChecklistPart, State

_ORDER: tuple[Disclosure, ...] = ("all", "fixed-only", "counts")
_KINDS = "vulnerabilities."
"""How the kinds of rules about vulnerabilities begin."""

NOT_COMPARED = "known vulnerabilities that are not to be shown are not compared"


def withheld_extract(extract: Extract, how: Disclosure, redact: Collection[str] = ()) -> Extract:
    """What may be shown of a side: no finding, waiver or message tells of what is withheld.

    Args:
        extract: of a report.
        how: how much of vulnerabilities is shown.
        redact: what else is not, as `redacted` takes it.
    """
    if redact:
        extract = msgspec.json.decode(redacted(msgspec.json.encode(extract), redact), type=Extract)
    if how == "all":
        return extract
    private = {rule.rule for rule in extract.rules if rule.check.startswith(_KINDS)}
    private |= {finding.rule for finding in extract.findings if finding.flaw}
    return replace(
        extract,
        vulnerabilities=tuple(
            flaw for flaw in extract.vulnerabilities if flaw.fixed_in and how == "fixed-only"
        ),
        findings=tuple(
            finding
            for finding in extract.findings
            if finding.rule not in private or (finding.flaw == "fixed" and how == "fixed-only")
        ),
        waivers=tuple(waiver for waiver in extract.waivers if waiver.rule not in private),
        rules=tuple(
            replace(rule, message="") if rule.rule in private else rule for rule in extract.rules
        ),
    )


def withheld_release(release: Release, how: Disclosure, redact: Collection[str] = ()) -> Release:
    """A frozen release, whose checklist may tell more than is to be shown by now.

    The arguments are as above.
    """
    if redact:
        release = msgspec.json.decode(redacted(msgspec.json.encode(release), redact), type=Release)
    checklist = release.checklist
    if _ORDER.index(how) > _ORDER.index(release.disclosure):
        text = "its lines tell more of vulnerabilities than is to be shown now"
        line = ChecklistLine(None, State("◆", "withheld", "calm"), text)
        checklist = replace(checklist, parts=(ChecklistPart("Not shown", (line,)),))
    return replace(release, checklist=checklist, extract=withheld_extract(release.extract, how))
