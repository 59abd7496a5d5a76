"""The key under which a license name is looked up.

Two spellings of one name get one key: case, punctuation, articles, the word "license" in
several languages, "version" before a number and "or later" do not tell licenses apart.
Nothing else is dropped: a letter of another alphabet, a hidden character, a "!" or a "?"
stays in the key, so that a name with one of them never equals a name without.
"""

from __future__ import annotations

import re


def word_set(words: str) -> frozenset[str]:
    """Words that are written one after another, as a set."""
    return frozenset(words.split())


# Words of any alphabet, numbers, "+"; then whatever is not mere punctuation.
_TOKEN = re.compile(r"[^\W\d_]+|[0-9]+(?:\.[0-9]+)*|[+]|[^\w\s.,;:/()\[\]{}\"'`®™-]+|\d")

# "gplv3", "mplv2": a "v" that is glued between a name and a number.
_GLUED_V = re.compile(r"(?<=[a-z])v(?=\.?[0-9])")

# "gpl-3-0", "lgpl_2_1": a version whose dot was lost.
_LOST_DOT = re.compile(r"(?<![\d.])(\d)[-_](\d)(?![\d.-])")

_AT_LEAST = re.compile(r"(?:>=|=>|≥)\s*v?([0-9.]+)")

# English, German, French, Spanish, Italian, Portuguese, Dutch, Swedish, Polish, Russian.
_LICENSE_WORDS = word_set(
    "license licence licenses licences licensed licenced lizenz lizenzen licencia licencias"
    " licenza licenze licença licenças licentie licens licencja лицензия лицензии"
)
# Chinese, Japanese and Korean write no space before the word. The longer ones first.
_GLUED_WORDS = ("许可协议", "许可证", "許可證", "许可", "協議", "协议", "ライセンス", "라이선스")

_SILENT = frozenset({"the", "v", "ver", "version"})
_VERSION_WORDS = frozenset({"v", "ver", "version"})

_NEWER = "later|newer|above|greater|higher|up|upwards|onwards?|später|ultérieure|posterior|superior"
_LATER = re.compile(
    rf" (?:or|and|oder|ou|o)(?: at your option)?(?: any)? (?:{_NEWER})(?: versions?)?"
    r"(?: at your option)?(?= )"
    r"| (?:at your option )?any (?:later|newer) versions?(?= )"
)

# Names that are written in words. Applied in this order, to a key with a space around it.
_PHRASES = tuple(
    (f" {written} ", f" {name} " if name else " ")
    for written, name in (
        ("osi approved", ""),
        ("gnu affero general public", "gnu agpl"),
        ("affero general public", "agpl"),
        ("affero gpl", "agpl"),
        ("gnu library or lesser general public", "lgpl"),
        ("gnu lesser or library general public", "lgpl"),
        ("gnu lesser general public", "lgpl"),
        ("gnu lesser public", "lgpl"),
        ("gnu library general public", "lgpl"),
        ("lesser general public", "lgpl"),
        ("library general public", "lgpl"),
        ("lesser gpl", "lgpl"),
        ("library gpl", "lgpl"),
        ("gnu general public", "gpl"),
        ("gnu public", "gpl"),
        ("publique générale gnu", "gpl"),
        ("pública general gnu", "gpl"),
        ("pública general de gnu", "gpl"),
        ("pública geral gnu", "gpl"),
        ("general public", "gpl"),
        ("gnu free documentation", "gfdl"),
        ("gnu fdl", "gfdl"),
        ("gnu agpl", "agpl"),
        ("gnu lgpl", "lgpl"),
        ("gnu gpl", "gpl"),
        ("mozilla public", "mpl"),
        ("eclipse public", "epl"),
        ("european union public", "eupl"),
        ("berkeley software distribution", "bsd"),
        ("massachusetts institute of technology", "mit"),
        ("common development and distribution", "cddl"),
        ("academic free", "afl"),
        ("open software", "osl"),
        ("zope public", "zpl"),
        ("sil open font", "ofl"),
        ("open font", "ofl"),
        ("universal permissive", "upl"),
        ("python software foundation", "psf"),
        ("apache software foundation", "apache"),
        ("apache software", "apache"),
        ("business source", "busl"),
        ("server side public", "sspl"),
        ("creative commons", "cc"),
        ("cc attribution", "cc by"),
        ("by share alike", "by sa"),
        ("by sharealike", "by sa"),
        ("by noncommercial", "by nc"),
        ("by non commercial", "by nc"),
        ("nc share alike", "nc sa"),
        ("nc sharealike", "nc sa"),
        ("by no derivatives", "by nd"),
        ("by noderivatives", "by nd"),
        ("by noderivs", "by nd"),
        ("nc no derivatives", "nc nd"),
        ("nc noderivatives", "nc nd"),
        ("nc noderivs", "nc nd"),
        ("two clause", "2 clause"),
        ("three clause", "3 clause"),
        ("four clause", "4 clause"),
        ("zero clause", "0 clause"),
        ("one clause", "1 clause"),
        ("clauses", "clause"),
    )
)


def key(text: str) -> str:
    """The words of a name that matter, joined with spaces; ``""`` when none is left."""
    words = _words(text)
    kept = f" {' '.join(words)} "
    kept = _LATER.sub(" +", kept)
    for written, name in _PHRASES:
        if written in kept:
            kept = kept.replace(written, name)
    return " ".join(_once(kept.split()))


def _words(text: str) -> list[str]:
    if not text.isascii():
        from unicodedata import normalize

        text = normalize("NFKC", text)
        for word in _GLUED_WORDS:
            text = text.replace(word, " ")
    text = _LOST_DOT.sub(r"\1.\2", _GLUED_V.sub(" v ", text.lower()))
    if ">" in text or "≥" in text:
        text = _AT_LEAST.sub(r" \1 +", text)
    words = _TOKEN.findall(text)
    # In "BSD 3.0" and "BSD v3" the number may be a version or a count of clauses.
    silent = _SILENT - _VERSION_WORDS if "bsd" in words else _SILENT
    return [word for word in words if word not in _LICENSE_WORDS and word not in silent]


def _once(words: list[str]) -> list[str]:
    """A name that is followed by itself or by its abbreviation: ``MIT License (MIT)``."""
    half, odd = divmod(len(words), 2)
    if half and not odd and words[:half] == words[half:]:
        words = words[:half]
    kept: list[str] = []
    for word in words:
        if not kept or word != kept[-1] or word in ("no", "not", "non"):
            kept.append(word)
    return kept
