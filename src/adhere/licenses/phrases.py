"""Words around a license name, and words that change what a name means."""

from __future__ import annotations

import re

from adhere.licenses.keys import word_set

_CONTROL = re.compile(r"[\x00-\x20\x7f-\xa0]+")
# Hyphens, dashes and the minus sign that editors put in the place of "-".
_DASH = re.compile(r"[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_MARKDOWN_LINK = re.compile(r"\[([^\[\]]{1,200})\]\(([^()\s]{1,300})\)")
_TABLE = re.compile(
    r"\{?\s*['\"]?(?P<name>text|file|name|type|license|expression)['\"]?\s*[:=]\s*"
    r"['\"](?P<value>[^'\"]{0,300})['\"]\s*\}?"
)
_QUOTES = "\"'` \t"
_EMPHASIS = re.compile(r"([*_]{1,3})(?=[^*_])(.+)(?<=[^*_])\1")

_GRANTED = r"(?:released|licen[cs]ed|distributed|published|available|provided|covered|issued)"
_UNDER = (
    rf"{_GRANTED}\s+(?:under|by|with|as|through)\s+(?:the\s+)?"
    r"(?:terms?\s+(?:and\s+conditions?\s+)?of\s+)?"
)
_FIELD = (
    r"(?:spdx-license-identifier|licen[cs]ed?|lizenz|licencia|licença|licenza|licentie)"
    r"\s*(?::+|=+|-)\s*(?=\S)"
)
_SUBJECT = r"(?:(?:this|the)\s+)?(?:\w+\s+){0,3}?(?:is|are)\s+(?:free\s+software,?\s+)?"
_PRAISE = r"(?:osi|fsf|dfsg)[- ](?:approved|certified)"
_PREFIXES = (
    re.compile(_FIELD, re.IGNORECASE),
    re.compile(_SUBJECT + _UNDER, re.IGNORECASE),
    re.compile(_UNDER, re.IGNORECASE),
    re.compile(r"(?:under|see)\s+(?:the\s+)?(?:terms?\s+of\s+)?(?:the\s+)", re.IGNORECASE),
    re.compile(_PRAISE + r"\s*(?:::|:|-|,)*\s*(?=\S)", re.IGNORECASE),
)

_FILE = r"[`'\"]?\b(?:LICEN[CS]ES?|COPYING|NOTICE|README)\b[\w./-]{0,40}[`'\"]?"
_ENOUGH = r"(?:more\s+|full\s+|the\s+)*(?:details?|information|info|text|terms|license)"
# Only at the start of a run: from every character of it the search would take forever.
_BREAK = r"(?<![\s,.;:(\u2014\u2013-])[\s,.;:(\u2014\u2013-]+"
_SEE = (
    rf"{_BREAK}(?:please\s+)?(?:see|read|cf\.?|refer\s+to)\s+(?:the\s+|also\s+)?"
    rf"(?:included\s+|attached\s+|file\s+)*{_FILE}(?:\s+file)?"
    rf"(?:\s+for\s+{_ENOUGH}(?:\s+text)?)?[\s.)]*$"
)
_OWNED = (
    rf"{_BREAK}(?:copyright\b|©|\(c\))[\s(c)©]*(?:[\d,\s\u2013-]{{4,30}})?(?:by\s+)?"
    r"[\w.,'&@ -]{0,80}$"
)
_TAILS = (
    re.compile(_SEE, re.IGNORECASE),
    re.compile(_OWNED, re.IGNORECASE),
    re.compile(rf"{_BREAK}{_PRAISE}[\s)]*$", re.IGNORECASE),
)

_POINTER = re.compile(
    r"(?:please\s+)?(?:(?:see|read|check|in|cf\.?|refer\s+to|as\s+(?:stated|described)\s+in)\s+)"
    rf"(?:the\s+|licen[cs]e\s+in\s+|terms\s+in\s+)*{_FILE}(?:\s+(?:file|page|section))?"
    rf"(?:\s+(?:for\s+{_ENOUGH}|in\s+[\w\s]{{1,40}}))?\.?"
    r"|(?:file:\s*)?[\w./-]{0,60}(?:licen[cs]es?|copying|unlicense)[._-][\w.-]{1,40}",
    re.IGNORECASE,
)
_LICENSE = re.compile(r"\b(?:licen[cs]e|agreement|eula|terms\s+of)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")

# A name that is followed or preceded by one of these is not the license it names.
_QUALIFIERS = word_set(
    "not non no never without except excepting excluding exception exceptions restriction"
    " restrictions restricted restrictive modified modification modifications custom commercial"
    " noncommercial proprietary private internal personal evaluation trial academic research"
    " educational education nonprofit prohibited additional addendum amended amendment ethical"
    " eula nda confidential closed paid subscription enterprise with plus minus unless clickwrap"
    " unlicensed reserved forbidden hobby hobbyist student anti nc nicht nur sans sin senza"
)
# Those that restrict wherever they stand.
_STRONG = word_set("not non noncommercial proprietary confidential reserved eula")
_HARMLESS = frozenset({"with", "no"})
_COMMONS_CLAUSE = re.compile(r"\bcommons\W+clause\b", re.IGNORECASE)
_OWNER = re.compile(r"\s*(?:copyright\b|©|\(c\))", re.IGNORECASE)
_STYLE = word_set(
    "style styled like type typed similar compatible inspired based derived derivative variant"
    " alike ish"
)
_TEXT_STARTS = re.compile(
    r"permission is hereby granted|redistribution and use|permission to use, copy"
    r"|terms and conditions|this program is free software|you may not use this file"
    r"|everyone is permitted to copy|as published by the free software foundation|subject to the terms of the|hereby granted|as is",
    re.IGNORECASE,
)


def printable(text: str, limit: int) -> str:
    """An author's words on one line, cut at a limit, without what turns or hides text."""
    line = " ".join(text[: 4 * limit].split())
    line = "".join(character if character.isprintable() else "\ufffd" for character in line)
    return line if len(line) <= limit else f"{line[: limit - 1]}\u2026"


def bare(text: str) -> str:
    """A text without control characters, quotes, markup and brackets around the whole."""
    text = _CONTROL.sub(" ", text.removeprefix("\ufeff")).strip()
    if not text.isascii():
        text = _DASH.sub("-", text)
    text = _MARKDOWN_LINK.sub(r"\1 \2", text)
    table = _TABLE.fullmatch(text)
    if table is not None:
        text = "" if table["name"] == "file" else table["value"]
    while True:
        inner = text.strip(_QUOTES)
        if emphasis := _EMPHASIS.fullmatch(inner):
            inner = emphasis[2]
        for start, end in ("()", "[]", "{}", "<>"):
            if inner.startswith(start) and inner.endswith(end) and _pair(inner, start, end):
                inner = inner[1:-1]
        if inner == text:
            return text
        text = inner


def _pair(text: str, start: str, end: str) -> bool:
    """Whether the first and the last character belong together."""
    depth = 0
    for at, character in enumerate(text):
        depth += (character == start) - (character == end)
        if depth == 0:
            return at == len(text) - 1
    return False


def core(text: str) -> str:
    """The name inside a sentence such as ``released under the X, see LICENSE``."""
    for pattern in _PREFIXES:
        match = pattern.match(text)
        if match is not None and not _changed(match[0]):
            text = text[match.end() :]
    for pattern in _TAILS:
        match = pattern.search(text)
        if match is not None and match.start() > 0 and not _changed(match[0]):
            text = text[: match.start()]
    return bare(text.rstrip(" .;,"))


def _changed(text: str) -> bool:
    return any(word not in _HARMLESS for word in qualifiers(text))


def qualifiers(text: str) -> list[str]:
    """Words of a text that restrict, negate or change what it names.

    A line that only names an owner has none: ``Copyright Acme Research``.
    """
    if _COMMONS_CLAUSE.search(text):
        return ["Commons Clause"]
    found = [word for word in _WORD.findall(text.lower()) if word in _QUALIFIERS]
    owner = _OWNER.match(text) and not any(word in _STRONG for word in found)
    return [] if owner else found


def claims_a_license(text: str) -> bool:
    """Whether a text calls something a license, whatever it is: ``Acme Community License``."""
    return _LICENSE.search(text) is not None


def points_elsewhere(text: str) -> bool:
    """Whether a text is nothing but a pointer to a file or page: ``see LICENSE.md``."""
    return _POINTER.fullmatch(text) is not None


def style(text: str) -> bool:
    """Whether a text only compares itself with a license: ``BSD-style``."""
    return any(word in _STYLE for word in _WORD.findall(text.lower()))


def is_text(text: str) -> bool:
    """Whether this is a license text, or its notice, rather than the name of a license."""
    if len(text) > 2_000:
        return True
    return len(text) > 120 and _TEXT_STARTS.search(text) is not None
