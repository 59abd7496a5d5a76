"""A small ledger of runs: one group that got slower, one that did not, and other words in it."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from adhere.model.runs import BaselineRow, Ledger, RunRow, assembled

STEADY = [0.1, 0.099, 0.097, 0.101, 0.1006, 0.1049, 0.1004, 0.0997, 0.1025, 0.1004, 0.1018, 0.0993]


def run_row(name: str, day: int, **about: object) -> RunRow:
    """A warm run on a machine for tests."""
    given: dict[str, object] = {
        "id": name,
        "started": f"2026-11-{day:02}T08:00:00.000+00:00",
        "command": "check",
        "commit": "0123456789abcdef",
        "environment": "ci",
        "inputs": "sha256:0",
        "temperature": "warm",
        "packages": 741,
        "metrics": {},
        "dirty": False,
        "version": "0.1.0",
        "verdict": "pass",
    }
    return msgspec.convert({**given, **about}, RunRow)


def ledger(word: Callable[[str], str] = lambda text: text, *, copies: int = 1) -> Ledger:
    """Twelve runs before a baseline, ten that are slower since, and three cold ones.

    Args:
        word: what to make of words that could be a stranger's.
        copies: of all this, as other classes of machines.
    """
    rows: list[RunRow | BaselineRow] = []
    for copy in range(copies):
        machines = word("ci") + ("" if copy == 0 else f"-{copy}")
        warm = {"environment": machines, "command": word("check"), "commit": word("0123456789ab")}
        before = [
            run_row(f"a{copy}-{n}", 1 + n, **warm, metrics=_metrics(seconds))
            for n, seconds in enumerate(STEADY)
        ]
        after = [
            run_row(
                f"b{copy}-{n}",
                14 + n,
                **{**warm, "commit": word("fedcba987654")},
                metrics=_metrics(seconds * 1.3),
                packages=742,
                findings=2,
                waived=1,
                verdict="fail" if n == 0 else word("pass"),
                version=word("0.2.0"),
                dirty=n == 1,
            )
            for n, seconds in enumerate(STEADY[:10])
        ]
        cold = [
            run_row(
                f"c{copy}-{n}",
                25 + n,
                **{**warm, "commit": ""},
                temperature="cold",
                metrics={"seconds.total": 2.0 + n, word("odd.metric"): 1.0},
            )
            for n in range(3)
        ]
        samples = {"seconds.total": STEADY, "memory.peak": [3e7] * 12}
        moment = "2026-11-13T08:00:00.000+00:00"
        rows += [
            *before,
            *after,
            *cold,
            BaselineRow(f"z{copy}", moment, before[0].group, "", samples),
        ]
    return Ledger(assembled("adhere.runs.jsonl", rows), damaged=1)


def _metrics(seconds: float) -> dict[str, float]:
    return {
        "seconds.wall": seconds + 0.02,
        "seconds.total": seconds,
        "memory.peak": 3e7,
        "cache.hit_rate": 0.9,
        "cache.file.hit_rate": 0.95,
    }
