"""Words beside a known license text: a title, an owner, or terms of the author's own."""

from __future__ import annotations

import re

from adhere.licenses.names import look_up

_OWNER = re.compile(
    r"\W*(?:portions?\s+)?(?:copyright\b|©|\(c\)|copr\b|all rights reserved|some rights reserved"
    r"|authors?\s*:|\d{4}[\s,\u2013-])",
    re.IGNORECASE,
)
_RULE = re.compile(r"[\W_]*")
_ADDRESS = re.compile(r"\W*(?:https?://|www\.)\S+\W*")

# What takes back or adds to what a known text grants.
_ADDED = re.compile(
    r"commons\W+clause"
    r"|(?<!commercial and )(?<!commercial or )(?<!commercial/)\bnon-?\s?commercial"
    r"(?!\w*(?:\s+(?:and|or)\s+|/)commercial)|\b(?:no|not\s+for|prohibits?)\s+commercial"
    r"|commercial\s+(?:use|purposes?|usage)\s+(?:is|are|requires?|needs?|must|without)\b"
    r"|(?:must|shall|should|have|has|needs?|required?|requested)\s+(?:to\s+)?(?:first\s+)?"
    r"(?:obtain|purchase|acquire|buy|pay)\b"
    r"|\bpays?\s+(?:\d|an?\b|the\b|us\b|[$€£])|\bper\s+(?:seat|developer|named\s+user)\b"
    r"|\b(?:license|permission|grant)\s+does\s+not\s+(?:apply|extend)\s+to\b"
    r"|\bnot\s+(?:for|intended\s+for)\s+(?:the\s+)?use\s+(?:by|in)\b"
    r"|(?:requires?|need)\s+(?:a\s+|the\s+)?(?:separate|paid|commercial|prior|valid)\b"
    r"|(?<!changing it )\b(?:is|are)\s+(?:strictly\s+|hereby\s+|expressly\s+)?(?:prohibited|forbidden|not\s+(?:permitted|allowed))"
    r"|\b(?:may|shall|must)\s+not\s+(?:be\s+)?"
    r"(?:copy(?!,\s+modify)|copied|modif|redistribut|distribut|sell|sold|sublicens|reverse"
    r"|used?\b(?!\s+(?:to\s+(?:endorse|promote|construe)|(?:in|for)\s+advertising|th(?:is|ese)\s+(?:file|work)s?\s+except)))"
    r"|(?<!any )additional\s+(?:terms|conditions|restrictions|limitations)"
    r"|(?:only|solely|exclusively)\s+for\s+(?:personal|internal|academic|research|educational|evaluation|non)"
    r"|(?:personal|internal|academic|research|educational|evaluation)\s+(?:use|purposes?)\s+only"
    r"|without\s+(?:the\s+)?(?:express\s+|explicit\s+)?(?:prior\s+)?(?:written\s+)?(?:consent|agreement)\b",
    re.IGNORECASE,
)

# What a text that is no known license says when it grants little or nothing.
_ALONE = re.compile(
    r"\bproprietary\b|\bconfidential|end[-\s]user\s+licen[cs]e|\btrade\s+secrets?"
    r"|all\s+rights\s+(?:are\s+)?reserved\W+(?:no|unauthori[sz]ed|this|you|any)"
    r"|unauthori[sz]ed\s+(?:copying|use|distribution|reproduction)"
    r"|no\s+(?:part|license|permission|rights?)\b[^.]{0,60}\b(?:granted|reproduced|copied)"
    r"|source[-\s]available|evaluation\s+(?:copy|licen[cs]e|period)|subscription"
    r"|reverse[-\s]engineer",
    re.IGNORECASE,
)

# Some words without a full stop: "CPython 2.6" and "fixtures/some.pack" have none.
_ON = r"(?:[^.]|\.(?=\S)){0,200}?"
_PARTS = re.compile(
    r"\bas\s+a\s+special\s+exception\b"
    rf"|\bderived\s+from\b{_ON}\blicen[cs]e"
    rf"|\b(?:bundles?|includes?|incorporates?)\b{_ON}\b(?:licen[cs]ed|available)\s+under\b"
    r"|\b(?:except(?:ions?)?|portions?|parts?|files?|content|director(?:y|ies)|modules?|sections?"
    rf"|pieces?|components?|unless\s+(?:otherwise|stated))\b{_ON}"
    r"\b(?:licen[cs]ed?|derived|subject|available|copied|under|noted|stated|taken|covered)\b",
    re.IGNORECASE,
)

MAX_PROSE = 20_000
"""Characters of an author's own words in which carve-outs are looked for."""

MAX_SHOWN = 3
"""Passages of one kind that are kept."""


def heading(text: str) -> str:
    """The license that the first lines of a text name, canonical; ``""`` for none."""
    lines = [line.strip(" \t#*=-_") for line in text[:2_000].splitlines()]
    title = ""
    found = ""
    for line in [line for line in lines if line][:3]:
        title = f"{title} {line}".strip()
        name = look_up(title[:150])
        if name is not None and name.sense == "license":
            found = name.expression
    return found


def own_words(rest: str, licenses: set[str]) -> str:
    """What the author himself wrote: lines that are no title, owner, rule or address."""
    kept = []
    for line in rest.splitlines():
        plain = line.strip(" \t#*/-=;%!|>.")
        if not plain or _RULE.fullmatch(plain) or _ADDRESS.fullmatch(plain):
            continue
        if _OWNER.match(plain) and "licen" not in plain.lower():
            continue
        if len(plain) < 100 and _is_title(plain, licenses):
            continue
        kept.append(line)
    return "\n".join(kept)


def _is_title(line: str, licenses: set[str]) -> bool:
    name = look_up(line.strip(" :<>[](){}\"'"))
    if name is None:
        return False
    return name.sense == "silent" or (
        name.sense == "license" and (name.expression in licenses or not licenses)
    )


def added_terms(text: str, *, alone: bool = False) -> tuple[str, ...]:
    """Passages that add terms to a known license, or reserve what none grants.

    Args:
        text: outside any known license.
        alone: there is no known license in the file at all.
    """
    found = _shown(_ADDED, text)
    if alone:
        found += tuple(item for item in _shown(_ALONE, text) if item not in found)
    return found[:MAX_SHOWN]


def carve_outs(text: str) -> tuple[str, ...]:
    """Passages that put parts of the whole under other terms."""
    return _shown(_PARTS, text[:MAX_PROSE])


def _shown(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for match in pattern.finditer(text):
        found.setdefault(" ".join(match[0].split())[:100].lower())
        if len(found) == MAX_SHOWN:
            break
    return tuple(found)
