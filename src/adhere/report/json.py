"""The canonical report as bytes, and back."""

from __future__ import annotations

import msgspec

from adhere.errors import Problem, ReportError
from adhere.report.document import SCHEMA, Report, ReportAdr, Run, Subject
from adhere.report.escape import json_safe

_encoder = msgspec.json.Encoder(order="sorted")


def encode_report(report: Report) -> bytes:
    """The report in its canonical form: sorted keys, one line a top-level value's element.

    Equal reports give equal bytes. The indentation is there for people and for diffs.
    """
    return canonical(report)


def canonical(value: object) -> bytes:
    """Any value as canonical JSON, one line end at its end.

    Characters that would do something to a terminal are escapes, also where JSON would
    let them stand: people do print reports.
    """
    try:
        data = _encoder.encode(value)
    except UnicodeEncodeError:  # half a surrogate pair, out of a file name or an escape
        data = _encoder.encode(_scrubbed(msgspec.to_builtins(value)))
    return msgspec.json.format(json_safe(data), indent=1) + b"\n"


def _scrubbed(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_scrubbed(key): _scrubbed(child) for key, child in value.items()}
    if isinstance(value, (list, tuple)):
        return [_scrubbed(child) for child in value]
    return value


class _Head(msgspec.Struct):
    schema: str = ""


def decode_report(data: bytes, label: str) -> Report:
    """Read a stored report.

    Args:
        data: the file.
        label: what to call it in an error.

    Raises:
        ReportError: it is not JSON, no report, or of a schema that is not known.
    """
    _check_schema(data, label)
    try:
        return msgspec.json.decode(data, type=Report)
    except (msgspec.DecodeError, RecursionError) as error:
        raise _damaged(error, label) from None


class ReportHead(msgspec.Struct, frozen=True):
    """What a report is about, without what it says: a tenth of the work of reading it."""

    subject: Subject
    run: Run
    adrs: tuple[ReportAdr, ...]


def decode_head(data: bytes, label: str) -> ReportHead:
    """Read what a stored report is about; the arguments and errors are as above."""
    _check_schema(data, label)
    try:
        return msgspec.json.decode(data, type=ReportHead)
    except (msgspec.DecodeError, RecursionError) as error:
        raise _damaged(error, label) from None


def _check_schema(data: bytes, label: str) -> None:
    try:
        schema = msgspec.json.decode(data, type=_Head).schema
    except (msgspec.DecodeError, RecursionError) as error:
        problem = Problem("report-invalid", f"it is no report: {error}", path=label)
        raise ReportError(problem) from None
    if schema != SCHEMA:
        raise ReportError(_foreign(schema, label))


def _damaged(error: Exception, label: str) -> ReportError:
    message = f"it is not as its schema {SCHEMA} says: {error}"
    return ReportError(
        Problem("report-invalid", message, path=label, hint="run adhere check again")
    )


def _foreign(schema: str, label: str) -> Problem:
    if schema.startswith("adhere.report/"):
        message = f"it is a report of schema `{schema}`, and this version reads `{SCHEMA}`"
        hint = "render it with the version of adhere that made it, or run adhere check again"
    else:
        message, hint = "it is no report of adhere's", "name a report.json"
    return Problem("report-schema", message, path=label, hint=hint)
