"""A page of a package index as it is sent, before anything is made of it."""

from __future__ import annotations

from msgspec import Struct, field

MAX_FILES = 200_000
"""Files of a page; the longest that was seen has 20,000."""


class RawFile(Struct, rename="kebab"):
    """A file as a page has it.

    Attributes:
        filename: of a distribution.
        url: where it is, relative to the page.
        requires_python: specifier.
        yanked: whether, or why.
        upload_time: RFC 3339.
        core_metadata: whether its metadata is beside it, or the digests of that.
        dist_info_metadata: what that was called before PEP 714.
    """

    filename: str
    url: str
    hashes: dict[str, str] | None = None
    requires_python: str | None = None
    yanked: bool | str = False
    upload_time: str | None = None
    core_metadata: bool | dict[str, str] | None = None
    dist_info_metadata: bool | dict[str, str] | None = None


class RawStatus(Struct):
    """PEP 792."""

    status: str = "active"
    reason: str | None = None


class RawMeta(Struct):
    """What the format is."""

    api_version: str = field(name="api-version", default="1.0")


class RawPage(Struct, rename="kebab"):
    """A page as an index has it; the fields are those of PEP 691."""

    files: list[RawFile]
    meta: RawMeta = field(default_factory=RawMeta)
    name: str = ""
    versions: list[str] = []
    project_status: RawStatus | None = None
