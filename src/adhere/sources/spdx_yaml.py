"""SPDX 2 in YAML: the shape of the JSON format, in another notation."""

from __future__ import annotations

from adhere.errors import Problem, SourceError
from adhere.model.location import Location
from adhere.sources.files import decode_text, digest
from adhere.sources.toml_file import MEND, excerpt
from adhere.sources.yaml_nodes import YamlError, compose, place
from adhere.spans.text import KeyPath, Lines


class YamlFile:
    """A YAML file as it was read; every scalar of it is a string.

    Attributes:
        label: what to call it.
        value: what it means.
        digest: ``sha256:<hex>`` of its bytes.
    """

    def __init__(self, label: str, data: bytes) -> None:
        """Parse a file.

        Raises:
            SourceError: it is not text, or not YAML.
        """
        self.label = label
        self.digest = digest(data)
        text = decode_text(data, label)
        self._lines = Lines(text)
        try:
            self._root, self.value = compose(text, typed=False)
        except YamlError as error:
            raise self._refusal(str(error), error.line, error.column, MEND) from None

    def location(self, at: KeyPath, depth: int = 0) -> Location:  # noqa: ARG002 - as of JSON
        """Where a key or an element begins; else its nearest parent."""
        return Location(self.label, *place(self._root, at))

    def refuse(
        self, message: str, at: KeyPath, *, hint: str = "", code: str = "source-invalid"
    ) -> SourceError:
        """An error about a part of the file, or about the whole with an empty path."""
        return self._refusal(message, *place(self._root, at), hint, code)

    def _refusal(
        self, message: str, line: int, column: int, hint: str, code: str = "source-invalid"
    ) -> SourceError:
        return SourceError(
            Problem(
                code,
                message,
                path=self.label,
                line=line,
                column=column,
                excerpt=excerpt(self._lines, line),
                hint=hint,
            )
        )
