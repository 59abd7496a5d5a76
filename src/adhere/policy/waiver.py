"""Exceptions with an owner, a reason and an end; and clarifications of licenses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Literal, TypeVar

from msgspec import Struct

from adhere.errors import Problem
from adhere.model.advisory import Band
from adhere.model.assemble import version_key
from adhere.model.location import Location
from adhere.model.names import canonical_name, is_valid_name
from adhere.policy.approval import names_somebody, refused
from adhere.policy.decode import Decoder, nearest, unknown_schema
from adhere.policy.settings import Waivers
from adhere.spans.document import Document, Node

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

T = TypeVar("T")

Reason = Literal[
    "accepted-risk",
    "compensating-control",
    "false-positive",
    "fix-scheduled",
    "internal-use",
    "legal-approved",
    "no-fix-available",
    "not-reachable",
    "test-only",
]
"""Why an exception is granted. Free words belong into ``note``."""

_PURL = re.compile(r"pkg:pypi/([A-Za-z0-9._-]+)(?:@([^?#]+))?(?:[?#].*)?")
_REQUIREMENT = re.compile(r"[A-Za-z0-9._-]+(?:\[[^\]]*\])?\s*(?:[<>=!~]=?|===).*")
"""How pip writes what we write with an ``@``; it would be read as the name of no package."""
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


class Subject(Struct, frozen=True):
    """What a waiver is about.

    Attributes:
        text: as it was written.
        name: canonical package name, or the text itself for anything else.
        specifier: PEP 440 specifier the version has to be in, ``""`` for every version.
        version: the one version that was named without an operator, ``""`` for none.
        package: it names a package, and not a file or anything else.
    """

    text: str
    name: str
    specifier: str = ""
    version: str = ""
    package: bool = True

    def covers(self, name: str, version: str) -> bool:
        """Whether a finding about ``name`` in ``version`` is meant."""
        if name not in (self.name, self.text):
            return False
        return not self.specifier or (bool(version) and _within(version, self.specifier))

    def is_exactly(self, version: str) -> bool:
        """Whether a version is the very one that was named, if one was.

        ``==2.1`` admits the local build ``2.1+acme`` by PEP 440; whoever wrote ``2.1`` looked
        at that one.
        """
        return not self.version or version_key(self.version) == version_key(version)


class WaiverTable(Struct, frozen=True):
    """The keys of a ``[[waiver]]``, as in the file."""

    id: str
    rule: str
    subject: str
    reason: Reason
    owner: str
    created: date
    expires: date
    code: str = ""
    advisory: str = ""
    note: str = ""
    approved_by: str = ""
    ticket: str = ""
    digest: str = ""
    rule_digest: str = ""
    severity: Band | None = None
    until_fixed: bool = False


class Waiver(Struct, frozen=True):
    """A waiver that is well formed.

    Attributes:
        table: what the file says.
        subject: parsed.
        location: of its table.
    """

    table: WaiverTable
    subject: Subject
    location: Location


class ClarificationTable(Struct, frozen=True):
    """The keys of a ``[[clarification]]``, as in the file."""

    id: str
    subject: str
    expression: str
    sha256: tuple[str, ...]
    owner: str
    created: date
    note: str = ""
    approved_by: str = ""
    ticket: str = ""
    expires: date | None = None


class Clarification(Struct, frozen=True):
    """A person's reading of license files, bound to exactly those files.

    Attributes:
        table: what the file says.
        subject: parsed.
        expression: canonical SPDX expression.
        digests: ``sha256:<hex>`` of every license file it was read from.
        location: of its table.
    """

    table: ClarificationTable
    subject: Subject
    expression: str
    digests: frozenset[str]
    location: Location


def parse_subject(text: str) -> Subject:
    """Read ``name``, ``name@specifier``, ``name@version``, a purl, or any other subject.

    Raises:
        ValueError: the specifier is none; the message says what is wrong.
    """
    purl = _PURL.fullmatch(text)
    if purl:
        name, at, specifier = purl.group(1), "@" if purl.group(2) else "", purl.group(2) or ""
        specifier = _unquoted(specifier)
    else:
        name, at, specifier = (part.strip() for part in text.partition("@"))
        if not is_valid_name(name):
            if _REQUIREMENT.fullmatch(text):
                raise ValueError(f"`{text}` is no subject: write `name@specifier`")
            return Subject(text, text, package=False)
    if at and not specifier:
        raise ValueError("nothing follows the `@`")
    version = specifier if specifier and specifier[0] not in "<>=!~" else ""
    if version:
        specifier = f"=={version}"
    if specifier:
        try:
            _specifier_set(specifier)
        except ValueError:
            written = version or specifier
            raise ValueError(f"`{written}` is no version and no version specifier") from None
    return Subject(text, canonical_name(name), specifier, "" if "*" in version else version)


def parse_package(text: str) -> Subject:
    """Read a subject that has to be a package; see `parse_subject`.

    Raises:
        ValueError: it is none. A list of packages with such an entry would be shorter than
            whoever wrote it thinks.
    """
    subject = parse_subject(text)
    if not subject.package:
        raise ValueError(f"`{text}` names no package: write `name` or `name@specifier`")
    return subject


def _unquoted(text: str) -> str:
    """Percent-encoded characters of a purl as themselves; a version has no others than ASCII."""
    return _PERCENT.sub(lambda match: chr(int(match[1], 16)), text)


def _specifier_set(specifier: str) -> SpecifierSet:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        return SpecifierSet(specifier, prereleases=True)
    except InvalidSpecifier:
        raise ValueError(f"`{specifier}` is not a version specifier") from None


def _within(version: str, specifier: str) -> bool:
    from packaging.version import InvalidVersion, Version

    try:
        return bool(_specifier_set(specifier).contains(Version(version)))
    except InvalidVersion:
        return version == specifier.removeprefix("===").removeprefix("==")


class WaiverFile(Struct, frozen=True):
    """What a waiver file holds, and what is wrong with it."""

    waivers: tuple[Waiver, ...] = ()
    clarifications: tuple[Clarification, ...] = ()
    problems: tuple[Problem, ...] = ()


def decode_waivers(
    document: Document, rules: Iterable[str], governance: Waivers, today: date
) -> WaiverFile:
    """Read ``[[waiver]]`` and ``[[clarification]]`` tables.

    A waiver that is malformed covers nothing; its problem says so.

    Args:
        document: the file.
        rules: full ids that a waiver may name.
        governance: how long a waiver may last and who may approve one.
        today: no waiver may have been created later.
    """
    decoder = Decoder()
    root = document.root
    decoder.problems.extend(unknown_schema(root))
    known = ("schema", "waiver", "clarification")
    if isinstance(root.value, dict):
        for key, node in root.value.items():
            if key not in known:
                hint = nearest(key, known) or "known are `[[waiver]]` and `[[clarification]]`"
                message = f"unknown key `{key}`"
                decoder.problems.append(
                    node.problem("config-unknown-key", message, hint=hint, on_key=True)
                )
    reader = _Reader(decoder, frozenset(rules), governance, today)
    waivers = [reader.waiver(node) for node in _tables(root, "waiver", decoder)]
    clarifications = [reader.clarification(n) for n in _tables(root, "clarification", decoder)]
    return WaiverFile(
        tuple(waiver for waiver in waivers if waiver),
        tuple(clarification for clarification in clarifications if clarification),
        tuple(decoder.problems),
    )


def _tables(root: Node, key: str, decoder: Decoder) -> list[Node]:
    node = root.child(key)
    if node is None:
        return []
    if not isinstance(node.value, list):
        problem = node.problem("config-type", f"write `[[{key}]]`, an array of tables")
        decoder.problems.append(problem)
        return []
    return node.value


class _Reader:
    def __init__(
        self, decoder: Decoder, rules: frozenset[str], governance: Waivers, today: date
    ) -> None:
        self._decoder = decoder
        self._rules = rules
        self._governance = governance
        self._today = today
        self._ids: set[str] = set()

    def waiver(self, node: Node) -> Waiver | None:
        before = len(self._decoder.problems)
        table = self._decoder.struct(node, WaiverTable)
        # Every key that is there is looked at even where another is wrong: all mistakes at once.
        self._check_id(node)
        subject = self._subject(node)
        rule = _given(node, "rule", str)
        if rule is not None and rule not in self._rules:
            self._wrong(node, "rule", f"there is no rule `{rule}`", nearest(rule, self._rules))
        self._check_owner(node)
        for key in ("digest", "rule_digest"):
            digest = _given(node, key, str)
            if digest and _DIGEST.fullmatch(digest) is None:
                self._wrong(node, key, "write `sha256:` and 64 hexadecimal digits")
        self._check_term(node, limited=True)
        self._check_approver(node)
        if table is None or subject is None or len(self._decoder.problems) > before:
            return None
        return Waiver(table, subject, _location(node))

    def clarification(self, node: Node) -> Clarification | None:
        before = len(self._decoder.problems)
        table = self._decoder.struct(node, ClarificationTable)
        self._check_id(node)
        subject = self._subject(node)
        expression = self._expression(node)
        given = _given(node, "sha256", tuple[str, ...])
        digests = frozenset(
            digest if digest.startswith("sha256:") else f"sha256:{digest}" for digest in given or ()
        )
        wrong = any(_DIGEST.fullmatch(digest) is None for digest in digests)
        if given is not None and (wrong or not digests):
            message = "name the sha256 of every license file that was read, 64 digits each"
            self._wrong(node, "sha256", message)
        self._check_term(node, limited=False)
        self._check_owner(node)
        self._check_approver(node)
        if table is None or subject is None or len(self._decoder.problems) > before:
            return None
        return Clarification(table, subject, expression, digests, _location(node))

    def _check_id(self, node: Node) -> None:
        name = _given(node, "id", str)
        if name is None:
            return
        if not name.strip():
            self._wrong(node, "id", "`id` is empty")
        elif name in self._ids:
            self._wrong(node, "id", f"the id `{name}` stands above")
        self._ids.add(name)

    def _subject(self, node: Node) -> Subject | None:
        text = _given(node, "subject", str)
        if text is None:
            return None
        try:
            return parse_subject(text)
        except ValueError as error:
            self._wrong(node, "subject", str(error))
            return None

    def _expression(self, node: Node) -> str:
        text = _given(node, "expression", str)
        if text is None:
            return ""
        from adhere.licenses.expression import ExpressionError, parse, render

        try:
            return render(parse(text))
        except ExpressionError as error:
            self._wrong(node, "expression", str(error), error.hint)
            return ""

    def _check_term(self, node: Node, *, limited: bool) -> None:
        created, expires = _given(node, "created", date), _given(node, "expires", date)
        if created is not None and created > self._today:
            self._wrong(node, "created", f"`created` is in the future ({created})")
        if created is None or expires is None:
            return
        days = (expires - created).days
        if days < 0:
            self._wrong(node, "expires", "`expires` is before `created`")
        elif limited and days > self._governance.max.days:
            message = f"it lasts {days} days; the policy allows {self._governance.max}"
            self._wrong(node, "expires", message, "set by `max` in `[waivers]`")

    def _check_owner(self, node: Node) -> None:
        owner = _given(node, "owner", str)
        if owner is not None and not names_somebody(owner):
            self._wrong(node, "owner", "`owner` names nobody")

    def _check_approver(self, node: Node) -> None:
        owner = _given(node, "owner", str) or ""
        approver = _given(node, "approved_by", str)
        if approver is None and node.child("approved_by") is not None:
            return  # it is of another type, which the decoder says
        wrong = refused(owner, approver or "", self._governance)
        if wrong is not None:
            self._wrong(node, "approved_by", *wrong)

    def _wrong(self, node: Node, key: str, message: str, hint: str = "") -> None:
        problem = node.down((key,)).problem("waiver-invalid", message, hint=hint)
        self._decoder.problems.append(problem)


def _given(node: Node, key: str, kind: type[T]) -> T | None:
    """A key's value where it is there and of its type; what it is otherwise the decoder says."""
    child = node.child(key)
    if child is None:
        return None
    decoder = Decoder()
    value: T = decoder.value(child, kind)
    return None if decoder.problems else value


def _location(node: Node) -> Location:
    return Location(node.document.path, *node.document.position(node.at))
