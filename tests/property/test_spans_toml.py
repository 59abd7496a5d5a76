"""Positions in any TOML document: every value has one, and the text there means the value."""

from __future__ import annotations

import json
import tomllib
from datetime import date, datetime, time
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from adhere.spans.document import Document
from adhere.spans.text import KeyPath
from adhere.spans.toml import locate

KEYS = st.text(st.sampled_from("abz09_-"), min_size=1, max_size=4)
ODD_KEYS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=4)
STRINGS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
SCALARS = st.one_of(
    st.integers(-(2**60), 2**60),
    st.booleans(),
    st.floats(allow_nan=False),
    STRINGS,
    st.dates(min_value=date(1000, 1, 1)),
    st.times().map(lambda t: t.replace(microsecond=0)),
    st.datetimes(min_value=datetime(1000, 1, 1)).map(lambda d: d.replace(microsecond=0)),  # noqa: DTZ001 - local times are TOML too
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(KEYS | ODD_KEYS, inner, max_size=3)
    ),
    max_leaves=8,
)
TABLES = st.dictionaries(KEYS | ODD_KEYS, VALUES, max_size=4)


class Writer:
    """Writes a table in one of the many ways in which TOML lets it be written."""

    def __init__(self, draw: Any) -> None:
        self._draw = draw

    def pick(self, *options: str) -> str:
        return str(self._draw(st.sampled_from(options)))

    def document(self, table: dict[str, Any], path: tuple[str, ...] = ()) -> str:
        plain, headed = "", ""
        for key, value in table.items():
            name = self.key(key)
            if isinstance(value, dict) and self.pick("header", "inline") == "header":
                header = f"{self.blank()}[{'.'.join((*path, name))}]{self.end()}"
                headed += header + self.document(value, (*path, name))
            elif (
                isinstance(value, list)
                and value
                and all(isinstance(item, dict) for item in value)
                and self.pick("header", "inline") == "header"
            ):
                for item in value:
                    headed += f"[[{'.'.join((*path, name))}]]{self.end()}"
                    headed += self.document(item, (*path, name))
            else:
                blank = self.blank()
                plain += f"{blank}{name}{self.blank()}={blank}{self.value(value)}{self.end()}"
        return plain + headed

    def key(self, key: str) -> str:
        if key and all(c in "abz09_-" for c in key):
            return self.pick(key, f'"{key}"', f"'{key}'")
        return json.dumps(key, ensure_ascii=False).replace("\x7f", "\\u007f")

    def value(self, value: Any) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str):
            return self.string(value)
        if isinstance(value, list):
            gap = self.pick("", " ", "\n", " # [x\n", "\t")
            inner = f",{gap}".join(self.value(item) for item in value)
            comma = self.pick("", ",") if value else ""
            return f"[{gap}{inner}{comma}{gap}]"
        if isinstance(value, dict):
            pairs = [f"{self.key(key)} = {self.value(item)}" for key, item in value.items()]
            return "{" + ", ".join(pairs) + "}"
        if isinstance(value, (datetime, date, time)):
            return value.isoformat()
        return repr(value)

    def string(self, text: str) -> str:
        options = [json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")]
        printable = all(c.isprintable() for c in text)
        if printable and "'" not in text:
            options += [f"'{text}'", f"'''{text}'''"]
        if printable and '"' not in text and "\\" not in text:
            options += [f'"""{text}"""', f'"""\n{text}"""', f'"""{text}\\\n  """']
        return self.pick(*options)

    def blank(self) -> str:
        return self.pick("", " ", "\t", "  ")

    def end(self) -> str:
        return self.pick("\n", "\r\n", "  # a = [1\n", "\n\n# [table]\n")


@st.composite
def documents(draw: Any) -> tuple[dict[str, Any], str]:
    table = draw(TABLES)
    return table, Writer(draw).document(table)


def leaves(value: Any, at: KeyPath = ()) -> list[tuple[KeyPath, Any]]:
    if isinstance(value, dict):
        return [leaf for key, child in value.items() for leaf in leaves(child, (*at, key))]
    if isinstance(value, list):
        return [leaf for index, child in enumerate(value) for leaf in leaves(child, (*at, index))]
    return [(at, value)]


@given(documents())
def test_the_text_at_a_place_means_the_value(case: tuple[dict[str, Any], str]) -> None:
    table, text = case
    assert tomllib.loads(text) == table
    assert Document("a.toml", text).root.plain() == table
    places = locate(text)
    assert {(), *places} == every(table)
    for path, value in leaves(table):
        key, (start, end) = places[path]
        assert tomllib.loads(f"v = {text[start:end]}")["v"] == value
        assert key.end <= start or isinstance(path[-1], int)


def every(value: Any, at: KeyPath = ()) -> set[KeyPath]:
    found: set[KeyPath] = {at}
    if isinstance(value, dict):
        for key, child in value.items():
            found |= every(child, (*at, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            found |= every(child, (*at, index))
    return found
