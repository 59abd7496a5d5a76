"""Fields of a struct as a reader is told of them: name, type, default, meaning."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import msgspec
from msgspec import NODEFAULT, Struct
from msgspec.inspect import (
    AnyType,
    BoolType,
    CustomType,
    DateType,
    DictType,
    FloatType,
    IntType,
    ListType,
    LiteralType,
    Metadata,
    NoneType,
    StrType,
    StructType,
    TupleType,
    Type,
    UnionType,
    VarTupleType,
    type_info,
)

_ATTRIBUTE = re.compile(r"^    (\w+): (.*(?:\n {8}.*)*)", re.MULTILINE)


class Field(Struct):
    """One field.

    Attributes:
        name: as it is written in a file.
        type: in words, Markdown.
        default: in Markdown; ``required`` when there is none.
        meaning: what the docstring of its struct says, Markdown.
        about: what the docstring of its own type says.
        struct: its own type, when that is a struct.
        kind: for the structs inside of it.
    """

    name: str
    type: str
    default: str
    meaning: str
    about: str
    struct: type[Struct] | None
    kind: Type

    def renamed(self, name: str, meaning: str) -> Field:
        """The same under another name, with another meaning where it has none."""
        own = self.meaning or meaning
        return Field(name, self.type, self.default, own, self.about, self.struct, self.kind)

    def inner(self) -> Iterator[Field]:
        """The fields of the struct that a list may hold."""
        for kind in _parts(self.kind):
            if isinstance(kind, StructType):
                yield from fields(kind.cls)


def fields(struct: type[Struct], *, scalars: bool | None = None) -> Iterator[Field]:
    """The fields of a struct in order.

    Args:
        struct: whose.
        scalars: ``True`` for those that are no struct, ``False`` for the others.
    """
    text = inspect.cleandoc(struct.__doc__ or "")
    meanings = {name: _markdown(words) for name, words in _ATTRIBUTE.findall(text)}
    kinds = {field.name: field.type for field in type_info(struct).fields}  # type: ignore[attr-defined]  # of a struct
    for field in msgspec.structs.fields(struct):
        kind = kinds[field.name]
        described = kind.extra_json_schema if isinstance(kind, Metadata) else None
        kind = kind.type if isinstance(kind, Metadata) else kind
        own = kind.cls if isinstance(kind, StructType) else None
        if scalars is not None and scalars is (own is not None):
            continue
        meaning = meanings.get(field.name, "") or _markdown(
            (described or {}).get("description", "")
        )
        about = _markdown((own.__doc__ or "").partition("\n\n")[0]) if own else ""
        yield Field(field.encode_name, _type(kind), _default(field), meaning, about, own, kind)


def _markdown(words: str) -> str:
    text = " ".join(words.replace("``", "`").split())
    if text and text[0].isalpha():
        text = text[0].upper() + text[1:]
    return text if not text or text.endswith(".") else f"{text}."


def _default(field: Any) -> str:
    if field.default is not NODEFAULT:
        value = field.default
    elif field.default_factory is not NODEFAULT:
        value = field.default_factory()
    else:
        return "required"
    return _value(value)


def _value(value: Any) -> str:
    if value in ("", (), None) or value == {} or isinstance(value, Struct):
        return ""
    return f"`{_toml(value)}`"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float, date)):
        return str(value)
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {_toml(item)}' for key, item in value.items())} }}"
    return f'"{value}"'


_SIMPLE = {
    AnyType: "any value",
    BoolType: "true or false",
    DateType: "date",
    FloatType: "number",
    IntType: "whole number",
    NoneType: "nothing",
    StrType: "string",
}


def _type(kind: Type) -> str:
    if isinstance(kind, Metadata):
        return _type(kind.type)
    for simple, words in _SIMPLE.items():
        if isinstance(kind, simple):
            return words
    if isinstance(kind, LiteralType):
        return _or([f"`{value}`" for value in kind.values])
    if isinstance(kind, (ListType, VarTupleType)):
        return f"list of {_many(_type(kind.item_type))}"
    if isinstance(kind, TupleType):
        return f"({', '.join(_type(item) for item in kind.item_types)})"
    if isinstance(kind, DictType):
        return f"table of {_many(_type(kind.value_type))} by name"
    if isinstance(kind, UnionType):
        return _or([_type(part) for part in kind.types if not isinstance(part, NoneType)])
    if isinstance(kind, StructType):
        return f"[{kind.cls.__name__}](#{kind.cls.__name__.lower()})"
    if isinstance(kind, CustomType):
        return {"Duration": "duration", "ByteSize": "size"}[kind.cls.__name__]
    raise NotImplementedError(kind)


def _many(words: str) -> str:
    plain = {
        "string": "strings",
        "duration": "durations",
        "whole number": "whole numbers",
        "[Approval](#approval) or string": "tables or strings",
        "[Denial](#denial) or string": "tables or strings",
    }
    return plain.get(words, words)


def _or(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _parts(kind: Type) -> Iterable[Type]:
    yield kind
    if isinstance(kind, Metadata):
        yield from _parts(kind.type)
    elif isinstance(kind, (ListType, VarTupleType)):
        yield from _parts(kind.item_type)
    elif isinstance(kind, UnionType):
        for part in kind.types:
            yield from _parts(part)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table; a column without any value is left out."""
    kept = list(rows)
    columns = [i for i in range(len(head)) if any(row[i] for row in kept)]
    lines = [[head[i] for i in columns], ["---"] * len(columns)]
    lines += [[row[i].replace("|", "\\|") for i in columns] for row in kept]
    return [f"| {' | '.join(cells)} |" for cells in lines]


def bullet(field: Field, indent: str = "") -> list[str]:
    """A field as an item of a list, wrapped for a terminal."""
    kind = re.sub(r"\[(\w+)\]\(#\w+\)", "table", field.type)
    default = {"": "", "required": ", required"}.get(field.default, f", default {field.default}")
    words = f"- `{field.name}`: {kind}{default}. {field.meaning}".rstrip()
    return textwrap.wrap(
        words,
        88,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
