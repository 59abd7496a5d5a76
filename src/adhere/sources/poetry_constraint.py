"""Poetry's version constraints, as PEP 440 says the same."""

from __future__ import annotations

import re

from adhere.sources.entry import EntryError, is_pep440, shown

_CLAUSE = re.compile(
    r"(?P<operator>\^|~=|~|===|==|=|!=|<=|>=|<|>)?\s*"
    r"(?P<version>v?\d[A-Za-z0-9.+!-]*?)(?P<wildcard>(?:\.[*xX])+)?"
)
_RELEASE = re.compile(r"v?(?:\d+!)?(\d+(?:\.\d+)*)")
_SEPARATOR = re.compile(r"\s*,\s*|(?<=[^<>=!~^,\s])\s+(?=[<>=!~^\d])")


def to_specifier(constraint: str) -> str:
    """A constraint as a PEP 440 specifier.

    Returns:
        ``""`` for any version, and for alternatives (``^1 || ^2``), which one specifier
        cannot say.

    Raises:
        EntryError: it is no constraint.
    """
    text = constraint.strip()
    if len(text) > 1_000:
        raise EntryError("its version constraint is longer than 1,000 characters")
    if "|" in text:
        for part in re.split(r"\|\|?", text):
            to_specifier(part)
        return ""
    if text in ("", "*"):
        return ""
    return ",".join(clause for part in _SEPARATOR.split(text) for clause in _clauses(part, text))


def _clauses(part: str, whole: str) -> list[str]:
    if part in ("", "*"):
        return []
    match = _CLAUSE.fullmatch(part)
    if match is None or not is_pep440(match["version"]):
        raise EntryError(f"{shown(whole)} is no version constraint")
    operator, version = match["operator"] or "==", match["version"].removeprefix("v")
    if match["wildcard"]:
        return [f"{'!=' if operator == '!=' else '=='}{version}.*"]
    if operator in ("^", "~"):
        return [f">={version}", f"<{_above(version, caret=operator == '^')}"]
    return [f"{'==' if operator == '=' else operator}{version}"]


def _above(version: str, *, caret: bool) -> str:
    """The first version that a caret or a tilde no longer admits."""
    found = _RELEASE.match(version)
    parts = [int(part) for part in found[1].split(".")] if found else [0]
    if caret:
        at = next((index for index, part in enumerate(parts) if part), len(parts) - 1)
    else:
        at = min(1, len(parts) - 1)
    raised = [*parts[:at], parts[at] + 1]
    return ".".join(str(part) for part in (*raised, *[0] * (len(parts) - at - 1)))
