"""The checklist of a release, and what is frozen of one: schema ``adhere.release/1``."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from adhere.errors import Problem, ReportError
from adhere.report.disclosure import Disclosure
from adhere.report.extract import Extract
from adhere.report.json import canonical
from adhere.report.view import Checklist

SCHEMA: Literal["adhere.release/1"] = "adhere.release/1"


class Release(Struct, frozen=True):
    """A release that was made of a report."""

    schema: Literal["adhere.release/1"]
    version: Annotated[str, Meta(description="as PEP 440 writes it")]
    report: Annotated[str, Meta(description="digest of the report without its `run`")]
    checklist: Checklist
    extract: Annotated[Extract, Meta(description="what later reports are compared with")]
    disclosure: Annotated[
        Disclosure, Meta(description="how much the checklist tells of vulnerabilities")
    ] = "all"


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
