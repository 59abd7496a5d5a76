"""Rules that stand in the front matter of a decision, with their places."""

from __future__ import annotations

from typing import Any

from adhere.errors import ConfigError, Problem
from adhere.sources.yaml_nodes import YamlError, compose
from adhere.spans.document import Document
from adhere.spans.text import KeyPath, Span


class FrontMatter(Document):
    """Front matter as a document whose every value knows where it was written."""

    def __init__(self, path: str, text: str, yaml: str, start: int) -> None:
        """Parse it.

        Args:
            path: as shown to people.
            text: of the whole document.
            yaml: the front matter, without its fences.
            start: where that begins in the text, in characters.

        Raises:
            ConfigError: it is not YAML, or unfolds to too much.
        """
        self.path = path
        self.text = text
        self._start = start
        try:
            self._nodes, value = compose(yaml)
        except YamlError as error:
            line = error.line + 1 if error.line else 1
            problem = Problem("adr-invalid", str(error), path=path, line=line)
            raise ConfigError(problem) from None
        self.value = value if isinstance(value, dict) else {}

    def span(self, at: KeyPath, *, on_key: bool = False) -> Span:
        """Where a value stands, the nearest one above for what is absent."""
        key = node = self._nodes
        for step in at:
            found = _below(node, step)
            if found is None:
                break
            key, node = found
        shown = key if on_key else node
        end = shown.end_mark.index
        return Span(self._start + shown.start_mark.index, self._start + end)


def _below(node: Any, step: str | int) -> tuple[Any, Any] | None:
    """The nodes of a key and its value; of an element, that element twice."""
    if not isinstance(node.value, list):
        return None
    if isinstance(step, int):
        inside = step < len(node.value) and not isinstance(node.value[step], tuple)
        return (node.value[step], node.value[step]) if inside else None
    pairs = (pair for pair in node.value if isinstance(pair, tuple))
    return next((pair for pair in pairs if pair[0].value == step), None)
