"""What is claimed about a license, by whom, and what follows from it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

ClaimKind = Literal[
    "clarification",
    "license-expression",
    "license-field",
    "classifiers",
    "license-text",
    "sbom",
    "index",
    "curated",
]

Standing = Literal["decides", "agrees", "contradicts", "outranked", "silent"]
"""How a claim relates to the conclusion.

``decides``: the conclusion was taken from it. ``agrees``: it says the same, or nothing
against it. ``contradicts``: it names licenses that the conclusion does not. ``outranked``:
it is vaguer than what decided. ``silent``: no license could be read from it.
"""

State = Literal["concluded", "clarified", "ambiguous", "conflicting", "unknown"]


class Claim(Struct, frozen=True, array_like=True):
    """One piece of license evidence.

    Attributes:
        kind: what sort of evidence.
        document: the file it stands in, as a reader would call it.
        raw: what was written there, at most `MAX_RAW` characters. Untrusted.
        digest: ``sha256:<hex>`` of that file.
        expression: the SPDX expression it says, canonical; ``""`` for none.
        candidates: licenses it may mean when it does not say one.
        confidence: 0.0 to 1.0; how surely ``raw`` means ``expression``.
        note: why it was read this way, as a clause.
        standing: how it relates to the conclusion.
    """

    kind: ClaimKind
    document: str
    raw: str = ""
    digest: str = ""
    expression: str = ""
    candidates: tuple[str, ...] = ()
    confidence: float = 0.0
    note: str = ""
    standing: Standing = "silent"


class Conclusion(Struct, frozen=True, array_like=True):
    """What all evidence about one package's license comes to.

    Attributes:
        state: ``concluded`` or ``clarified`` have an expression; ``conflicting`` has the
            declared one, which must not be relied on; the others have none.
        expression: canonical SPDX expression, ``""`` for none.
        candidates: what an ambiguous package may be under, canonical, sorted.
        confidence: 0.0 to 1.0.
        why: which evidence decided, or why none could, as a sentence.
        claims: all evidence, strongest first, the losers kept.
        missing: evidence that was not to be had and why, as clauses.
    """

    state: State
    expression: str = ""
    candidates: tuple[str, ...] = ()
    confidence: float = 0.0
    why: str = ""
    claims: tuple[Claim, ...] = ()
    missing: tuple[str, ...] = ()


MAX_RAW = 300
"""Characters of an author's own words that a claim keeps."""
