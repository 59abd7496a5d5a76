"""Runs looked at, compared, exported and merged: `adhere perf`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from adhere.app.store import write_atomically
from adhere.app.stored import configured
from adhere.errors import ConfigError, Problem, UsageError
from adhere.metrics.journal import NAME as JOURNAL
from adhere.metrics.ledger import NAME as LEDGER_FILE
from adhere.metrics.ledger import Row, RunLedger, Taken
from adhere.model.digest import text_digest
from adhere.model.runs import (
    BaselineRow,
    Group,
    RunRow,
    Runs,
    assembled,
    costs,
    series,
    since,
)
from adhere.policy.statistics import (
    Change,
    Comparison,
    Trend,
    change_point,
    compare,
    quantile,
    trend,
)
from adhere.sources.runs import NAME, read_row, read_runs, written
from adhere.sources.tree import read_text

SHOWN = ("seconds.total", "seconds.cpu", "memory.peak", "cache.hit_rate", "network.requests")
"""Metrics that are shown when nobody names any."""

KEPT = 5_000
"""Rows of the ledger that stay when it is pruned without a number."""

BASELINE_RUNS = 50
"""Of the latest runs that become a baseline, so many at most."""


class Line(Struct, frozen=True):
    """One metric of comparable runs.

    Attributes:
        metric: its name.
        group: of the runs.
        packages: of the latest run.
        values: of the runs that measured it, the oldest first.
        last: the latest.
        p50: median.
        p95: below which 95 of 100 lie.
        change: where it changed for good.
        trend: how it rises or falls.
        baseline: compared with the baseline of its group; ``None`` without one.
    """

    metric: str
    group: Group
    packages: int
    values: list[float]
    last: float
    p50: float
    p95: float
    change: Change | None = None
    trend: Trend | None = None
    baseline: Comparison | None = None


class Shown(Struct, frozen=True):
    """What there is to show.

    Attributes:
        source: which ledgers.
        runs: how many.
        lines: a metric of a group each, the group of the latest run first.
        aside: number of lines of the journal that were no rows.
        reason: why the first of them was none.
    """

    source: str
    runs: int
    lines: tuple[Line, ...]
    aside: int = 0
    reason: str = ""


class Compared(Struct, frozen=True):
    """One metric of two sets of runs."""

    metric: str
    group: Group
    runs: tuple[int, int]
    comparison: Comparison


class Exported(Struct, frozen=True):
    """What was exported.

    Attributes:
        label: of the file.
        rows: of runs that it holds.
        left_out: runs of no commit, or of files that differed from it.
    """

    label: str
    rows: int
    left_out: int


class Perf:
    """The ledgers of one project: that of this machine, and the one that is committed."""

    def __init__(self, named: str, out: str) -> None:
        """Find them.

        Args:
            named: configuration file, ``""`` to look for one.
            out: folder of reports, ``""`` for the configured one.

        Raises:
            ConfigError: the configuration is wrong.
        """
        self._project, config = configured(named)
        folder = self._project.path(out or config.report.out)
        self._journal = os.path.join(folder, JOURNAL)
        label = self._project.label(os.path.join(folder, LEDGER_FILE))
        self._ledger = RunLedger(folder, label, _row)
        self._export = self._project.path(NAME)

    def runs(self) -> Runs:
        """All runs that this machine knows of, and those that are committed.

        Raises:
            RunsError: the ledger cannot be used.
            ConfigError: a line of the committed ledger is no row.
        """
        self._ledger.ingest(self._journal)
        rows = [read_row(line) for line in self._ledger.lines()]
        return assembled(self._ledger.label, [*rows, *self._committed()])

    def show(self, metrics: Sequence[str], last: int) -> Shown:
        """Every metric of every group.

        Args:
            metrics: their names; empty for those that matter most.
            last: of the latest runs of each group, so many.
        """
        runs = self.runs()
        lines = []
        for group, rows in runs.groups().items():
            for metric in metrics or SHOWN:
                values = series(rows[-last:], metric)
                if values:
                    baseline = runs.baselines.get(group)
                    lines.append(_line(metric, group, rows[-last:], values, baseline))
        aside = self._ledger.aside()
        reason = aside[0][1] if aside else ""
        return Shown(runs.path, len(runs.rows), tuple(lines), len(aside), reason)

    def compare(self, before: str, after: str, metrics: Sequence[str]) -> list[Compared]:
        """Runs of two commits, or those of the latest against the baseline.

        Args:
            before: a commit, or ``baseline``.
            after: a commit, or ``latest`` for the commit of the latest run.
            metrics: their names; empty for those that matter most.

        Raises:
            UsageError: no run has such a commit.
        """
        runs = self.runs()
        commit = runs.rows[-1].commit if after == "latest" and runs.rows else after
        found: list[Compared] = []
        for group, rows in runs.groups().items():
            late = [row for row in rows if row.commit.startswith(commit)]
            early = [row for row in rows if before != "baseline" and row.commit.startswith(before)]
            baseline = runs.baselines.get(group) if before == "baseline" else None
            if baseline is not None and after == "latest":
                late = since(rows, baseline)  # however many commits they are of
            for metric in metrics or SHOWN:
                first = (
                    baseline.samples.get(metric, [])
                    if baseline is not None
                    else series(early, metric)
                )
                second = series(late, metric)
                if first and second:
                    comparison = compare(costs(metric, first), costs(metric, second))
                    sizes = (len(first), len(second))
                    found.append(Compared(metric, group, sizes, comparison))
        if not found:
            what = "there is no baseline" if before == "baseline" else f"no run is of {before}"
            message = f"{what} that runs of {commit or 'this folder'} can be compared with"
            hint = "adhere perf show lists runs; adhere perf baseline --set makes a baseline"
            raise UsageError(Problem("usage", message, hint=hint))
        return found

    def baselines(self) -> Runs:
        """The runs, for their baselines."""
        return self.runs()

    def set_baseline(self, now: datetime) -> list[BaselineRow]:
        """Make the latest runs of every group its baseline, in the committed ledger.

        Args:
            now: when.

        Raises:
            UsageError: there is no run.
        """
        runs = self.runs()
        made = []
        for group, rows in runs.groups().items():
            latest = rows[-BASELINE_RUNS:]
            names = sorted({name for row in latest for name in row.metrics})
            samples = {name: series(latest, name) for name in names}
            commits = {row.commit for row in latest}
            moment = now.isoformat(timespec="milliseconds")
            id_ = text_digest(f"{moment} {group} {samples}").removeprefix("sha256:")[:16]
            commit = commits.pop() if len(commits) == 1 else ""
            made.append(BaselineRow(id_, moment, group, commit, samples))
        if not made:
            raise UsageError(Problem("usage", "there is no run yet", hint="run adhere check first"))
        self._write([*self._committed(), *made])
        return made

    def export(self, last: int, *, every: bool = False) -> Exported:
        """Write the latest runs of every group to the ledger that is committed.

        Args:
            last: of each group, so many.
            every: also those of which nobody can tell what exactly ran: outside of version
                control, or of files that differed from their commit.
        """
        runs = self.runs()
        known = {row.id for row in self._committed()}
        wanted = [row for row in runs.rows if every or row.id in known or row.is_of_a_commit]
        groups = assembled("", wanted).groups().values()
        kept = [row for rows in groups for row in rows[-last:]]
        self._write([*kept, *runs.baselines.values()])
        label = self._project.label(self._export)
        return Exported(label, len(kept), len(runs.rows) - len(wanted))

    def merge(self, paths: Sequence[str]) -> Taken:
        """Take over the rows of exports of other machines.

        Raises:
            ConfigError: a file cannot be read.
        """
        lines: list[bytes] = []
        for path in paths:
            absolute = os.path.abspath(path)
            text = read_text(absolute, self._project.label(absolute))
            lines += text.encode("utf-8", "surrogatepass").split(b"\n")
        return self._ledger.merge(line for line in lines if b'"adhere.baseline/1"' not in line)

    def prune(self, keep: int, older_than: float | None, now: datetime) -> int:
        """Remove the oldest rows of this machine.

        Args:
            keep: rows that stay at most.
            older_than: seconds; ``None`` for any age.
            now: ages count back from it.
        """
        self._ledger.most = 0  # what was forgotten stands in the journal no longer, either
        self._ledger.ingest(self._journal)
        before = ""
        if older_than is not None:
            before = (now - timedelta(seconds=older_than)).isoformat(timespec="milliseconds")
        return self._ledger.prune(keep, before)

    def _committed(self) -> list[RunRow | BaselineRow]:
        if not os.path.exists(self._export):
            return []
        label = self._project.label(self._export)
        rows, problems = read_runs(read_text(self._export, label), label)
        if problems:
            raise ConfigError(problems)
        return rows

    def _write(self, rows: Sequence[RunRow | BaselineRow]) -> None:
        unique = {row.id: row for row in rows}
        write_atomically(self._export, written(unique.values()), self._project.label(self._export))


def _line(
    metric: str,
    group: Group,
    rows: Sequence[RunRow],
    values: list[float],
    baseline: BaselineRow | None,
) -> Line:
    spent = costs(metric, values)
    samples = baseline.samples.get(metric, []) if baseline is not None else []
    late = series(since(rows, baseline), metric) if baseline is not None else []
    return Line(
        metric,
        group,
        rows[-1].packages,
        values,
        values[-1],
        quantile(values, 0.5),
        quantile(values, 0.95),
        change_point(spent),
        trend(spent),
        compare(costs(metric, samples), costs(metric, late)) if samples and late else None,
    )


def _row(line: bytes) -> Row:
    row = read_row(line)
    if not isinstance(row, RunRow):
        raise ValueError("a baseline is no run")  # noqa: TRY004 - it is a line of a file that is wrong
    return Row(row.id, row.started, line)
