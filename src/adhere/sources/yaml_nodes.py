"""YAML documents: what they mean, and where each value stands."""

from __future__ import annotations

from typing import Any

import yaml

from adhere.spans.text import KeyPath

MAX_NODES = 1_000_000
"""Values that a document may come to when its aliases are followed."""


class YamlError(ValueError):
    """A text is no YAML document that can be used.

    Attributes:
        line: from 1, 0 where the whole is meant.
        column: from 1.
    """

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


def compose(text: str, *, typed: bool = True) -> tuple[Any, Any]:
    """The nodes of a document and its value.

    Args:
        text: of the file.
        typed: numbers, dates and truth values are such; else every scalar is a string,
            as a version has to be (``1.10`` is no number).

    Raises:
        YamlError: it is malformed, several documents, or unfolds to too much.
    """
    try:
        nodes = list(yaml.compose_all(text, Loader=yaml.SafeLoader))
        if len(nodes) > 1:
            message = "it holds several documents, and a path means one"
            raise YamlError(message, _line(nodes[1]), 1)
        root = nodes[0] if nodes else None
        if root is not None and _weight(root, {}, 0) > MAX_NODES:
            raise YamlError("its aliases unfold to more than it may hold")
        loader = _Loader if typed else yaml.BaseLoader
        return root, yaml.load(text, Loader=loader)  # noqa: S506 - both build plain values only
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        what = error.problem or error.context or "malformed"
        raise YamlError(f"not valid YAML: {what}", line, column) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        column = error.position - text.rfind("\n", 0, error.position)
        message = f"not valid YAML: it may not hold the character {ord(text[error.position]):#06x}"
        raise YamlError(message, line, column) from None
    except yaml.YAMLError as error:
        raise YamlError(f"not valid YAML: {error}") from None
    except YamlError:
        raise
    except (RecursionError, ValueError, OverflowError) as error:
        raise YamlError(f"not usable YAML: {error}") from None


class _Loader(yaml.SafeLoader):
    """A safe loader whose keys are the words that were written, each once in a table.

    YAML 1.1 reads the key `on` as true and `010` as 8, while a path names what is in the
    file; and of a key that is there twice, who knows which one another program takes.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    what = f"the key `{key.value[:80]}` is there twice"
                    raise yaml.constructor.ConstructorError(None, None, what, key.start_mark)
                seen.add(key.value)
        self.flatten_mapping(node)
        found: dict[Any, Any] = {}
        for key, child in node.value:
            if not isinstance(key, yaml.ScalarNode):
                what = "a key is a list or a table"
                raise yaml.constructor.ConstructorError(None, None, what, key.start_mark)
            found[key.value] = self.construct_object(child, deep=deep)
        return found


def _reference(loader: _Loader, node: yaml.SequenceNode) -> dict[str, list[Any]]:
    """GitLab's way of naming another part of the file."""
    return {"!reference": loader.construct_sequence(node, deep=True)}


_Loader.add_constructor("!reference", _reference)


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


def place(node: Any, at: KeyPath) -> tuple[int, int]:
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
