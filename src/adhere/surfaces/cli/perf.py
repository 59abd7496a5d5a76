"""``adhere perf``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from adhere.app.perf import KEPT, Compared, Line, Perf
from adhere.app.settings import Settings
from adhere.app.wiring import SystemClock
from adhere.checks.metrics_budget import shown
from adhere.checks.wording import plural
from adhere.model.runs import Group, more_is_worse, times_of
from adhere.policy.statistics import Comparison
from adhere.report.json import canonical
from adhere.report.sparkline import sparkline
from adhere.surfaces.cli.terminal import Terminal

_SLOWER = {"slower": "worse", "faster": "better"}


def _perf(settings: Settings) -> Perf:
    return Perf(settings.config, settings.given("out"))


def run_show(settings: Settings, terminal: Terminal) -> int:
    """Metrics of all runs, comparable ones together."""
    found = _perf(settings).show(settings.metric, int(settings.last))
    if settings.format == "json":
        terminal.write_bytes(canonical(found))
        return 0
    if not found.runs:
        terminal.line("there is no run yet: adhere check writes one down")
    group: Group | None = None
    for line in found.lines:
        if line.group != group:
            if group is not None:
                terminal.line("")
            group = line.group
            terminal.line(_headline(line))
        terminal.line(f"  {line.metric:<18} {_values(line)}")
        for remark in _remarks(line):
            terminal.line(f"  {'':<18} {remark}")
    if found.aside:
        verb = (
            "line of the journal is no row and was"
            if found.aside == 1
            else ("lines of the journal are no rows and were")
        )
        terminal.say(f"{found.aside} {verb} set aside: {found.reason}")
    return 0


def _headline(line: Line) -> str:
    packages, group = plural(line.packages, "package"), line.group
    what = f"{group.command}, {group.temperature}, {packages}, {group.environment}"
    return f"{what}: {plural(len(line.values), 'run')}"


def _name(group: Group) -> str:
    size = f"{plural(group.size, 'package')} or more"
    return f"{group.command}, {group.temperature}, {size}, {group.environment}"


def _values(line: Line) -> str:
    words = (shown(line.metric, value) for value in (line.last, line.p50, line.p95))
    last, p50, p95 = words
    return f"{sparkline(line.values)}  last {last}, median {p50}, p95 {p95}"


def _remarks(line: Line) -> Iterable[str]:
    if line.baseline is not None:
        yield f"against the baseline: {_words(line.metric, line.baseline)}"
    if line.change is not None:
        since = len(line.values) - line.change.at
        before, after = line.change.before, line.change.after
        times = times_of(line.metric, after / before if before else 0.0)
        yield f"changed {since} runs ago, to {times:.2f} times"
    if line.trend is not None:
        rises = (line.trend.slope > 0) is more_is_worse(line.metric)
        yield f"{'rises' if rises else 'falls'} from run to run"


def _words(metric: str, found: Comparison) -> str:
    times = f"{times_of(metric, found.ratio):.2f} times"
    if found.answer == "within noise":
        words = f"{times}, within noise ({found.noise:.0%})"
        more = "" if found.needed >= 10_000 else f"; {found.needed} runs would show a fifth more"
        return words + more
    if found.answer == "too few":
        more = str(found.needed) if found.needed < 10_000 else "more, on both sides"
        return f"{times}, but so few runs tell nothing; it takes {more}"
    return f"{times}, which is {_SLOWER[found.answer]}"


def run_compare(settings: Settings, terminal: Terminal) -> int:
    """Two commits, or the latest runs and the baseline; exit 1 where something got worse."""
    found = _perf(settings).compare(
        settings.before or "baseline", settings.after or "latest", settings.metric
    )
    if settings.format == "json":
        terminal.write_bytes(canonical(found))
    else:
        _table(found, terminal)
    return 1 if any(one.comparison.answer == "slower" for one in found) else 0


def _table(found: Sequence[Compared], terminal: Terminal) -> None:
    group: Group | None = None
    for one in found:
        if one.group != group:
            group = one.group
            terminal.line(
                f"{_name(group)}: {plural(one.runs[0], 'run')} before, {one.runs[1]} after"
            )
        terminal.line(f"  {one.metric:<18} {_words(one.metric, one.comparison)}")


def run_baseline(settings: Settings, terminal: Terminal) -> int:
    """The baselines; with ``--set``, the latest runs become them."""
    perf = _perf(settings)
    rows = (
        perf.set_baseline(SystemClock().now())
        if settings.set
        else list(perf.baselines().baselines.values())
    )
    if settings.format == "json":
        terminal.write_bytes(canonical(rows))
        return 0
    for row in rows:
        runs = max(map(len, row.samples.values()), default=0)
        at = row.commit[:12] or "no one commit"
        terminal.line(f"{_name(row.group)}: {plural(runs, 'run')} at {at}, set {row.set[:10]}")
    if not rows:
        terminal.line("there is no baseline: adhere perf baseline --set makes the latest runs one")
    return 0


def run_export(settings: Settings, terminal: Terminal) -> int:
    """Write the ledger that is committed."""
    done = _perf(settings).export(int(settings.last), every=settings.every)
    words = f"{done.label}: {plural(done.rows, 'run')}"
    if done.left_out:
        words += f"; {done.left_out} left out, of no commit or of changed files"
    terminal.line(words)
    return 0


def run_merge(settings: Settings, terminal: Terminal) -> int:
    """Take over exports; exit 2 when some of their lines were no rows."""
    taken = _perf(settings).merge(settings.files)
    terminal.line(
        f"{plural(taken.added, 'run')} added, {taken.known} known already, {taken.aside} set aside"
    )
    return 2 if taken.aside else 0


def run_prune(settings: Settings, terminal: Terminal) -> int:
    """Remove the oldest runs."""
    keep = int(settings.keep) if settings.keep else KEPT
    gone = _perf(settings).prune(keep, settings.older_than or None, SystemClock().now())
    terminal.line(f"{plural(gone, 'run')} removed")
    return 0
