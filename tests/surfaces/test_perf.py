"""``adhere perf``: what a user sees of runs that were measured."""

from __future__ import annotations

import json
import math
from pathlib import Path
from random import Random

import msgspec
import pytest

from adhere.model.need import RunsNeed
from adhere.model.runs import BaselineRow, RunRow, assembled
from adhere.sources.runs import written
from corpus.judging import judge, rule_of
from surfaces.world import World


def runs(
    count: int, seconds: float, *, commit: str = "abc", first: int = 1, **about: str
) -> list[RunRow]:
    """Runs that took about as long."""
    return [
        RunRow(
            f"{commit}-{first + n}",
            f"{about.get('year', 2026)}-11-{first + n:02}T00:00:00.000+00:00",
            "check",
            commit,
            about.get("environment", "ci"),
            "sha256:0",
            "warm",
            741,
            {"seconds.total": seconds * (1 + n / 1000), "memory.peak": 3e7},
        )
        for n in range(count)
    ]


def journal(world: World, rows: list[RunRow]) -> Path:
    return world.write(".adhere/history.jsonl", written(rows))


def test_a_run_writes_its_row(good: World) -> None:
    good.check("--environment", "laptop")
    (line,) = (good / ".adhere/history.jsonl").read_text("utf-8").splitlines()
    row = json.loads(line)
    assert row["schema"] == "adhere.run/1"
    assert (row["environment"], row["temperature"], row["packages"]) == ("laptop", "cold", 1)
    assert row["metrics"]["seconds.total"] > 0
    assert row["metrics"]["seconds.check.licenses.allowed"] >= 0
    assert row["metrics"]["memory.peak"] > 1e6
    assert row["metrics"]["network.requests"] == 0
    ran = good.adhere("perf", "show", "--metric", "seconds.total")
    assert ran.code == 0
    assert ran.out.startswith("check, cold, 1 package, laptop: 1 run\n  seconds.total ")


def test_nothing_yet(world: World) -> None:
    ran = world.adhere("perf", "show")
    assert (ran.code, ran.out) == (0, "there is no run yet: adhere check writes one down\n")
    assert "no baseline" in world.adhere("perf", "baseline").out
    assert world.adhere("perf", "baseline", "--set").code == 2
    assert world.adhere("perf", "compare").code == 2
    assert not (world / ".adhere/runs.sqlite3").exists()


def test_a_slow_down_since_the_baseline(world: World) -> None:
    journal(world, runs(20, 1.0))
    ran = world.adhere("perf", "baseline", "--set")
    assert ran.out.startswith("check, warm, 713 packages or more, ci: 20 runs at abc, set ")
    with (world / ".adhere/history.jsonl").open("ab") as file:
        file.write(written(runs(8, 1.3, commit="def", first=21, year="2036")))
    ran = world.adhere("perf", "compare", "--metric", "seconds.total")
    assert ran.code == 1
    assert ran.out.splitlines()[1].split() == [
        "seconds.total",
        "1.29",
        "times,",
        "which",
        "is",
        "worse",
    ]
    assert world.adhere("perf", "compare", "abc", "abc").code == 0
    shown = world.adhere("perf", "show", "--metric", "seconds.total").out
    assert "changed 8 runs ago, to 1.29 times" in shown
    (line,) = world.adhere("perf", "show", "--metric", "seconds.total", "--format", "json").value[
        "lines"
    ]
    assert line["baseline"]["answer"] in ("slower", "within noise")
    assert line["change"]["at"] == 20
    unknown = world.adhere("perf", "compare", "fff", "def")
    assert unknown.code == 2
    assert "no run is of fff" in unknown.err


def test_what_is_no_row_is_said_once_and_kept(world: World) -> None:
    world.write(".adhere/history.jsonl", b"garbage\n\xff\xfe\n" + written(runs(2, 1.0)))
    ran = world.adhere("perf", "show")
    assert ran.err.count("set aside") == 1
    assert "2 lines of the journal are no rows and were set aside: " in ran.err


def test_exports_are_merged_without_counting_twice(world: World, tmp_path: Path) -> None:
    journal(world, runs(3, 1.0))
    assert world.adhere("perf", "export").out == "adhere.runs.jsonl: 3 runs\n"
    first = (world / "adhere.runs.jsonl").read_bytes()
    assert world.adhere("perf", "export").out == "adhere.runs.jsonl: 3 runs\n"
    assert (world / "adhere.runs.jsonl").read_bytes() == first
    other = tmp_path / "other.jsonl"
    other.write_bytes(written([*runs(2, 1.0), *runs(2, 1.0, environment="laptop", commit="x")]))
    ran = world.adhere("perf", "merge", str(other))
    assert (ran.code, ran.out) == (0, "2 runs added, 2 known already, 0 set aside\n")
    other.write_bytes(b"<<<<<<<\n")
    ran = world.adhere("perf", "merge", str(other))
    assert (ran.code, ran.out) == (2, "0 runs added, 0 known already, 1 set aside\n")
    assert world.adhere("perf", "merge", str(tmp_path / "gone")).codes == ["file-unreadable"]
    assert world.adhere("perf", "export", "--last", "1").out == "adhere.runs.jsonl: 2 runs\n"


