"""Numbers in the prose of a decision, against those of the rules that enforce it.

A rule that cites a section says the same as the section, or one of the two has drifted: people
read "within 7 days" while the check allows 14. Lengths of time, sizes, parts of a hundred and
counts are compared; what the prose does not say is not held against the rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from adhere.policy.quantity import ByteSize, Duration
from adhere.spans.text import KeyPath

Dimension = Literal["time", "bytes", "part", "count"]

_UNITS: dict[str, tuple[Dimension, float]] = {
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), ("time", 0.001)),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), ("time", 1.0)),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), ("time", 60.0)),
    **dict.fromkeys(("h", "hour", "hours"), ("time", 3600.0)),
    **dict.fromkeys(("d", "day", "days"), ("time", 86400.0)),
    **dict.fromkeys(("w", "week", "weeks"), ("time", 604800.0)),
    **dict.fromkeys(("kb", "kilobytes"), ("bytes", 1e3)),
    **dict.fromkeys(("mb", "megabytes"), ("bytes", 1e6)),
    **dict.fromkeys(("gb", "gigabytes"), ("bytes", 1e9)),
    **dict.fromkeys(("kib",), ("bytes", 1024.0)),
    **dict.fromkeys(("mib",), ("bytes", 1024.0**2)),
    **dict.fromkeys(("gib",), ("bytes", 1024.0**3)),
    **dict.fromkeys(("%", "percent"), ("part", 0.01)),
}
_WORDS = {
    word: number
    for number, word in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ],
        1,
    )
} | {"fourteen": 14, "fifteen": 15, "thirty": 30, "sixty": 60, "ninety": 90}
_DAYS = _UNITS["days"]
_UNIT = "|".join(sorted(map(re.escape, _UNITS), key=lambda unit: -len(unit)))
_QUANTITY = re.compile(
    rf"(?<![\w.#/-])(?:([0-9]+(?:,[0-9]{{3}})*(?:\.[0-9]+)?)[ \u00a0-]?|({'|'.join(_WORDS)})\b[ -]?)"
    rf"(?:({_UNIT})(?!\w))?",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n\s*\n|\n\s*[-*+|]\s*")
_GENERIC = frozenset(
    [
        "max",
        "min",
        "most",
        "least",
        "value",
        "limit",
        "within",
        "over",
        "under",
        "older",
        "than",
        "at",
        "by",
        "up",
        "to",
        "vs",
        "valid",
    ]
)
"""Words of parameter names that no sentence is expected to say."""


class Quantity(NamedTuple):
    """A number with what it counts: seconds, bytes, a part of one, or things."""

    value: float
    dimension: Dimension


class Stated(NamedTuple):
    """A parameter of a rule that is a number.

    Attributes:
        at: path below ``with``.
        written: as in the rule.
        quantity: what that is.
        about: what it is a limit of, where its own name does not say: a key, a metric.
    """

    at: KeyPath
    written: str
    quantity: Quantity
    about: str = ""


def stated(params: object, at: KeyPath = ()) -> Iterator[Stated]:
    """Every number among the parameters of a rule, apart from those in lists."""
    if not isinstance(params, dict):
        return
    about = next((v for k in _ABOUT if isinstance(v := params.get(k), str)), "")
    for key, value in params.items():
        place = (*at, str(key))
        found = _quantity(value, is_limit=key in ("min", "max"))
        if found is not None:
            yield Stated(place, str(value), found, about)
        else:
            yield from stated(value, place)


_ABOUT = ("metric", "path")
"""Parameters that say what a limit beside them is of."""


def _quantity(value: object, *, is_limit: bool) -> Quantity | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        whole = is_limit and value == 1
        part = isinstance(value, float) and (0 < value < 1 or whole)
        return Quantity(float(value), "part" if part else "count")
    if not isinstance(value, str) or value.isdecimal():
        return None
    try:
        return Quantity(Duration(value).seconds, "time")
    except ValueError:
        pass
    percent = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)\s*%", value)
    if percent is not None:
        return Quantity(float(percent[1]) / 100, "part")
    try:
        return Quantity(float(ByteSize(value).bytes), "bytes")
    except ValueError:
        return None


def drift(parameter: Stated, siblings: Iterable[Stated], prose: str) -> tuple[str, ...]:
    """What a section says of a parameter, where that is something else.

    Args:
        parameter: of a rule that cites the section.
        siblings: numbers of the same rule, with the parameter itself.
        prose: of the section.

    Returns:
        The numbers as the section has them; nothing where it says the same, or nothing.
    """
    own = _names(parameter)
    others = [names for one in siblings if (names := _names(one)) and names != own]
    found: list[tuple[Quantity, str]] = []
    for sentence in _SENTENCE.split(prose):
        low = sentence.lower()
        quantities = list(_in(sentence))
        if own:
            if not all(_says(low, word) for word in own):
                continue
            quantities = _paired(low, own, others, quantities)
        found.extend((q, words) for _, q, words in quantities if _same(q, parameter.quantity))
    if not own and parameter.quantity.dimension == "count":
        return ()  # nothing in the name says which of the numbers is meant
    if not found or any(_equal(q, parameter.quantity) for q, _ in found):
        return ()
    return tuple(dict.fromkeys(words for _, words in found))


def _names(parameter: Stated) -> tuple[str, ...]:
    last = next((part for part in reversed(parameter.at) if isinstance(part, str)), "")
    own = _words(last)
    if own or parameter.quantity.dimension != "count":
        return own
    return _words(parameter.about.rpartition(".")[2].strip('"'))


def _words(name: str) -> tuple[str, ...]:
    return tuple(word for word in name.lower().split("_") if word and word not in _GENERIC)


def _says(sentence: str, word: str) -> bool:
    return re.search(_either(word), sentence) is not None


def _either(word: str) -> str:
    """A pattern for a noun, of one or several."""
    stem = word.rstrip("s")
    if stem.endswith("y"):
        return rf"\b{re.escape(stem[:-1])}(?:ys?|ies)\b"
    return rf"\b{re.escape(stem)}s?\b"


def _in(sentence: str) -> Iterator[tuple[int, Quantity, str]]:
    """Numbers of a sentence; one without a unit may have that of the others."""
    found: list[tuple[int, float, tuple[Dimension, float] | None, str]] = []
    for match in _QUANTITY.finditer(sentence):
        behind = sentence[match.end() : match.end() + 1]
        if not match[3] and match[0][-1].isalnum() and (behind.isalnum() or behind == "_"):
            continue  # a part of a name
        number = float(match[1].replace(",", "")) if match[1] else _WORDS[match[2].lower()]
        unit = _UNITS[match[3].lower()] if match[3] else None
        found.append((match.start(), number, unit, match[0].strip()))
    shared = next((unit for _, _, unit, _ in found if unit is not None), None)
    for start, number, own, words in found:
        if own is None:
            yield start, Quantity(number, "count"), words
        # "one of them" is no length of time for want of a unit.
        unit = own or (None if words.lower() in _WORDS else shared)
        if unit is not None:
            yield start, Quantity(number * unit[1], unit[0]), words
        if own == _DAYS:  # deadlines are mostly plain numbers of days
            yield start, Quantity(number, "count"), words


def _paired(
    sentence: str,
    own: Sequence[str],
    others: Sequence[Sequence[str]],
    quantities: list[tuple[int, Quantity, str]],
) -> list[tuple[int, Quantity, str]]:
    """Numbers of one name, where names and numbers take turns: ``CRITICAL within 7 days, HIGH 30``."""
    names = sorted(
        (match.start(), words == own)
        for words in (own, *others)
        for match in [re.search(_either(words[0]), sentence)]
        if match is not None
    )
    places = sorted({start for start, _, _ in quantities})
    if len(names) < 2 or len(names) != len(places):
        return quantities
    ordered = list(zip(names, places, strict=True))
    starts = [name[0] for name in names]
    before = all(
        place > name[0] and (n + 1 == len(starts) or place < starts[n + 1])
        for n, (name, place) in enumerate(ordered)
    )
    behind = all(
        place < name[0] and (n == 0 or place > starts[n - 1])
        for n, (name, place) in enumerate(ordered)
    )
    if not (before or behind):
        return quantities
    mine = {place for name, place in ordered if name[1]}
    return [one for one in quantities if one[0] in mine]


def _same(found: Quantity, wanted: Quantity) -> bool:
    return found.dimension == wanted.dimension


def _equal(found: Quantity, wanted: Quantity) -> bool:
    return abs(found.value - wanted.value) <= 1e-9 * max(abs(found.value), abs(wanted.value), 1.0)
