"""``adhere license explain``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from adhere.app.license import Explained, explain_file, explain_text, lists_of
from adhere.app.settings import Settings
from adhere.errors import Problem, UsageError
from adhere.licenses.satisfy import Lists
from adhere.report.escape import json_safe, plain
from adhere.surfaces.cli.terminal import Terminal

MAX_LINE = 1_000_000
"""Characters of a line of standard input that are read; longer ones are cut and said so."""


def run(settings: Settings, terminal: Terminal) -> int:
    """Explain one text, one file, or every line of standard input."""
    named = [settings.text is not None, settings.stdin, bool(settings.file)]
    if sum(named) != 1:
        hint = 'adhere license explain "Apache 2", or --stdin, or --file LICENSE'
        raise UsageError(Problem("usage", "name one text, --stdin or --file", hint=hint))
    lists = lists_of(settings.allow)
    for explained in _explained(settings, lists):
        if settings.format == "json":
            terminal.write_bytes(_json(explained))
        else:
            terminal.write(_text(explained))
    return 0


def _explained(settings: Settings, lists: Lists | None) -> Iterator[Explained]:
    if settings.file:
        yield explain_file(settings.file, lists)
    elif settings.stdin:
        for line, is_cut in _lines(_standard_input()):
            explained = explain_text(line, lists)
            if is_cut:
                why = f"{explained.why}; only the first {MAX_LINE} characters were read"
                explained = msgspec.structs.replace(explained, why=why)
            yield explained
    else:
        yield explain_text(settings.text, lists)


def _standard_input() -> BinaryIO:
    if sys.stdin is None:  # closed before we began
        raise UsageError(
            Problem("usage", "standard input is closed", hint="name one text, or --file")
        )
    return sys.stdin.buffer


def _lines(stream: BinaryIO) -> Iterator[tuple[str, bool]]:
    """Every line, and whether it is cut: no more than that is ever held in memory."""
    most = 4 * MAX_LINE  # bytes of as many characters of UTF-8
    while data := stream.readline(most):
        is_cut = False
        part = data
        while len(part) == most and not part.endswith(b"\n"):
            part = stream.readline(most)
            is_cut = is_cut or part not in (b"", b"\n", b"\r\n")
        text = data.decode("utf-8", "replace").rstrip("\r\n")
        yield text[:MAX_LINE], is_cut or len(text) > MAX_LINE


def _json(explained: Explained) -> bytes:
    value = msgspec.to_builtins(explained)
    value["expression"] = explained.expression or None
    if explained.satisfied is None:
        del value["satisfied"], value["leaves"]
    try:
        data = msgspec.json.encode(value)
    except UnicodeEncodeError:  # half a surrogate pair, from a command line that is not UTF-8
        value["input"] = explained.input.encode("utf-8", "backslashreplace").decode()
        data = msgspec.json.encode(value)
    return json_safe(data) + b"\n"


def _text(explained: Explained) -> str:
    said = explained.expression or " / ".join(explained.candidates) or "nothing"
    lines = [f"{explained.input}", f"  {explained.state}: {said} ({explained.confidence:.2f})"]
    if explained.why:
        lines.append(f"  why: {explained.why}")
    if explained.satisfied is not None:
        lines.append(f"  satisfied: {'yes' if explained.satisfied else 'no'}")
        lines += [
            f"    {'accepted' if leaf.accepted else 'rejected'}  {leaf.license}: {leaf.why}"
            for leaf in explained.leaves
        ]
    return "".join(plain(line) + "\n" for line in lines)
