"""Bytes and text of the files a user names, with every refusal worded once.

A source is somebody else's file: it may be missing, a folder, a pipe that never ends,
larger than memory, or in an encoding that nobody guesses. Each of these is a
`SourceError` that says what is wrong and what to do; nothing else comes out of here.
"""

from __future__ import annotations

import codecs
import errno
import hashlib
import os
import re
import stat
from pathlib import Path

from adhere.errors import Problem, SourceError

LIMIT = 64 * 1024 * 1024
"""Bytes that a source may have; the largest real lock files have a tenth of it."""

_ENCODINGS = (
    (codecs.BOM_UTF8, "utf-8"),
    # Before UTF-16: the mark of little-endian UTF-32 begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, ""),
    (codecs.BOM_UTF32_BE, ""),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_CONFLICT = re.compile(r"^<{7} .*^={7}\r?$.*^>{7} ", re.DOTALL | re.MULTILINE)

_REASONS = {
    errno.ENOENT: ("there is no such file", "check the path"),
    errno.ENOTDIR: ("there is no such file", "a part of the path is a file, not a folder"),
    errno.EACCES: ("it may not be read", "check its permissions"),
    errno.EPERM: ("it may not be read", "check its permissions"),
    errno.ELOOP: ("its symbolic links lead in a circle", "check the links"),
    errno.ENAMETOOLONG: ("its name is too long", "check the path"),
}


def read_bytes(path: Path, label: str, limit: int = LIMIT) -> bytes:
    """Everything in a regular file.

    Args:
        path: what to open.
        label: what to call it in an error.
        limit: largest size in bytes that is read.

    Raises:
        SourceError: it is missing, no regular file, too large, or may not be read.
    """
    # A pipe without a writer would block the open for ever; this flag makes it return.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(path, flags)
    except OSError as error:
        raise _unopened(path, label, error) from None
    except ValueError:
        raise _unreadable(label, "its name holds a NUL character", "check the path") from None
    try:
        return _read(handle, label, limit)
    except OSError as error:
        raise _unreadable(label, f"reading it failed ({_words(error)})", "") from None
    finally:
        os.close(handle)


def _read(handle: int, label: str, limit: int) -> bytes:
    status = os.fstat(handle)
    if stat.S_ISDIR(status.st_mode):
        raise _is_folder(label)
    if not stat.S_ISREG(status.st_mode):
        raise _unreadable(label, "it is a pipe or a device", "name a regular file")
    if status.st_size > limit:
        raise _too_large(label, limit)
    with open(handle, "rb", closefd=False) as file:
        data = file.read(limit + 1)
    if len(data) > limit:  # it grew, or its file system does not tell sizes
        raise _too_large(label, limit)
    return data


def _unopened(path: Path, label: str, error: OSError) -> SourceError:
    # Some systems refuse to open a folder as if it were forbidden. `Path.is_dir` may itself raise.
    if os.path.isdir(path):
        return _is_folder(label)
    reason, hint = _REASONS.get(error.errno or 0, (f"opening it failed ({_words(error)})", ""))
    return _unreadable(label, reason, hint)


def _is_folder(label: str) -> SourceError:
    return _unreadable(label, "it is a folder", "name the file in it")


def _too_large(label: str, limit: int) -> SourceError:
    size = f"{limit // (1024 * 1024)} MiB" if limit >= 1024 * 1024 else f"{limit} bytes"
    hint = "a file of this kind is never that large: is it the right one?"
    return _unreadable(label, f"it is larger than {size}", hint)


def _words(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


def _unreadable(label: str, reason: str, hint: str) -> SourceError:
    return SourceError(
        Problem("source-unreadable", f"cannot read it: {reason}", path=label, hint=hint)
    )


def decode_text(data: bytes, label: str, *, code: bool = False) -> str:
    """The text of a file: UTF-8, or UTF-16 where a byte order mark says so.

    Args:
        data: the whole file.
        label: what to call it in an error.
        code: it is a program, whose strings may hold anything.

    Returns:
        The text without its byte order mark, line ends as they are.

    Raises:
        SourceError: it is not text in one of these encodings, or a merge that somebody
            has to finish; the problem has the line.
    """
    mark, encoding = next(
        ((mark, name) for mark, name in _ENCODINGS if data.startswith(mark)), (b"", "utf-8")
    )
    if not encoding:
        raise _not_text(label, "it is UTF-32 text", 0)
    body = data[len(mark) :]
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        line = body[: error.start].decode(encoding, "replace").count("\n") + 1
        offset = len(mark) + error.start
        name = encoding[:6].rstrip("-").upper()
        raise _not_text(label, f"byte {offset} is not {name}", line) from None
    nul = text.find("\0")
    if nul >= 0:
        reason = "it holds a NUL character, as binary files and UTF-16 without its mark do"
        raise _not_text(label, reason, text.count("\n", 0, nul) + 1)
    if not code and "<<<<<<< " in text and (conflict := _CONFLICT.search(text)):
        line = text.count("\n", 0, conflict.start()) + 1
        raise SourceError(
            Problem(
                "source-invalid",
                "two versions of it were merged, and this conflict was not resolved",
                path=label,
                line=line,
                column=1,
                hint="resolve the conflict, or make the file anew with the tool it is from",
            )
        )
    return text


def looks_empty(start: bytes) -> bool:
    """Whether the beginning of a file holds nothing but blanks."""
    return not start.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")


def _not_text(label: str, reason: str, line: int) -> SourceError:
    problem = Problem(
        "source-invalid",
        f"cannot read it as text: {reason}",
        path=label,
        line=line,
        hint="save it as UTF-8",
    )
    return SourceError(problem)


def digest(data: bytes) -> str:
    """``sha256:<hex>`` of the bytes."""
    return "sha256:" + hashlib.sha256(data).hexdigest()
