"""Typed values from a document, with every mistake of it found in one pass.

msgspec converts, but stops at the first error. `Decoder` converts key by key, so that a
user sees all mistakes of a file at once, each with its place and the nearest valid name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, TypeGuard, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec import NODEFAULT, Struct, ValidationError

from adhere.errors import Problem
from adhere.policy.quantity import ByteSize, Duration
from adhere.spans.document import Node

S = TypeVar("S", bound=Struct)

SCHEMA = 1
"""Of every TOML file of ours."""

# Patterns are compiled when something is wrong.
_WHERE = r" - at `\$?(.*)`$"
_STEP = r"\.([^.\[]+)|\[(\d+)\]"

_TYPE_WORDS = {
    "array": "a list",
    "bool": "true or false",
    "date": "a date",
    "datetime": "a time",
    "float": "a number",
    "int": "a whole number",
    "object": "a table",
    "str": "a string",
}
_NO_DATE = "Invalid RFC3339 encoded date"  # msgspec's words for text that is none
_TYPE = rf"`({'|'.join(_TYPE_WORDS)})`"

FORMER: Mapping[str, str] = {
    "severity": "level",
    "kind": "check",
    "params": "with",
    "parameters": "with",
    "description": "why",
    "rationale": "why",
    "remedy": "fix",
    "references": "refs",
    "expiry": "expires",
    "until": "expires",
    "package": "subject",
    "license": "expression",
    "waivers_file": "waivers",
    "snapshot-url": "snapshot_url",
}
"""Names that other tools or drafts of ours use for a key, and the key."""


@lru_cache(maxsize=256)
def _fields(cls: type[Struct]) -> Mapping[str, msgspec.structs.FieldInfo]:
    """Fields by key; a project of many rules decodes the same types again and again."""
    return {field.encode_name: field for field in msgspec.structs.fields(cls)}


class Decoder:
    """Turns nodes into structs and collects what is wrong.

    Attributes:
        problems: every mistake found so far.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def struct(self, node: Node, cls: type[S], *, ignore: Iterable[str] = ()) -> S | None:
        """Decode a table.

        Args:
            node: the table.
            cls: what to make of it; unknown keys are mistakes.
            ignore: keys that somebody else decodes.

        Returns:
            The value, or ``None`` when a key is missing or wrong.
        """
        if not isinstance(node.value, dict):
            self._add(node, "config-type", f"expected a table, got {_kind(node.value)}")
            return None
        before = len(self.problems)
        fields = _fields(cls)
        given: dict[str, Any] = {}
        ignored = frozenset(ignore)
        for key, child in node.value.items():
            field = fields.get(key)
            if field is not None:
                given[field.name] = self.value(child, field.type)
            elif key not in ignored:
                self._unknown(child, key, (*fields, *ignored))
        for key, field in fields.items():
            required = field.default is NODEFAULT and field.default_factory is NODEFAULT
            if required and field.name not in given:
                self._add(node, "config-missing-key", f"`{key}` is missing")
        return cls(**given) if len(self.problems) == before else None

    def value(self, node: Node, kind: Any) -> Any:
        """Decode one value of any type that a configuration may hold."""
        origin, args = get_origin(kind), get_args(kind)
        if _is_struct(kind):
            return self.struct(node, kind)
        if origin in (Union, UnionType):
            return self._union(node, args)
        if origin in (tuple, list) and isinstance(node.value, list):
            return tuple(self.value(child, args[0]) for child in node.value)
        if origin is dict and isinstance(node.value, dict):
            return {key: self.value(child, args[1]) for key, child in node.value.items()}
        try:
            return msgspec.convert(node.plain(), kind, dec_hook=_hook)
        except ValidationError as error:
            self._wrong(node, kind, str(error))
            return None

    def _union(self, node: Node, options: tuple[Any, ...]) -> Any:
        """A table or a plain form of the same thing: the table decides which is meant."""
        table = isinstance(node.value, dict)
        for option in options:
            if table and _is_struct(option):
                return self.struct(node, option)
        # TOML has no null: a default of `None` is no word for somebody who writes a value.
        plain = [o for o in options if o is not NoneType and not _is_struct(o)]
        union: Any = plain[0]
        for option in plain[1:]:
            union = union | option
        return self.value(node, union) if len(plain) == 1 else self._convert(node, union)

    def _convert(self, node: Node, kind: Any) -> Any:
        try:
            return msgspec.convert(node.plain(), kind, dec_hook=_hook)
        except ValidationError as error:
            self._wrong(node, kind, str(error))
            return None

    def _unknown(self, node: Node, key: str, known: Iterable[str]) -> None:
        former = FORMER.get(key)
        known = tuple(known)
        if former in known:
            hint = f"it is called `{former}`"
        else:
            hint = nearest(key, known) or f"known are {quoted(known) or 'none'}"
        self.problems.append(
            node.problem("config-unknown-key", f"unknown key `{key}`", hint=hint, on_key=True)
        )

    def _wrong(self, node: Node, kind: Any, message: str) -> None:
        where = re.search(_WHERE, message)
        if where:
            message = message[: where.start()]
            for name, index in re.findall(_STEP, where.group(1)):
                node = node.down((name or int(index),))
        hint = ""
        allowed = get_args(kind)
        if allowed and all(isinstance(option, str) for option in allowed):
            message = f"{node.plain()!r} is none of {quoted(allowed)}"
            hint = nearest(str(node.plain()), allowed)
        elif message == _NO_DATE:
            message = "not a date: write 2026-12-15, without quotes"
        elif message.startswith("Expected"):
            message = "e" + re.sub(_TYPE, lambda match: _TYPE_WORDS[match.group(1)], message[1:])
        self._add(node, "config-type", message, hint)

    def _add(self, node: Node, code: str, message: str, hint: str = "") -> None:
        self.problems.append(node.problem(code, message, hint=hint))


def unknown_schema(root: Node) -> list[Problem]:
    """What is wrong with the ``schema`` of a file: a later one is not guessed at."""
    schema = root.child("schema")
    if schema is None or schema.plain() == SCHEMA:
        return []
    message = f"schema {schema.plain()!r} is not known"
    hint = f"this version of adhere reads schema {SCHEMA}"
    return [schema.problem("config-schema", message, hint=hint)]


def nearest(word: str, known: Iterable[str]) -> str:
    """``did you mean ...?`` for the closest known name, ``""`` when none is close."""
    from difflib import get_close_matches

    close = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean `{close[0]}`?" if close else ""


def quoted(names: Iterable[str]) -> str:
    """Names in backticks, comma-separated."""
    return ", ".join(f"`{name}`" for name in names)


def _is_struct(kind: object) -> TypeGuard[type[Struct]]:
    return isinstance(kind, type) and issubclass(kind, Struct)


def _hook(kind: type, value: object) -> object:
    if kind in (Duration, ByteSize):
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            raise ValueError(f"Expected `str`, got `{type(value).__name__}`")
        if kind is Duration and isinstance(value, int):
            raise ValueError('a duration needs a unit: "48h", "7d", "2s"')
        quantity = kind(str(value))
        hash(quantity)  # asks for its amount, which is where a wrong one is noticed
        return quantity
    raise NotImplementedError(f"cannot read a {kind.__name__}")


def _kind(value: object) -> str:
    if isinstance(value, list):
        return "an array"
    if isinstance(value, dict):
        return "a table"
    return repr(value)
