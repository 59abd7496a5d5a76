"""The folder of reports: what the last run said."""

from __future__ import annotations

import os
from typing import BinaryIO

from adhere.errors import AdhereError, Problem, ReportError
from adhere.report.document import Report
from adhere.report.json import decode_report, encode_report

REPORT = "report.json"
PREVIOUS = "previous.json"
"""The last report that said anything else, beside that of the last run."""


class StoreError(AdhereError):
    """A result cannot be written."""


def write_atomically(path: str, data: bytes, label: str) -> None:
    """Write a file so that nobody ever sees half of it.

    Raises:
        StoreError: the folder cannot be written to, or the disk is full.
    """
    folder = os.path.dirname(path)
    temporary = os.path.join(folder, f".{os.path.basename(path)}.{os.getpid()}.tmp")
    try:
        os.makedirs(folder, exist_ok=True)
        with open(temporary, "wb") as file:
            file.write(data)
        os.replace(temporary, path)
    except OSError as error:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise unwritable(label, error) from None


def write_new(path: str, data: bytes, label: str) -> None:
    """Write a file that is not there yet.

    Raises:
        StoreError: it is there, or cannot be written.
    """
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "xb") as file:
            file.write(data)
    except OSError as error:
        raise unwritable(label, error) from None


def unwritable(label: str, error: OSError) -> StoreError:
    """What is raised when the system refuses to write."""
    words = (error.strerror or type(error).__name__).lower()
    hint = "name another place, or make room"
    return StoreError(Problem("unwritable", f"cannot write it: {words}", path=label, hint=hint))


def store(root: str, out: str, data: bytes) -> str:
    """Keep the report of a run.

    Args:
        root: of the project.
        out: folder of the configuration, relative to it.
        data: the report, encoded.

    Returns:
        The label of the report's file.
    """
    folder = os.path.join(root, out)
    label = f"{out}/{REPORT}"
    path = os.path.join(folder, REPORT)
    _keep_previous(path, os.path.join(folder, PREVIOUS), data, f"{out}/{PREVIOUS}")
    write_atomically(path, data, label)
    return label


def _keep_previous(path: str, previous: str, data: bytes, label: str) -> None:
    """Keep the report that is about to be replaced, if it differs in more than its run."""
    try:
        with open(path, "rb") as file:
            if _differs_in_its_run_alone(file, data):
                return
            file.seek(0)
            found = file.read()
    except OSError:  # there is none; what else is wrong, writing the new one will say
        return
    write_atomically(previous, found, label)


def _differs_in_its_run_alone(file: BinaryIO, data: bytes) -> bool:
    """Whether two canonical reports say the same around their ``run``, without reading them.

    A run has to be fast: the other report is looked at piece by piece, as far as it agrees.
    """
    start, length = data.rfind(_RUN), file.seek(0, os.SEEK_END)
    file.seek(0)
    end = data.find(_RUN_ENDS, start)
    if start < 0 or end < 0:
        return length == len(data) and _is_next(file, data, 0, len(data))
    start += len(_RUN)
    if not _is_next(file, data, 0, start):
        return False
    rest = len(data) - end  # the other run may be longer or shorter, what follows is not
    run = file.read(max(0, length - start - rest))
    return _RUN_ENDS not in run and _is_next(file, data, end, len(data))


_RUN = b'\n "run": {'
_RUN_ENDS = b"\n }"
_PIECE = 1 << 16


def _is_next(file: BinaryIO, data: bytes, start: int, end: int) -> bool:
    """Whether what comes next in a file is a part of some bytes."""
    for place in range(start, end, _PIECE):
        piece = data[place : min(place + _PIECE, end)]
        if file.read(len(piece)) != piece:
            return False
    return True


def load_report(path: str, label: str, *, named: bool = False) -> Report:
    """A stored report.

    Args:
        path: absolute.
        label: what to call it.
        named: somebody asked for this file, and not for whatever the last run left.

    Raises:
        ReportError: there is none, or it cannot be read.
    """
    return decode_report(report_bytes(path, label, named=named), label)


def report_bytes(path: str, label: str, *, named: bool = False) -> bytes:
    """The file of a stored report; the arguments and errors are as above."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        message = "there is no such file" if named else "there is no report yet"
        hint = "check the path" if named else "run adhere check first"
        problem = Problem("report-missing", message, path=label, hint=hint)
        raise ReportError(problem) from None
    except OSError as error:
        words = (error.strerror or type(error).__name__).lower()
        raise ReportError(
            Problem("report-invalid", f"cannot read it: {words}", path=label)
        ) from None


def encoded(report: Report) -> bytes:
    """The canonical bytes of a report."""
    return encode_report(report)
