"""What a fake index knows, as a test writes it down."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, TypeAlias

UPLOADED = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
"""When files were uploaded of which a test does not say it."""


@dataclass(frozen=True)
class FakeFile:
    """One file of a release.

    Attributes:
        filename: of a wheel or an sdist.
        content: what is downloaded; nobody has to be able to install it.
        metadata: its core metadata; ``None`` for a file without (PEP 658).
    """

    filename: str
    content: bytes = b"not a real distribution"
    metadata: str | None = None

    @property
    def sha256(self) -> str:
        """Digest of the content."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class FakeRelease:
    """One version of a project.

    Attributes:
        version: as its files spell it.
        uploaded: when, with a time zone.
        yanked: whether it was withdrawn; a text is the reason.
        requires_python: specifier; ``""`` for any.
        metadata: further fields of its core metadata: ``{"License-Expression": "MIT"}``.
        files: ``()`` for a wheel and an sdist that are made up.
    """

    version: str
    uploaded: datetime = UPLOADED
    yanked: bool | str = False
    requires_python: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    files: tuple[FakeFile, ...] = ()

    def files_of(self, name: str) -> tuple[FakeFile, ...]:
        """Its files, made up where none were given."""
        if self.files:
            return self.files
        stem = f"{re.sub(r'[-_.]+', '_', name)}-{self.version}"
        fields = {"Metadata-Version": "2.4", "Name": name, "Version": self.version}
        if self.requires_python:
            fields["Requires-Python"] = self.requires_python
        fields.update(self.metadata)
        text = "".join(f"{key}: {value}\n" for key, value in fields.items())
        return (
            FakeFile(f"{stem}-py3-none-any.whl", metadata=text),
            FakeFile(f"{stem}.tar.gz"),
        )


Releases: TypeAlias = "Sequence[str | FakeRelease]"
"""Releases; a text is one of that version."""


@dataclass(frozen=True)
class FakeProject:
    """A project with its releases.

    Attributes:
        releases: in any order.
        status: of the project as a whole (PEP 792); ``""`` to say nothing.
        status_reason: of that status.
    """

    releases: Releases = ()
    status: Literal["active", "archived", "deprecated", "quarantined", ""] = "active"
    status_reason: str = ""

    def all_releases(self) -> list[FakeRelease]:
        """The releases, each written out."""
        return [FakeRelease(r) if isinstance(r, str) else r for r in self.releases]
