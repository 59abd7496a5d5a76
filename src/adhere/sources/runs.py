"""The ledger of runs as the project commits it: JSON lines, a run or a baseline each.

Rows have ids, and their order says nothing, so that lines which several branches or jobs
add may be put together in any way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import isfinite

import msgspec

from adhere.errors import Problem
from adhere.model.runs import BaselineRow, RunRow

NAME = "adhere.runs.jsonl"
CODE = "runs-invalid"

_decoder = msgspec.json.Decoder(RunRow | BaselineRow)
_encoder = msgspec.json.Encoder(order="sorted")


def read_runs(text: str, path: str) -> tuple[list[RunRow | BaselineRow], list[Problem]]:
    """Rows, and what is wrong with those that are none.

    Args:
        text: of the file.
        path: what to call it.
    """
    rows: list[RunRow | BaselineRow] = []
    problems: list[Problem] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            rows.append(read_row(line))
        except ValueError as error:
            hint = "remove the line, or write the file anew: adhere perf export"
            problems.append(
                Problem(CODE, f"it is no row: {error}", path=path, line=number, hint=hint)
            )
    return rows, problems


def read_row(line: str | bytes) -> RunRow | BaselineRow:
    """One row.

    Raises:
        ValueError: it is none, with the reason.
    """
    try:
        row: RunRow | BaselineRow = _decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(str(error)) from None
    values = row.metrics.values() if isinstance(row, RunRow) else _all(row.samples.values())
    if not all(isfinite(value) for value in values):
        raise ValueError("a metric is no number")
    return row


def _all(lists: Iterable[list[float]]) -> Iterator[float]:
    for found in lists:
        yield from found


def written(rows: Iterable[RunRow | BaselineRow]) -> bytes:
    """Rows as lines, the oldest first; equal rows give equal bytes."""
    ordered = sorted(rows, key=lambda row: (_moment(row), row.id))
    return b"".join(_encoder.encode(row) + b"\n" for row in ordered)


def _moment(row: RunRow | BaselineRow) -> str:
    return row.started if isinstance(row, RunRow) else row.set
