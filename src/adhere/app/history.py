"""The row that a check leaves in the journal of runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import msgspec

from adhere.metrics.journal import leave
from adhere.model.digest import text_digest
from adhere.report.document import Report, Run


def about(report: Report) -> bytes:
    """What is the same of every run that comes to this report: JSON without its last brace."""
    gate = report.gates[0]
    inputs = "\n".join(sorted(f"{one.path} {one.digest}" for one in report.subject.inputs))
    fields = {
        "schema": "adhere.run/1",
        "command": "check",
        "commit": report.subject.commit,
        "environment": report.run.environment,
        "inputs": text_digest(inputs),
        "packages": report.completeness.packages,
        "dirty": report.subject.dirty,
        "version": report.tool.version,
        "exit_code": gate.exit_code,
        "verdict": gate.verdict,
        "findings": sum(finding.disposition == "open" for finding in report.findings),
        "waived": sum(finding.disposition == "waived" for finding in report.findings),
        "licenses": report.completeness.licenses,
        "vulnerabilities": dict(_vulnerabilities(report)),
    }
    return msgspec.json.encode(fields)[:-1]


def _vulnerabilities(report: Report) -> Iterator[tuple[str, int]]:
    """How many are known, critical, have a deadline, are past it; nothing where that is not whole."""
    if report.completeness.missing.get("vulnerabilities"):
        return
    if any("vulnerabilities" in p.missing for p in report.packages if not p.first_party):
        return
    found = [flaw for package in report.packages for flaw in package.vulnerabilities]
    dated = [flaw for flaw in found if flaw.due]
    yield "known", len(found)
    yield "critical", sum(flaw.severity == "CRITICAL" for flaw in found)
    yield "dated", len(dated)
    yield "overdue", sum(date.fromisoformat(flaw.due) < report.subject.today for flaw in dated)


def leave_row(folder: str, row: bytes, run: Run, started: float, seconds: float) -> None:
    """Add the row of a check that ends now to the journal.

    Args:
        folder: of reports, absolute.
        row: what `about` says.
        run: what was measured of it.
        started: seconds since the epoch.
        seconds: since then, with everything that was written and shown.

    Raises:
        OSError: it cannot be written.
    """
    leave(
        folder,
        row,
        temperature(run.counts),
        started,
        {**metrics_of(run), "seconds.wall": seconds},
    )


def metrics_of(run: Run) -> dict[str, float]:
    """What a run measured, by name: ``seconds.total``, ``cache.hit_rate``, ...

    Hosts are left out: rows are committed, and their names tell of somebody's network.
    """
    found: dict[str, float] = {f"seconds.{name}": spent for name, spent in run.seconds.items()}
    if run.hit_rate is not None:
        found["cache.hit_rate"] = run.hit_rate
    if run.sampled_memory:
        found["memory.sampled"] = max(run.sampled_memory.values())
        found.update((f"memory.phase.{name}", n) for name, n in run.sampled_memory.items())
    # A run that asked nobody sent no request: that is a number, too.
    found["network.requests"] = 0.0
    found.update((name, float(number)) for name, number in run.counts.items())
    for tier in ("memory", "file", "redis"):
        hits = found.get(f"cache.{tier}.hits", 0.0)
        missed = found.get(f"cache.{tier}.misses", 0.0) + found.get(f"cache.{tier}.expired", 0.0)
        if hits + missed:
            found[f"cache.{tier}.hit_rate"] = hits / (hits + missed)
    return found


def temperature(counts: Mapping[str, int]) -> str:
    """How much was in caches, by what had to be read or asked for."""
    fresh = counts.get("inventory.read", 0) + counts.get("network.requests", 0)
    kept = counts.get("inventory.remembered", 0)
    kept += sum(number for name, number in counts.items() if name.endswith(".hits"))
    if not fresh:
        return "warm"
    return "mixed" if kept else "cold"
