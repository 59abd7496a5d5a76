"""A complete waiver to paste, made from what the last run found."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from adhere.app.stored import Stored, open_stored
from adhere.app.wiring import SystemClock, report_time
from adhere.errors import Problem, UsageError
from adhere.policy.approval import demanded
from adhere.policy.decode import nearest
from adhere.policy.settings import Waivers
from adhere.policy.waiver import parse_subject
from adhere.report.document import ReportFinding

DEFAULT_DAYS = 90
"""How long a waiver lasts that nobody gave a length."""

_CLARIFIABLE = ("license-unknown", "license-unconcluded", "license-conflicting")


def waiver_text(
    rule: str,
    subject: str,
    *,
    owner: str = "",
    days: int = 0,
    config: str = "",
    report: str = "",
    out: str = "",
) -> tuple[str, list[str]]:
    """TOML for ``adhere.waivers.toml``, and remarks about it.

    Args:
        rule: full id of a rule of the last run.
        subject: what a finding is about, with or without a version.
        owner: who answers for it.
        days: how long it lasts; 0 for the default.
        config: configuration file, ``""`` to look for one.
        report: stored report, ``""`` for the last.
        out: folder of reports, ``""`` for the configured one.

    Raises:
        UsageError: the rule has no such finding; the hint names those it has.
    """
    stored = open_stored(config, report, out)
    found = _findings(stored, rule, subject)
    governance = stored.config.waivers
    today = report_time(SystemClock(), os.environ).date()
    bound = _rule_digest(stored, rule, today)
    blocks = [_waiver(finding, owner, today, days, governance, bound) for finding in found]
    remarks = [f"paste it into {governance.file} and fill in what is empty"]
    for length, why in sorted({_length(finding, days, governance) for finding in found}):
        if days > length:
            remarks.append(f"it lasts {length} days: the policy allows no more {why}")
    for finding in found:
        if finding.code in _CLARIFIABLE:
            blocks.append(_clarification(stored, finding, owner, today, governance))
            remarks.append("a clarification says which license it is, and is the better answer")
    return "\n".join(blocks), remarks


def _findings(stored: Stored, rule: str, subject: str) -> list[ReportFinding]:
    rules = [result.rule for result in stored.report.results]
    if rule not in rules:
        hint = nearest(rule, rules) or f"rules are {', '.join(rules)}"
        raise UsageError(Problem("usage", f"there is no rule `{rule}`", hint=hint))
    try:
        wanted = parse_subject(subject)
    except ValueError as error:
        raise UsageError(Problem("usage", f"`{subject}`: {error}")) from None
    about = [finding for finding in stored.report.findings if finding.rule == rule]
    found = [finding for finding in about if wanted.covers(finding.subject, finding.version)]
    if not found:
        _refuse_unjudged(stored, rule, wanted.name)
        subjects = sorted({finding.subject for finding in about})
        hint = nearest(wanted.name, subjects) or _some(subjects)
        message = f"{rule} found nothing about `{subject}` in the last run"
        raise UsageError(Problem("usage", message, hint=hint))
    return found


def _refuse_unjudged(stored: Stored, rule: str, name: str) -> None:
    """A waiver covers what was found; what could not be judged lacks evidence instead.

    Raises:
        UsageError: the rule could not judge that package.
    """
    for result in stored.report.results:
        for entry in result.not_judged if result.rule == rule else ():
            if entry.subject == name:
                message = f"{rule} could not judge {name}: {entry.reason}"
                hint = "a waiver covers findings; judge a source that holds the evidence"
                raise UsageError(Problem("usage", message, hint=hint))


def _some(subjects: Sequence[str]) -> str:
    if not subjects:
        return "it found nothing at all"
    more = f" and {len(subjects) - 10} more" if len(subjects) > 10 else ""
    return f"it found {', '.join(subjects[:10])}{more}"


def _rule_digest(stored: Stored, rule: str, today: date) -> str:
    """Of what the rule demands now; ``""`` where it is not in force any more."""
    from adhere.app.policy import load_policy
    from adhere.checks import KINDS
    from adhere.policy.parameters import rule_digest
    from adhere.sources.tree import DiskTree

    loaded = load_policy(stored.project, DiskTree(stored.project.root), KINDS, today)
    return next((rule_digest(one) for one in loaded.policy.rules if one.id == rule), "")


def _length(finding: ReportFinding, days: int, governance: Waivers) -> tuple[int, str]:
    """How many days a waiver may last, and by what it is limited."""
    length, why = governance.max.days, f"than {governance.max}"
    severity = finding.flaw.severity.lower() if finding.flaw is not None else ""
    cap = getattr(governance.caps, severity, None) if severity else None
    if cap is not None and cap.days < length:
        length, why = cap.days, f"than {cap} for what is {severity}"
    return min(days or DEFAULT_DAYS, length), why


def _waiver(
    finding: ReportFinding, owner: str, today: date, days: int, governance: Waivers, bound: str
) -> str:
    length, _ = _length(finding, days, governance)
    subject = f"{finding.subject}@{finding.version}" if finding.version else finding.subject
    lines = [
        f"# {finding.message}",
        "[[waiver]]",
        f"id = {_text(_identifier(finding, today))}",
        f"rule = {_text(finding.rule)}",
        f"subject = {_text(subject)}",
        f"code = {_text(finding.code)}",
        *_about_flaw(finding),
        'reason = "accepted-risk"  # or another of the list, see: adhere explain waiver-invalid',
        'note = ""',
        f"owner = {_text(owner or '@')}",
    ]
    if finding.needs_approver or demanded(governance):
        lines += _approver(governance)
    lines += [
        'ticket = ""',
        f"created = {today.isoformat()}",
        f"expires = {(today + timedelta(days=length)).isoformat()}",
    ]
    if finding.digest:
        lines.append(f"digest = {_text(finding.digest)}  # lapses when the license texts change")
    if bound:
        lines.append(f"rule_digest = {_text(bound)}  # lapses when the rule's parameters change")
    return _safe(lines)


def _approver(governance: Waivers) -> list[str]:
    known = f"  # one of {', '.join(governance.approvers)}" if governance.approvers else ""
    return [f'approved_by = "@"{known}']


def _about_flaw(finding: ReportFinding) -> list[str]:
    """Which vulnerability is meant, how severe it is now, and that a fix ends the waiver."""
    flaw = finding.flaw
    if flaw is None:
        return []
    lines = [f"advisory = {_text(finding.detail)}", f"severity = {_text(flaw.severity)}"]
    if not flaw.fixed_in:
        lines.append("until_fixed = true  # lapses when a release fixes it")
    return lines


def _clarification(
    stored: Stored, finding: ReportFinding, owner: str, today: date, governance: Waivers
) -> str:
    """As a comment: it stands in place of the waiver, and lacks what only a person can read."""
    digests = list(_digests(stored, finding))
    lines = [
        "[[clarification]]",
        f"id = {_text(_identifier(finding, today).replace('W-', 'C-', 1))}",
        f"subject = {_text(f'{finding.subject}@{finding.version}')}",
        'expression = ""  # the SPDX expression that you read',
        "sha256 = [",
        *(f"    {_text(digest)},  # {document}" for digest, document in digests),
        "]",
        'note = ""',
        f"owner = {_text(owner or '@')}",
        *(_approver(governance) if demanded(governance) else ()),
        f"created = {today.isoformat()}",
    ]
    about = f"or, after reading the files of {finding.subject} {finding.version}, in its place:"
    return _safe([f"# {line}" for line in (about, *lines)])


def _digests(stored: Stored, finding: ReportFinding) -> Iterator[tuple[str, str]]:
    """License files of the package; where it has none, the metadata."""
    for package in stored.report.packages:
        if (package.name, package.version) != (finding.subject, finding.version):
            continue
        evidence = package.license.evidence
        texts = {e.digest: e.document for e in evidence if e.kind == "license-text" and e.digest}
        for digest in package.license.texts:
            texts.setdefault(digest, "a license file")
        if texts:
            yield from sorted(texts.items(), key=lambda item: item[1])
            return
        yield from dict.fromkeys((e.digest, e.document) for e in evidence if e.digest)


def _identifier(finding: ReportFinding, today: date) -> str:
    return f"W-{today.year}-{finding.subject[:60]}-{finding.fingerprint[:6]}"


def _text(value: str) -> str:
    """A TOML string; everything but plain characters is an escape."""
    import msgspec

    encoded = msgspec.json.encode(value.encode("utf-8", "backslashreplace").decode()).decode()
    return encoded.replace("\x7f", "\\u007f")


def _safe(lines: Sequence[str]) -> str:
    from adhere.report.escape import plain

    return "".join(plain(line) + "\n" for line in lines)
