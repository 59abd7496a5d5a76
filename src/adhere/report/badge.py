"""A badge: the verdict as a small picture, for a README."""

from __future__ import annotations

COLOURS = {"good": "#0a6640", "doubt": "#8a4b00", "bad": "#b3261e", "calm": "#4a5568"}
"""By tone, dark enough for white words on them."""

_LABEL = "compliance"
_LETTER = 7.0
"""Width of a letter, in pixels; the picture itself makes its words fit."""


def badge(word: str, tone: str) -> bytes:
    """The badge, as SVG without styles, scripts or ids.

    Args:
        word: a verdict of ours, not a stranger's word.
        tone: of a state.
    """
    left, right = _width(_LABEL), _width(word)
    text = '<text y="14" fill="#ffffff" textLength="{length}" x="{x}">{word}</text>'
    parts = (
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" '
            f'viewBox="0 0 {left + right} 20" role="img" aria-label="{_LABEL}: {word}">'
        ),
        f'<rect width="{left}" height="20" fill="#2b3340"/>',
        f'<rect x="{left}" width="{right}" height="20" fill="{COLOURS[tone]}"/>',
        '<g font-family="Verdana, DejaVu Sans, sans-serif" font-size="11">',
        text.format(length=left - 12, x=6, word=_LABEL),
        text.format(length=right - 12, x=left + 6, word=word),
        "</g>",
        "</svg>",
    )
    return ("\n".join(parts) + "\n").encode()


def _width(word: str) -> int:
    return round(len(word) * _LETTER) + 12
