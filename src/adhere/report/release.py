"""The checklist of a release, and what is frozen of one: schema ``adhere.release/1``."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from adhere.errors import Problem, ReportError
from adhere.report.extract import Extract
from adhere.report.json import canonical
from adhere.report.view import State

SCHEMA: Literal["adhere.release/1"] = "adhere.release/1"


class ChecklistLine(Struct, frozen=True):
    """One line."""

    done: Annotated[
        bool | None,
        Meta(description="whether it is as a release wants it; null for what is to be known"),
    ]
    state: State
    text: Annotated[str, Meta(description="a sentence in which backticks mark names")]


class ChecklistPart(Struct, frozen=True):
    """Lines of one kind; ``more`` is how many are not shown."""

    title: str
    lines: tuple[ChecklistLine, ...]
    more: int = 0


class Checklist(Struct, frozen=True):
    """What has to be so before a release, and whether it is."""

    name: str
    ready: bool
    verdict: Annotated[str, Meta(description="whether it is ready, as a sentence")]
    about: Annotated[str, Meta(description="what was judged, when, by what")]
    blocks: Annotated[tuple[str, ...], Meta(description="what stands against it, as clauses")]
    parts: tuple[ChecklistPart, ...]


class Release(Struct, frozen=True):
    """A release that was made of a report."""

    schema: Literal["adhere.release/1"]
    version: Annotated[str, Meta(description="as PEP 440 writes it")]
    report: Annotated[str, Meta(description="digest of the report without its `run`")]
    checklist: Checklist
    extract: Annotated[Extract, Meta(description="what later reports are compared with")]


def encode_release(release: Release) -> bytes:
    """The same release is the same bytes."""
    return canonical(release)


class _Head(Struct):
    schema: str = ""


def is_release(data: bytes) -> bool:
    """Whether somebody says that this is one, of whichever schema."""
    try:
        return msgspec.json.decode(data, type=_Head).schema.startswith("adhere.release/")
    except (msgspec.DecodeError, RecursionError):
        return False


def decode_release(data: bytes, label: str) -> Release:
    """Read a frozen release.

    Args:
        data: the file.
        label: what to call it in an error.

    Raises:
        ReportError: it is none, or of a schema that is not known.
    """
    try:
        schema = msgspec.json.decode(data, type=_Head).schema
        if schema == SCHEMA:
            return msgspec.json.decode(data, type=Release)
    except (msgspec.DecodeError, RecursionError) as error:
        hint = "take the file as it was committed"
        message = f"it is no frozen release: {error}"
        raise ReportError(Problem("report-invalid", message, path=label, hint=hint)) from None
    if schema.startswith("adhere.release/"):
        message = f"it is a release of schema `{schema}`, and this version reads `{SCHEMA}`"
        hint = "read it with the version of adhere that made it"
    else:
        message, hint = "it is no frozen release of adhere's", "adhere release writes them"
    raise ReportError(Problem("report-schema", message, path=label, hint=hint))
