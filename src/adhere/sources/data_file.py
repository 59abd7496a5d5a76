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

MAX_NODES = 1_000_000
"""Values that a YAML document may come to when its aliases are followed."""


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
    if path.endswith(".json"):
        return _json(text, path)
    return _yaml(text, path)


def _json(text: str, path: str) -> DataFile:
    try:
        value: Any = msgspec.json.decode(text.encode())
    except RecursionError:
        raise ConfigError(_problem(path, "values are nested too deeply")) from None
    except msgspec.DecodeError:
        raise ConfigError(_json_problem(text, path)) from None

    def in_json(at: KeyPath) -> Location:
        from adhere.spans.json import locate

        places = locate(text)
        while at and at not in places:
            at = at[:-1]
        return Location(path, *Lines(text).position(places[at].key if at in places else 0))

    return DataFile(path, value, in_json)


def _json_problem(text: str, path: str) -> Problem:
    import json  # its errors name line and column; msgspec's name a byte

    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        message = f"not valid JSON: {error.msg}"
        return _problem(path, message, error.lineno, error.colno, text)
    return _problem(path, "not valid JSON")


def _yaml(text: str, path: str) -> DataFile:
    import yaml

    try:
        nodes = list(yaml.compose_all(text, Loader=yaml.SafeLoader))
        if len(nodes) > 1:
            message = "it holds several documents, and a path means one"
            raise ConfigError(_problem(path, message, _line(nodes[1]), 1, text))
        root = nodes[0] if nodes else None
        if root is not None and _weight(root, {}, 0) > MAX_NODES:
            raise ConfigError(_problem(path, "its aliases unfold to more than it may hold"))
        value = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        message = f"not valid YAML: {error.problem or error.context or 'malformed'}"
        raise ConfigError(_problem(path, message, line, column, text)) from None
    except yaml.YAMLError as error:
        raise ConfigError(_problem(path, f"not valid YAML: {error}")) from None
    except (RecursionError, ValueError, OverflowError) as error:
        raise ConfigError(_problem(path, f"not usable YAML: {error}")) from None

    def in_yaml(at: KeyPath) -> Location:
        return Location(path, *_place(root, at))

    return DataFile(path, _plain(value), in_yaml)


def _line(node: Any) -> int:
    return int(node.start_mark.line) + 1


def _weight(node: Any, known: dict[int, int], depth: int) -> int:
    """Number of values below a node, each alias counted as often as it is used."""
    if depth > 200:
        raise RecursionError("values are nested too deeply")
    if id(node) in known:
        return known[id(node)]
    known[id(node)] = MAX_NODES + 1  # an alias to a node around it has no end
    total = 1
    if isinstance(node.value, list):
        for child in node.value:
            for part in child if isinstance(child, tuple) else (child,):
                total += _weight(part, known, depth + 1)
                if total > MAX_NODES:
                    break
    known[id(node)] = total
    return total


def _place(node: Any, at: KeyPath) -> tuple[int, int]:
    """Line and column of a value, of its nearest parent where it is absent."""
    place = (1, 1)
    for step in at:
        found = None
        if node is None or not isinstance(node.value, list):
            break
        if isinstance(step, int) and step < len(node.value):
            child = node.value[step]
            found = (child, child) if not isinstance(child, tuple) else None
        elif isinstance(step, str):
            pairs = [child for child in node.value if isinstance(child, tuple)]
            found = next((pair for pair in pairs if pair[0].value == step), None)
        if found is None:
            break
        mark = found[0].start_mark
        place, node = (mark.line + 1, mark.column + 1), found[1]
    return place


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
    excerpt = Lines(text).text_of(line) if text else ""
    return Problem("data-invalid", message, path=path, line=line, column=column, excerpt=excerpt)
