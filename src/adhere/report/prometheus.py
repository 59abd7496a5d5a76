"""A report as numbers, in the text format that Prometheus scrapes and its file collector reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from adhere.report.document import Report

Labels = Mapping[str, str]
Sample = tuple[Labels, float]

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def exposition(report: Report) -> str:
    """Every number of a report; equal reports give equal text."""
    run, gate = report.run, report.gates[0]
    about = {"version": report.tool.version, "verdict": gate.verdict}
    started = datetime.fromisoformat(run.started).timestamp()
    lines: list[str] = []
    lines += _gauge("info", "What made the report, and its verdict.", [(about, 1)])
    lines += _gauge("exit_code", "Exit code of the run.", [({}, gate.exit_code)])
    lines += _gauge("started_timestamp_seconds", "When the run began.", [({}, started)])
    lines += _gauge("packages", "Packages that were judged.", [({}, report.completeness.packages)])
    licenses = report.completeness.licenses
    lines += _gauge(
        "licenses",
        "Packages by state of their license.",
        [({"state": state}, count) for state, count in sorted(licenses.items())],
    )
    dispositions = Counter(finding.disposition for finding in report.findings)
    lines += _gauge(
        "findings",
        "Findings by what became of them.",
        [({"disposition": name}, count) for name, count in sorted(dispositions.items())],
    )
    outcomes = Counter(result.outcome for result in report.results)
    lines += _gauge(
        "rules",
        "Rules by outcome.",
        [({"outcome": outcome}, count) for outcome, count in sorted(outcomes.items())],
    )
    lines += _gauge(
        "rule_outcome",
        "1 for the outcome that a rule has.",
        [
            ({"rule": result.rule, "check": result.check, "outcome": result.outcome}, 1)
            for result in report.results
        ],
    )
    states = Counter(waiver.state for waiver in report.waivers)
    lines += _gauge(
        "waivers", "Waivers by state.", [({"state": name}, n) for name, n in sorted(states.items())]
    )
    lines += _gauge(
        "seconds",
        "Time by phase of the run.",
        [({"phase": name}, spent) for name, spent in sorted(run.seconds.items())],
    )
    lines += _gauge("cpu_seconds", "Processor time of the run.", [({}, run.cpu_seconds)])
    lines += _gauge("memory_peak_bytes", "Most memory of the run.", [({}, run.peak_memory)])
    rate: list[Sample] = [] if run.hit_rate is None else [({}, run.hit_rate)]
    lines += _gauge("cache_hit_ratio", "Part of the lookups that a cache answered.", rate)
    lines += _gauge(
        "counts",
        "What the run did, by name.",
        [({"name": name}, count) for name, count in sorted(run.counts.items())],
    )
    return "\n".join(lines) + "\n"


def _gauge(name: str, means: str, samples: Iterable[Sample]) -> list[str]:
    full = f"adhere_{name}"
    lines = [f"# HELP {full} {means}", f"# TYPE {full} gauge"]
    for labels, value in samples:
        words = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
        braced = f"{{{words}}}" if words else ""
        lines.append(f"{full}{braced} {float(value)!r}")
    return lines


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
