"""TOML, JSON and YAML files that rules make statements about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from adhere.errors import ConfigError, Problem
from adhere.model.location import Location
from adhere.model.need import DataFile
from adhere.spans.document import Document
from adhere.spans.text import KeyPath, Lines


def read_data(text: str, path: str) -> DataFile:
    """Parse a structured file by its suffix.

    Args:
        text: of the file.
        path: relative to the project.

    Raises:
        ConfigError: it is malformed, with line and column.
    """
    if path.endswith(".toml"):
        document = Document(path, text)

        def in_toml(at: KeyPath) -> Location:
            return Location(path, *document.position(at))

        return DataFile(path, document.value, in_toml)
    if path.endswith((".json", ".sarif")):
        return _json(text, path)
    return _yaml(text, path)


def _json(text: str, path: str) -> DataFile:
    try:
        value: Any = msgspec.json.decode(text.encode())
    except RecursionError:
        raise ConfigError(_problem(path, "values are nested too deeply")) from None
    except msgspec.DecodeError:
        raise ConfigError(_json_problem(text, path)) from None
    _refuse_repeated(text, path)

    def in_json(at: KeyPath) -> Location:
        from adhere.spans.json import locate

        places = locate(text)
        while at and at not in places:
            at = at[:-1]
        return Location(path, *Lines(text).position(places[at].key if at in places else 0))

    return DataFile(path, value, in_json)


def _refuse_repeated(text: str, path: str) -> None:
    """Of a key that is there twice, who knows which one another program takes."""
    import json

    def table(pairs: list[tuple[str, object]]) -> None:
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise ConfigError(_problem(path, f"the key `{key[:80]}` is there twice"))
            seen.add(key)

    try:
        json.loads(text, object_pairs_hook=table)
    except (RecursionError, ValueError) as error:
        raise ConfigError(_problem(path, f"not usable JSON: {error}")) from None


def _json_problem(text: str, path: str) -> Problem:
    import json  # its errors name line and column; msgspec's name a byte

    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        message = f"not valid JSON: {error.msg}"
        return _problem(path, message, error.lineno, error.colno, text)
    return _problem(path, "not valid JSON")


def _yaml(text: str, path: str) -> DataFile:
    from adhere.sources.yaml_nodes import YamlError, compose, place

    try:
        root, value = compose(text)
    except YamlError as error:
        message = str(error)
        raise ConfigError(_problem(path, message, error.line, error.column, text)) from None

    def in_yaml(at: KeyPath) -> Location:
        return Location(path, *place(root, at))

    return DataFile(path, _plain(value), in_yaml)


def _plain(value: Any) -> Any:
    """Values of YAML in the types that TOML and JSON have; keys as text."""
    if isinstance(value, dict):
        return {str(key): _plain(child) for key, child in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_plain(child) for child in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def _problem(path: str, message: str, line: int = 0, column: int = 0, text: str = "") -> Problem:
    excerpt = Lines(text).text_of(line) if text and line else ""
    return Problem("data-invalid", message, path=path, line=line, column=column, excerpt=excerpt)
