"""Runs that were measured, and which of them can be compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct

Temperature = Literal["cold", "mixed", "warm", "remembered"]
"""``warm``: everything was in a cache; ``cold``: nothing was; ``remembered``: the verdict itself
was shown again."""

RUN_SCHEMA: Literal["adhere.run/1"] = "adhere.run/1"
BASELINE_SCHEMA: Literal["adhere.baseline/1"] = "adhere.baseline/1"

SIZES = 1.25
"""Inputs whose numbers of packages differ by no more than this factor are of one size."""


JUDGED = "run.judged"
"""Metric: 1 for a run that judged everything it was to judge, whatever came of it, else 0."""

MISSING = "network.missing."
"""Start of metrics: answers that were not had, by reason; ``network.missing.deadline``."""

_JUDGED = (0, 1)
"""Exit codes of such runs."""

LOOKS = 10
"""Latest runs that are compared with a baseline."""


class Group(Struct, frozen=True, order=True):
    """What runs have to have in common to be compared.

    Attributes:
        command: that was run.
        environment: class of machines, ``linux-x86_64-cpython3.12-2cpu``, or a name for it.
        temperature: of the caches.
        size: smallest number of packages of inputs of one size.
    """

    command: str
    environment: str
    temperature: Temperature
    size: int


class RunRow(Struct, frozen=True, tag_field="schema", tag=RUN_SCHEMA):
    """One run.

    Attributes:
        id: unique; the same run has the same one in every ledger.
        started: ISO 8601, UTC.
        command: that was run.
        commit: of the project, ``""`` outside of version control.
        environment: class of machines.
        inputs: digest over the digests of everything that was judged.
        temperature: of the caches.
        packages: that were judged.
        metrics: by name, ``seconds.total``: seconds, bytes, parts of one, numbers.
        dirty: tracked files differed from the commit; ``None`` when nobody knows.
        version: of adhere.
        exit_code: that the run ended with.
        verdict: in one word.
        findings: that counted.
        waived: that a waiver covered.
        licenses: packages by state of their license.
        vulnerabilities: how many were ``known``, ``critical``, ``dated`` with a deadline, and
            ``overdue``; empty where nobody knew.
    """

    id: str
    started: str
    command: str
    commit: str
    environment: str
    inputs: str
    temperature: Temperature
    packages: int
    metrics: dict[str, float]
    dirty: bool | None = None
    version: str = ""
    exit_code: int = 0
    verdict: str = ""
    findings: int = 0
    waived: int = 0
    licenses: dict[str, int] = {}
    vulnerabilities: dict[str, int] = {}

    @property
    def is_of_a_commit(self) -> bool:
        """Whether it is known what ran, so that others can run the same."""
        return bool(self.commit) and not self.dirty

    @property
    def group(self) -> Group:
        """What it can be compared with."""
        return Group(self.command, self.environment, self.temperature, size_of(self.packages))


class BaselineRow(Struct, frozen=True, tag_field="schema", tag=BASELINE_SCHEMA):
    """Runs that later ones are compared with.

    Attributes:
        id: unique.
        set: when, ISO 8601, UTC; of several of one group the last one counts.
        group: of the runs.
        commit: that they ran at, ``""`` for several.
        samples: by name of a metric what each of them measured.
    """

    id: str
    set: str
    group: Group
    commit: str
    samples: dict[str, list[float]]


class Runs(Struct, frozen=True):
    """Everything that a ledger says.

    Attributes:
        path: of the ledger, as one would name it.
        rows: of runs, the oldest first.
        baselines: by group, the last that was set.
    """

    path: str
    rows: tuple[RunRow, ...] = ()
    baselines: Mapping[Group, BaselineRow] = {}

    def groups(self) -> dict[Group, list[RunRow]]:
        """Comparable runs, the group of the latest run first."""
        found: dict[Group, list[RunRow]] = {}
        for row in reversed(self.rows):
            found.setdefault(row.group, []).insert(0, row)
        return found


class Ledger(Struct, frozen=True):
    """The ledger of a project, for who shows it.

    Attributes:
        runs: that it has.
        damaged: lines of it that are no rows.
    """

    runs: Runs
    damaged: int = 0


def size_of(packages: int) -> int:
    """The smallest number of packages of an input of this size; 0 for none."""
    size = 0
    while packages > size:
        larger = max(size + 1, int(size * SIZES))
        if larger > packages:
            break
        size = larger
    return size


def series(rows: Iterable[RunRow], metric: str) -> list[float]:
    """What runs measured, without those that did not.

    `JUDGED` follows from how a run ended, and what starts with ``vulnerabilities.`` from what it
    knew of them; ``vulnerabilities.in_time_rate`` is the part within its deadline. A run that counts what came to nothing has a number
    for every reason: it names only those that it met.
    """
    found = (_measured(row, metric) for row in rows)
    return [value for value in found if value is not None]


def _measured(row: RunRow, metric: str) -> float | None:
    if metric == JUDGED:
        return float(row.exit_code in _JUDGED)
    kind, _, name = metric.partition(".")
    if kind == "vulnerabilities":
        if name == "in_time_rate" and row.vulnerabilities:
            dated = row.vulnerabilities.get("dated", 0)
            return 1 - row.vulnerabilities.get("overdue", 0) / dated if dated else 1.0
        found = row.vulnerabilities.get(name)
        return None if found is None else float(found)
    unmet = 0.0 if metric.startswith(MISSING) and "network.requests" in row.metrics else None
    return row.metrics.get(metric, unmet)


def assembled(path: str, rows: Iterable[RunRow | BaselineRow]) -> Runs:
    """Rows in the order of time, each run once."""
    runs: dict[str, RunRow] = {}
    baselines: list[BaselineRow] = []
    for row in rows:
        if isinstance(row, RunRow):
            runs.setdefault(row.id, row)
        else:
            baselines.append(row)
    baselines.sort(key=lambda row: (row.set, row.id))
    ordered = sorted(runs.values(), key=lambda row: (row.started, row.id))
    return Runs(path, tuple(ordered), {row.group: row for row in baselines})


def since(rows: Iterable[RunRow], baseline: BaselineRow) -> list[RunRow]:
    """The latest runs after a baseline was set: what may have changed shows in these.

    Older ones would hide what is new among what is known. Where there is no run since, these
    are the latest all the same: the baseline's own.
    """
    rows = list(rows)
    return ([row for row in rows if row.started > baseline.set] or rows)[-LOOKS:]


def more_is_worse(metric: str) -> bool:
    """Whether a larger value of a metric is a worse one."""
    return metric != JUDGED and not metric.endswith(("_rate", ".hits"))


def costs(metric: str, values: Sequence[float]) -> list[float]:
    """Values of which more is worse: what they are, or how many times less than one."""
    if more_is_worse(metric):
        return list(values)
    return [1 / max(value, _LEAST) for value in values]


def times_of(metric: str, ratio: float) -> float:
    """How many times as much a metric is, from a ratio of its `costs`; 0 for no number."""
    if more_is_worse(metric):
        return ratio
    return 1 / ratio if ratio else 0.0


_LEAST = 1e-6
"""For a rate of nothing: a million times worse than one of everything."""
