"""Words for a reader who has to sign: which evidence says what."""

from __future__ import annotations

from collections.abc import Sequence

from adhere.licenses.evidence import Voice
from adhere.licenses.phrases import printable

_SHOWN = 60
_SHOWN_PATH = 120


def source(voice: Voice) -> str:
    """What a piece of evidence is called."""
    kind = voice.claim.kind
    if kind == "license-text":
        return printable(voice.claim.document, _SHOWN_PATH)
    return {
        "license-expression": "License-Expression",
        "license-field": "License" if voice.facts is None else "the text in License",
        "classifiers": "the classifiers" if _several(voice) else "the classifier",
        "sbom": "the SBOM",
        "curated": "the built-in list of known packages",
    }.get(kind, kind)


def _several(voice: Voice) -> bool:
    return len(voice.parts) > 1 or (voice.sense == "reserved" and "; " in voice.claim.raw)


def list_words(items: Sequence[str]) -> str:
    """``A``, ``A and B``, ``A, B and C``; long lists are cut and said to be."""
    shown = list(dict.fromkeys(items))
    if len(shown) > 5:
        shown = [*shown[:4], f"{len(shown) - 4} more"]
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} and {shown[-1]}"


def lead_words(voice: Voice) -> str:
    """What a declaration says."""
    name, claim = source(voice), voice.claim
    if voice.facts is not None:
        return text_words(voice)
    if voice.sense == "reserved":
        return f"{name} {_say(voice)} {_quoted(voice)}: {claim.note}"
    if claim.kind == "classifiers":
        said = list_words([part if isinstance(part, str) else part.name for part in voice.parts])
        return f"{name} {_say(voice)} {said or _quoted(voice)}{_open(voice)}"
    if voice.sense == "unread" and not voice.parts:
        return name
    if claim.kind == "curated":
        return f"{name} says {claim.expression}, {claim.note}"
    if voice.sense == "license":
        said = claim.expression
        exact = claim.raw.strip() == said
        return f"{name} says {said}" if exact else f"{name} says {_quoted(voice)}, which is {said}"
    return f"{name} says {_quoted(voice)}{_open(voice)}"


def _say(voice: Voice) -> str:
    return "say" if source(voice) == "the classifiers" else "says"


def said_words(voice: Voice) -> str:
    """What a declaration says, without what it means."""
    return f"{source(voice)} says {_quoted(voice)}"


def _open(voice: Voice) -> str:
    if voice.sense == "license":
        return "" if not voice.family else f", which is {voice.claim.expression}"
    if voice.family is not None:
        return ", which does not say which license of that name"
    if voice.sense == "open" and voice.claim.kind == "classifiers":
        return ", without saying AND or OR"
    return f": {voice.claim.note}"


def text_words(voice: Voice, name: str = "") -> str:
    """What a license text is, in a file or in the metadata."""
    document, facts = source(voice), voice.facts
    if voice.sense == "reserved":
        return f"{document} {voice.claim.note.removeprefix('it ')}"
    if facts is not None and facts.stated and (not name or name == facts.stated):
        return f"{document} says {facts.stated}"
    if name and voice.claim.expression != name:
        return f"{document} holds the text of {name}"
    if voice.sense == "license":
        return f"{document} is the text of {voice.claim.expression}"
    note = voice.claim.note
    return (
        f"{document} {note.removeprefix('it ')}"
        if note.startswith("it ")
        else f"{document}: {note}"
    )


def conflict_words(voices: Sequence[Voice]) -> str:
    """What speaks against it."""
    return "; ".join(dict.fromkeys(lead_words(voice) for voice in voices[:3]))


def agree_words(agreeing: Sequence[Voice], deciders: Sequence[Voice]) -> str:
    """``; the classifier and LICENSE agree``, and what made it more exact."""
    words = ""
    exact = [voice for voice in deciders if voice.claim.expression]
    if exact:
        words += f'; {source(exact[0])} says "or later"' if _is_later(exact[0]) else ""
    names = [source(voice) for voice in agreeing]
    if not names:
        return words
    return f"{words}; {list_words(names)} {'agrees' if len(set(names)) == 1 else 'agree'}"


def doubt_words(
    unread: Sequence[Voice],
    split: Sequence[Voice],
    more: Sequence[tuple[Voice, Sequence[str]]] = (),
    stray: Sequence[Voice] = (),
) -> str:
    """What a reader should look at although a license was concluded."""
    words = ""
    if unread:
        words += f"; {source(unread[0])} is not recognised"
    if split:
        words += f"; {source(split[0])} puts parts under other terms"
    if more:
        voice, names = more[0]
        words += f"; {source(voice)} also holds {list_words(names)}"
    if stray:
        words += f"; {text_words(stray[0])}, which is not declared"
    return words


def _is_later(voice: Voice) -> bool:
    return voice.claim.expression.endswith("-or-later")


def _quoted(voice: Voice) -> str:
    return f"`{printable(voice.claim.raw.replace('`', chr(39)), _SHOWN)}`"
