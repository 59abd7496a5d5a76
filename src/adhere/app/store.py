"""The folder of reports: what the last run said, and a line for every run."""

from __future__ import annotations

import os
from collections.abc import Mapping

import msgspec

from adhere.errors import AdhereError, Problem, ReportError
from adhere.model.digest import text_digest
from adhere.model.runs import RunRow, Temperature
from adhere.report.document import Report, Run
from adhere.report.json import decode_report, encode_report

_encoder = msgspec.json.Encoder(order="sorted")

REPORT = "report.json"
HISTORY = "history.jsonl"


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


def unwritable(label: str, error: OSError) -> StoreError:
    """What is raised when the system refuses to write."""
    words = (error.strerror or type(error).__name__).lower()
    hint = "name another place, or make room"
    return StoreError(Problem("unwritable", f"cannot write it: {words}", path=label, hint=hint))


def store(root: str, out: str, report: Report, data: bytes) -> str:
    """Keep the report of a run and add a line to the history.

    Args:
        root: of the project.
        out: folder of the configuration, relative to it.
        report: what to keep.
        data: the same, encoded.

    Returns:
        The label of the report's file.
    """
    folder = os.path.join(root, out)
    label = f"{out}/{REPORT}"
    write_atomically(os.path.join(folder, REPORT), data, label)
    _append(os.path.join(folder, HISTORY), history_row(report), f"{out}/{HISTORY}")
    return label


def _append(path: str, row: RunRow, label: str) -> None:
    line = _encoder.encode(row) + b"\n"
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    try:
        handle = os.open(path, flags, 0o644)
        try:
            # One write: rows of runs that end at once do not mix.
            os.write(handle, line)
        finally:
            os.close(handle)
    except OSError as error:
        raise unwritable(label, error) from None


def history_row(report: Report) -> RunRow:
    """What is remembered of a run for good."""
    gate, run = report.gates[0], report.run
    inputs = "\n".join(sorted(f"{one.path} {one.digest}" for one in report.subject.inputs))
    return RunRow(
        id=run.id,
        started=run.started,
        command="check",
        commit=report.subject.commit,
        environment=run.environment,
        inputs=text_digest(inputs),
        temperature=_temperature(run.counts),
        packages=report.completeness.packages,
        metrics=metrics_of(run),
        dirty=report.subject.dirty,
        version=report.tool.version,
        exit_code=gate.exit_code,
        verdict=gate.verdict,
        findings=sum(finding.disposition == "open" for finding in report.findings),
        waived=sum(finding.disposition == "waived" for finding in report.findings),
        licenses=report.completeness.licenses,
    )


def metrics_of(run: Run) -> dict[str, float]:
    """What a run measured, by name: ``seconds.total``, ``memory.peak``, ``cache.hit_rate``, ..."""
    found: dict[str, float] = {f"seconds.{name}": spent for name, spent in run.seconds.items()}
    found["seconds.cpu"] = run.cpu_seconds
    if run.peak_memory:
        found["memory.peak"] = run.peak_memory
    if run.hit_rate is not None:
        found["cache.hit_rate"] = run.hit_rate
    # A run that asked nobody sent no request: that is a number, too.
    found["network.requests"] = 0.0
    found.update((name, float(number)) for name, number in run.counts.items())
    return found


def _temperature(counts: Mapping[str, int]) -> Temperature:
    """How much was in caches, by what had to be read or asked for."""
    fresh = counts.get("inventory.read", 0) + counts.get("network.requests", 0)
    kept = counts.get("inventory.remembered", 0)
    kept += sum(number for name, number in counts.items() if name.endswith(".hits"))
    if not fresh:
        return "warm"
    return "mixed" if kept else "cold"


def load_report(path: str, label: str, *, named: bool = False) -> Report:
    """A stored report.

    Args:
        path: absolute.
        label: what to call it.
        named: somebody asked for this file, and not for whatever the last run left.

    Raises:
        ReportError: there is none, or it cannot be read.
    """
    try:
        with open(path, "rb") as file:
            data = file.read()
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
    return decode_report(data, label)


def encoded(report: Report) -> bytes:
    """The canonical bytes of a report."""
    return encode_report(report)