def test_the_oldest_are_removed(world: World) -> None:
    journal(world, runs(10, 1.0))
    assert world.adhere("perf", "prune", "--keep", "4").out == "6 runs removed\n"
    assert world.adhere("perf", "prune", "--older-than", "1h").out == "4 runs removed\n"
    assert world.adhere("perf", "show").out.startswith("there is no run yet")


def test_a_committed_ledger_that_is_wrong(world: World) -> None:
    world.write("adhere.runs.jsonl", "<<<<<<< HEAD\n")
    for words in (("show",), ("export",), ("baseline", "--set"), ("compare",)):
        ran = world.adhere("perf", *words)
        assert (ran.code, ran.codes) == (2, ["runs-invalid"])
    assert (world / "adhere.runs.jsonl").read_text("utf-8") == "<<<<<<< HEAD\n"


@pytest.mark.parametrize("name", ["a b", "../x", "x" * 65, "\x1b[31m"])
def test_a_class_of_machines_has_a_plain_name(good: World, name: str) -> None:
    ran = good.check("--environment", name)
    assert (ran.code, ran.codes) == (2, ["usage"])


def test_a_verdict_that_is_shown_again_is_a_run_too(good: World) -> None:
    for _ in range(20):
        good.check("--cache-dir", str(good / "cache"))
        rows = (good / ".adhere/history.jsonl").read_text("utf-8").splitlines()
        row = json.loads(rows[-1])
        if row["temperature"] == "remembered":
            break
    first = json.loads(rows[0])
    assert row["temperature"] == "remembered"
    assert set(row["metrics"]) == {"seconds.wall", "seconds.cpu", "memory.peak"}
    same = ("commit", "environment", "exit_code", "findings", "inputs", "licenses", "packages")
    assert [row[key] for key in same] == [first[key] for key in same]
    assert len({json.loads(line)["id"] for line in rows}) == len(rows)
    shown = good.adhere("perf", "show", "--metric", "seconds.wall").out
    assert "check, remembered, 1 package" in shown


def test_what_nobody_can_run_again_is_not_exported(world: World) -> None:
    none, changed = runs(2, 1.0, commit=""), runs(3, 1.0, commit="def")
    changed = [msgspec.structs.replace(row, dirty=True) for row in changed]
    journal(world, [*runs(4, 1.0), *none, *changed])
    assert world.adhere("perf", "export").out == (
        "adhere.runs.jsonl: 4 runs; 5 left out, of no commit or of changed files\n"
    )
    assert world.adhere("perf", "export", "--all").out == "adhere.runs.jsonl: 9 runs\n"


@pytest.mark.parametrize("slower", [1.0, 1.2])
def test_ten_runs_after_a_baseline_tell_of_a_fifth(slower: float) -> None:
    """Noise of 8 %, as the promise of the documentation has it; the ledger has older runs."""
    random = Random(7)
    told = 0
    for _ in range(200):
        before = [math.exp(random.gauss(0, 0.08)) for _ in range(20)]
        rows = [*runs(20, 1.0), *runs(10, 1.0, commit="def", year="2036")]
        rows = [
            msgspec.structs.replace(row, metrics={"seconds.total": value})
            for row, value in zip(
                rows,
                [*before, *(slower * math.exp(random.gauss(0, 0.08)) for _ in range(10))],
                strict=True,
            )
        ]
        samples = {"seconds.total": before}
        baseline = BaselineRow("b", "2026-12-01", rows[0].group, "abc", samples)
        rule = rule_of("metrics.budget", 'metric = "seconds.total"\nvs_baseline = 1.05')
        answers = {RunsNeed("adhere.runs.jsonl"): assembled("x", [*rows, baseline])}
        judgement = judge(rule, answers)  # type: ignore[arg-type]  # keys of one sort
        assert judgement.judged == 1
        assert not judgement.unjudged
        told += [finding.code for finding in judgement.findings] == ["budget-regressed"]
    assert told / 200 > 0.95 if slower > 1 else told / 200 < 0.01
