"""What a check has to say, and what became of it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import Struct

from adhere.model.digest import sha256
from adhere.model.location import Location

Level = Literal["error", "warn", "report"]
"""What a violation leads to: exit code 1, a warning, or a line in the report."""

LEVELS: tuple[Level, ...] = ("report", "warn", "error")
"""All levels, mildest first."""


def milder(first: Level, second: Level) -> Level:
    """The less severe of two levels."""
    return first if LEVELS.index(first) <= LEVELS.index(second) else second


def stricter(first: Level, second: Level) -> Level:
    """The more severe of two levels."""
    return first if LEVELS.index(first) >= LEVELS.index(second) else second


Outcome = Literal[
    "pass",
    "fail",
    "warn",
    "waived",
    "error",
    "not_run",
    "not_applicable",
    "vacuous",
    "manual_ok",
    "manual_due",
]
"""The closed set of what can become of a rule."""

Disposition = Literal["open", "waived", "baseline", "allowed"]
"""What became of a finding: it counts, a waiver covers it, the baseline has it, ``-A``."""


class Note(Struct, frozen=True, omit_defaults=True):
    """One labelled line of a diagnostic.

    Attributes:
        label: one word: ``expression``, ``evidence``, ``path``, ...
        text: plain text. May quote untrusted words; whoever shows it escapes it.
        location: the line of the file that this note speaks of.
        mark: the part of ``text`` that is at fault, to be underlined.
        remark: what to say beside the underlined part.
    """

    label: str
    text: str
    location: Location | None = None
    mark: str = ""
    remark: str = ""


class Flaw(Struct, frozen=True, omit_defaults=True):
    """The vulnerability that a finding is about.

    Attributes:
        ids: every id by which it is known, sorted; a waiver may name any of them.
        severity: its band.
        fixed_in: versions that have it no more.
        due: the day by which it has to be gone; ``None`` for what has no deadline.
    """

    ids: tuple[str, ...]
    severity: str
    fixed_in: tuple[str, ...] = ()
    due: date | None = None


class Finding(Struct, frozen=True, omit_defaults=True):
    """One thing that is not as decided.

    Attributes:
        rule: full id of the rule.
        code: stable code, documented.
        message: one sentence without markup. May quote untrusted words.
        subject: what it is about: a canonical package name, a file path, ...
        version: of that package, ``""`` for what has none.
        detail: what makes two findings of one code and subject different, such as the
            rejected license; part of the fingerprint.
        level: after levels, groups and overrides were applied.
        location: where the subject stands, for a lock file its line.
        place: what is there: ``locked here``, ``installed here``, ...
        notes: in the order they are shown.
        fix: what to do, as an imperative.
        groups: dependency groups of the package.
        digest: of what a waiver has to be bound to (license texts), ``""`` for nothing.
        needs_approver: a waiver covers this only with an approver.
        flaw: the vulnerability that it is about, ``None`` for anything else.
        disposition: what became of it.
        waiver: id of the waiver that covers it.
    """

    rule: str
    code: str
    message: str
    subject: str
    version: str = ""
    detail: str = ""
    level: Level = "error"
    location: Location | None = None
    place: str = ""
    notes: tuple[Note, ...] = ()
    fix: str = ""
    groups: tuple[str, ...] = ()
    digest: str = ""
    needs_approver: bool = False
    flaw: Flaw | None = None
    disposition: Disposition = "open"
    waiver: str = ""

    @property
    def fingerprint(self) -> str:
        """A short name for what stays the same when only versions and places change."""
        parts = (self.rule, self.code, self.subject, self.detail)
        text = "".join(f"{len(part)}:{part}" for part in parts)
        return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class Unjudged(Struct, frozen=True, omit_defaults=True):
    """A subject of a rule that could not be judged.

    Attributes:
        subject: a package name, a file, ...
        reason: which evidence is missing, as a clause.
        version: of that package.
    """

    subject: str
    reason: str
    version: str = ""


class Choice(Struct, frozen=True, omit_defaults=True):
    """A license that was taken of several that a package offers.

    Attributes:
        subject: a canonical package name.
        version: of that package.
        offered: the expression it is under.
        chosen: the part of it that one complies with.
        pinned: the policy says so; the smallest that is accepted, otherwise.
    """

    subject: str
    version: str
    offered: str
    chosen: str
    pinned: bool = False


class Judgement(Struct, frozen=True):
    """What one check says about one rule.

    Attributes:
        findings: at most one per fingerprint.
        judged: number of subjects that were looked at and could be judged.
        unjudged: subjects that could not be judged.
        observed: what is, as a short clause.
        expected: what should be, as a short clause.
        choices: licenses taken of several on offer.
        applicable: ``False`` when the rule speaks of something this project does not have.
        reason: why it is not applicable.
        manual: a person said so: what would pass or fail is ``manual_ok`` or ``manual_due``.
        valid_until: the last day on which that is so though nothing changes, ``None`` for
            what does not end by itself.
    """

    findings: tuple[Finding, ...] = ()
    judged: int = 0
    unjudged: tuple[Unjudged, ...] = ()
    observed: str = ""
    expected: str = ""
    choices: tuple[Choice, ...] = ()
    applicable: bool = True
    reason: str = ""
    manual: bool = False
    valid_until: date | None = None


class Missing(Struct, frozen=True):
    """Evidence that could not be had at all.

    Attributes:
        reason: as a clause: ``offline``, ``deadline``, ``no such file``, ...
        hint: what would provide it.
    """

    reason: str
    hint: str = ""
