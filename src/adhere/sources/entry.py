"""One entry of a list of packages, checked.

Every reader takes its entries apart with these; what an entry does wrong becomes an
`EntryError`, which `collect` turns into a `Fault` beside the entries that are right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import msgspec

from adhere.model.inventory import Fault
from adhere.model.location import Location
from adhere.model.names import PackageName, canonical_name, is_valid_name
from adhere.model.package import Artifact, Package
from adhere.spans.text import KeyPath

T = TypeVar("T")

FAULT = "package-unreadable"
"""Code of the finding that an unreadable entry becomes."""

UNPINNED = "requirement-unresolved"
"""Code of the finding that a requirement without a single version becomes."""

ODD_VERSION = "package-version"
"""Code of the finding that a version outside PEP 440 becomes."""

MAX_VERSION = 128
"""Characters of a version that is believed; an index refuses far shorter ones."""

_PEP440 = re.compile(
    r"(?:\d{1,9}!)?\d{1,18}(?:\.\d{1,18})*(?:(?:a|b|rc)\d{1,9})?(?:\.post\d{1,9})?(?:\.dev\d{1,9})?"
    r"(?:\+[a-z0-9]+(?:[._-][a-z0-9]+)*)?"
)
_PLAIN = re.compile(r"[!-~]+")
_AT = re.compile(r" - at `(?:\$|key in \$)\.?([^`]*)`$")
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_HASH = re.compile(r"(?P<algorithm>[A-Za-z0-9-]+)[:=](?P<digest>[0-9A-Fa-f]{16,256})")


class EntryError(ValueError):
    """An entry cannot be read; the message is the reason, as a clause.

    Attributes:
        at: the value that is wrong, as far as it is told, relative to the entry.
    """

    def __init__(self, reason: str, at: KeyPath = ()) -> None:
        super().__init__(reason)
        self.at = at


def decode(value: object, kind: type[T]) -> T:
    """A parsed value as a struct; unknown keys are left alone.

    Raises:
        EntryError: a key is missing or has the wrong type.
    """
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise EntryError(_worded(str(error)), _place(str(error))) from None


def _place(message: str) -> KeyPath:
    """The keys and indices in the decoder's message."""
    found = _AT.search(message)
    if found is None:
        return ()
    steps = _STEP.findall(found[1])
    return tuple(int(index) if index else key for key, index in steps)


def _worded(message: str) -> str:
    """The decoder's message as a clause: ```version`: expected `str`, got `int```."""
    found = _AT.search(message)
    reason = message[: found.start()] if found else message
    reason = reason[:1].lower() + reason[1:]
    where = found[1] if found else ""
    return f"`{where}`: {reason}" if where and where != "[...]" else reason


def package_name(text: object) -> PackageName:
    """The canonical form of a name.

    Raises:
        EntryError: it is missing or no distribution may have it.
    """
    if not isinstance(text, str) or not text:
        raise EntryError("it has no name")
    if not is_valid_name(text):
        raise EntryError(f"{shown(text)} is not a valid name")
    return canonical_name(text)


def spelled(text: str, name: PackageName) -> str:
    """How the author spells the name, ``""`` where that is the canonical form."""
    return "" if text == name else text


def package_version(text: object, remarks: list[str]) -> str:
    """A version as it is written.

    Args:
        text: what the source says.
        remarks: gets one when the version is not PEP 440.

    Raises:
        EntryError: it is missing, or nothing that could be a version.
    """
    if text is None or text == "":
        raise EntryError("it has no version")
    if not isinstance(text, str):
        raise EntryError(f"its version is {sort_of(text)}, not a string")
    if len(text) > MAX_VERSION or _PLAIN.fullmatch(text) is None:
        raise EntryError(f"its version {shown(text)} cannot be one")
    if not is_pep440(text):
        remarks.append(f"its version `{text}` does not follow PEP 440")
    return text


def version_fault(name: PackageName, version: str, location: Location) -> Fault | None:
    """A fault for a version that cannot be compared, ``None`` for any other."""
    if not version or is_pep440(version):
        return None
    reason = f"its version {shown(version)} does not follow PEP 440"
    return Fault(ODD_VERSION, name, reason, location, kept=True)


def is_pep440(version: str) -> bool:
    """Whether a version follows PEP 440, in any spelling."""
    if _PEP440.fullmatch(version):
        return True
    from packaging.version import InvalidVersion, Version

    try:
        Version(version)
    except (InvalidVersion, ValueError):
        return False
    return True


def sort_of(value: object) -> str:
    """What a parsed value is, in words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a truth value"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a string"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    return "a date or a time"


def shown(text: str, limit: int = 80) -> str:
    """Untrusted text inside a message: printable, short, in backticks."""
    cut = text if len(text) <= limit else text[:limit] + "..."
    plain = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in cut)
    return "`" + plain.replace("`", "'") + "`"


def hashes(texts: Iterable[object], remarks: list[str]) -> tuple[str, ...]:
    """Hashes as ``algorithm:hexdigest``, lower-case; others are left out and remarked."""
    found: list[str] = []
    for text in texts:
        match = _HASH.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            remarks.append(f"its hash {shown(str(text))} cannot be one and is not counted")
            continue
        found.append(f"{match['algorithm']}:{match['digest']}".lower())
    return tuple(dict.fromkeys(found))


def artifact(name: str, texts: Iterable[object], remarks: list[str]) -> Artifact:
    """An installable file with its hashes."""
    return Artifact(name, hashes(texts, remarks))


def subject_of(entry: object, number: int) -> str:
    """What to call an entry that cannot be read."""
    name = entry.get("name") if isinstance(entry, dict) else None
    if isinstance(name, str) and name:
        return name[:100]
    return f"entry {number}"


def collect(
    entries: Iterable[Any],
    place: Callable[[int], Location],
    read: Callable[[Any, Location], Package | None],
    subject: Callable[[Any, int], str] = subject_of,
) -> tuple[list[Package], list[Fault]]:
    """Read all entries of a list.

    Args:
        entries: parsed values, of whatever type the file holds.
        place: of the n-th entry, from 0.
        read: makes a package of an entry, ``None`` for one that is none; raises
            `EntryError`.
        subject: what to call the n-th entry, from 1, in a fault.
    """
    packages: list[Package] = []
    faults: list[Fault] = []
    for number, entry in enumerate(entries):
        location = place(number)
        try:
            package = read(entry, location)
        except EntryError as error:
            faults.append(Fault(FAULT, subject(entry, number + 1), str(error), location))
        else:
            if package is None:
                continue
            packages.append(package)
            if fault := version_fault(package.name, package.version, location):
                faults.append(fault)
    return packages, faults
