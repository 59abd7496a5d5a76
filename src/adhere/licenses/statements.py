"""What a license file says beside its texts: a tag, a sentence, an exception.

``Kiwi is licensed under the terms of the Modified BSD License, as follows:`` says what the
text below it is for; ``available under the MIT license, or the AFL version 2.1`` says how
the two texts below it apply. Such a sentence counts only when it is about the whole, stands
before the first text, names exactly the licenses that follow, and is the only one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from adhere.licenses.expression import ExpressionError, known, leaves, parse, render
from adhere.licenses.normalise import interpret

MAX_HEAD = 2_000
"""Characters of a file in which such a sentence is looked for."""

_TAG = re.compile(r"SPDX-License-Identifier:[ \t]*([^\n\r`*\"'<>]{1,200})")
_SENTENCE = re.compile(r"(?:[^.:;]|[.:;](?=\S)){1,400}")
_UNDER = re.compile(
    r"\b(?:is|are)\s+(?:made\s+)?(?:available|released|licen[cs]ed|distributed|provided)\s+under\s+"
    r"(?:the\s+)?(?:terms?\s+(?:and\s+conditions?\s+)?of\s+)?(?P<what>.+)"
)
_FOLLOWS = re.compile(
    r",?\s+(?:as\s+follows|(?:reproduced|included|given|quoted|stated)\s+below|below)$"
)
_ALIAS = re.compile(r"\s*\((?:also|a\.?k\.?a\.?|better)\b[^()]*\)")
# A sentence with one of these may be about something else than the whole.
_PART = re.compile(
    r"\b(?:parts?|portions?|files?|director(?:y|ies)|modules?|components?|sections?|except|unless"
    r"|documentation|docs|examples?|tests?|data|fonts?|icons?|contributions?|bundle[ds]?"
    r"|vendored|third[- ]part(?:y|ies)|dependenc(?:y|ies)|librar(?:y|ies) it|code from|some|most"
    r"|this file|generated|used to|which|original|upstream|port|was|were|until|before|prior|since|not|if|when)\b",
    re.IGNORECASE,
)

# base license without "only" and "or later", exception, words of that exception
_EXCEPTIONS = (
    ("Apache-2.0", "LLVM-exception", r"llvm\s+exceptions?\s+to\s+the\s+apache\s+2\.0\s+license"),
    ("GPL-3.0", "GCC-exception-3.1", r"gcc\s+runtime\s+library\s+exception\W+version\s+3\.1"),
    (
        "GPL-2.0",
        "Classpath-exception-2.0",
        r"linking\s+this\s+library\s+statically\s+or\s+dynamically\s+with\s+other\s+modules",
    ),
)


def tagged(text: str, held: Sequence[tuple[str, ...]]) -> str:
    """The expression of a file's SPDX tags, when it speaks of everything in the file.

    Args:
        text: the whole file.
        held: the licenses of each text in it; a GNU text is two.
    """
    found: set[str] = set()
    for tag in _TAG.findall(text)[:50]:
        try:
            tree = parse(tag.strip().removesuffix("-->").removesuffix("*/").strip())
        except ExpressionError:
            return ""
        if not known(tree):
            return ""
        found.add(render(tree))
    if len(found) != 1:
        return ""
    expression = found.pop()
    names = {render(leaf) for leaf in leaves(parse(expression))}
    return expression if all(names.intersection(one) for one in held) else ""


def said(head: str, held: Sequence[tuple[str, ...]]) -> str:
    """The expression that a sentence at the head of a file says about all its texts.

    Args:
        head: what stands before the first license text.
        held: the licenses of each text in the file; a GNU text is two.

    Returns:
        a canonical expression, ``""`` when no sentence says one.
    """
    found: dict[str, None] = {}
    flat = " ".join(head[:MAX_HEAD].replace('"', " ").replace("`", " ").split())
    for sentence in _SENTENCE.findall(flat):
        match = _UNDER.search(sentence.strip())
        if match is None:
            continue
        if _PART.search(sentence):
            return ""
        what = _FOLLOWS.sub("", _ALIAS.sub("", match["what"]).rstrip(" .:;,"))
        reading = interpret(what)
        found[reading.expression if reading.sense == "license" else ""] = None
    if len(found) != 1:
        return ""
    expression = next(iter(found))
    return expression if expression and _same_licenses(expression, held) else ""


def _same_licenses(expression: str, held: Sequence[tuple[str, ...]]) -> bool:
    names = {render(leaf) for leaf in leaves(parse(expression))}
    return bool(held) and all(names.intersection(one) for one in held) and len(names) == len(held)


def with_exception(licenses: tuple[str, ...], text: str) -> tuple[str, ...]:
    """A license as it is when the same file holds the words of an exception to it."""
    for base, exception, words in _EXCEPTIONS:
        if _stem(licenses[0]) == base and re.search(words, text, re.IGNORECASE):
            return tuple(f"{name} WITH {exception}" for name in licenses)
    return licenses


def _stem(name: str) -> str:
    return name.removesuffix("-only").removesuffix("-or-later")
