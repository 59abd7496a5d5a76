"""Rows of runs: what is written is read, put together in any order, and never lost."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from adhere.app.perf import _row
from adhere.metrics.journal import leave
from adhere.metrics.ledger import RunLedger, RunsError, Taken
from adhere.model.runs import (
    BaselineRow,
    Group,
    RunRow,
    assembled,
    costs,
    series,
    size_of,
)
from adhere.report.sparkline import sparkline
from adhere.sources.runs import read_row, read_runs, written

numbers = st.floats(allow_nan=False, allow_infinity=False)
names = st.from_regex(r"[a-z]{1,8}(\.[a-z_]{1,8}){0,2}", fullmatch=True)
ids = st.uuids().map(str)


def row(id_: str = "a", seconds: float = 1.0, moment: str = "2026-11-01T00:00:00+00:00") -> RunRow:
    metrics = {"seconds.total": seconds}
    return RunRow(id_, moment, "check", "abc", "ci", "sha256:0", "warm", 741, metrics)


rows = st.builds(
    RunRow,
    id=ids,
    started=st.datetimes().map(lambda moment: moment.isoformat()),
    command=st.just("check"),
    commit=st.text(max_size=8),
    environment=st.text(max_size=8),
    inputs=st.text(max_size=8),
    temperature=st.sampled_from(["cold", "mixed", "warm"]),
    packages=st.integers(0, 10**6),
    metrics=st.dictionaries(names, numbers, max_size=4),
)


@given(st.lists(rows, max_size=6))
def test_what_is_written_is_read(found: list[RunRow]) -> None:
    text = written(found).decode()
    again, problems = read_runs(text, "runs.jsonl")
    assert problems == []
    assert {one.id: one for one in again} == {one.id: one for one in found}
    assert written(again).decode() == text


@given(st.lists(rows, max_size=6, unique_by=lambda one: one.id), st.randoms())
def test_branches_add_lines_in_any_order(found: list[RunRow], random: Random) -> None:
    lines = written(found).splitlines() + written(found[:2]).splitlines()
    random.shuffle(lines)
    again, problems = read_runs(b"\n".join(lines).decode(), "runs.jsonl")
    assert problems == []
    assert assembled("x", again) == assembled("x", found)


@given(st.binary(max_size=200))
def test_anything_else_is_no_row(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_row(data)


@pytest.mark.parametrize("value", ["NaN", "1e999", "-1e999"])
def test_a_metric_is_a_number(value: str) -> None:
    line = written([row()]).decode().replace("1.0", value)
    with pytest.raises(ValueError, match=r"."):
        read_row(line)


def test_each_mistake_has_its_line() -> None:
    good = written([row()]).decode()
    found, problems = read_runs(f"{good}\nnonsense\n{good}<<<<<<< HEAD\n", "runs.jsonl")
    assert len(found) == 2
    assert [(p.code, p.line) for p in problems] == [("runs-invalid", 3), ("runs-invalid", 5)]


@given(st.integers(0, 10**9))
def test_a_size_holds_numbers_that_lie_close(packages: int) -> None:
    size = size_of(packages)
    assert size <= packages
    assert size_of(size) == size
    assert packages < max(size + 1, size * 1.25) + 1


def test_groups_are_of_runs_that_can_be_compared() -> None:
    other = RunRow("b", "2026-11-02", "check", "", "laptop", "", "warm", 741, {})
    cold = RunRow("c", "2026-11-03", "check", "", "ci", "", "cold", 741, {})
    large = RunRow("d", "2026-11-04", "check", "", "ci", "", "warm", 7410, {})
    like = RunRow("e", "2026-11-05", "check", "", "ci", "", "warm", 745, {})
    groups = assembled("x", [row(), other, cold, large, like]).groups()
    assert [[one.id for one in found] for found in groups.values()] == [
        ["a", "e"],
        ["d"],
        ["c"],
        ["b"],
    ]
    assert series([row(), other], "seconds.total") == [1.0]


@pytest.mark.parametrize(("code", "judged"), [(0, 1.0), (1, 1.0), (2, 0.0), (3, 0.0), (4, 0.0)])
def test_how_a_run_ended_tells_whether_it_judged(code: int, judged: float) -> None:
    assert series([replace(row(), exit_code=code)], "run.judged") == [judged]


def test_a_run_that_names_no_missing_answer_had_none() -> None:
    asked = replace(row(), metrics={"network.requests": 3.0})
    late = replace(row(), metrics={"network.requests": 3.0, "network.missing.deadline": 2.0})
    silent = replace(row(), metrics={})
    assert series([asked, late, silent], "network.missing.deadline") == [0.0, 2.0]


def test_the_last_baseline_counts() -> None:
    group = Group("check", "ci", "warm", 700)
    one = BaselineRow("1", "2026-11-01", group, "", {"seconds.total": [1.0]})
    two = BaselineRow("2", "2026-11-02", group, "", {"seconds.total": [2.0]})
    assert assembled("x", [two, one]).baselines == {group: two}


def test_of_a_rate_less_is_worse() -> None:
    assert costs("seconds.total", [1.0, 2.0]) == [1.0, 2.0]
    assert costs("cache.hit_rate", [0.5, 1.0]) == [2.0, 1.0]
    assert costs("cache.hit_rate", [0.0]) == [1e6]


def test_a_series_as_columns() -> None:
    assert sparkline([]) == ""
    assert sparkline([1.0, 1.0]) == "▄▄"
    assert sparkline([0.0, 3.5, 7.0]) == "▁▅█"
    assert sparkline([0.0, 1.0, 2.0], width=2) == "▁█"


@pytest.fixture
def ledger(tmp_path: Path) -> RunLedger:
    return RunLedger(str(tmp_path), "runs.sqlite3", _row)


def test_the_journal_is_taken_over_once(ledger: RunLedger, tmp_path: Path) -> None:
    journal = tmp_path / "history.jsonl"
    assert ledger.ingest(str(journal)) == Taken()
    assert ledger.lines() == []
    journal.write_bytes(written([row("a")]) + b"garbage\n" + written([row("b")])[:-9])
    assert ledger.ingest(str(journal)) == Taken(added=1, aside=1)
    assert ledger.ingest(str(journal)) == Taken(), "a line without an end may be still to come"
    journal.write_bytes(written([row("a")]) + b"garbage\n" + written([row("b")]))
    assert ledger.ingest(str(journal)) == Taken(added=1)
    assert [json.loads(line)["id"] for line in ledger.lines()] == ["a", "b"]
    assert [line for line, _ in ledger.aside()] == [b"garbage"]


def test_a_journal_that_was_replaced_is_read_from_its_beginning(
    ledger: RunLedger, tmp_path: Path
) -> None:
    journal = tmp_path / "history.jsonl"
    journal.write_bytes(written([row("a"), row("b")]))
    ledger.ingest(str(journal))
    fresh = tmp_path / "fresh"
    fresh.write_bytes(written([row("c"), row("a")]) * 3)
    fresh.rename(journal)
    assert ledger.ingest(str(journal)) == Taken(added=1, known=5)
    journal.write_bytes(written([row("d")]))  # cut off in place
    assert ledger.ingest(str(journal)) == Taken(added=1)


def test_exports_of_many_machines(ledger: RunLedger) -> None:
    assert ledger.merge(written([row("a"), row("b")]).splitlines()) == Taken(added=2)
    assert ledger.merge(written([row("b"), row("c")]).splitlines()) == Taken(added=1, known=1)


def test_the_oldest_go_first(ledger: RunLedger) -> None:
    days = [row(str(n), moment=f"2026-11-{n:02}T00:00:00+00:00") for n in range(1, 10)]
    ledger.merge(written(days).splitlines())
    assert ledger.prune(5) == 4
    assert ledger.prune(5, before="2026-11-07") == 2
    assert [json.loads(line)["id"] for line in ledger.lines()] == ["7", "8", "9"]


def test_a_file_that_is_none_of_ours_is_set_aside(ledger: RunLedger, tmp_path: Path) -> None:
    (tmp_path / "runs.sqlite3").write_bytes(os.urandom(4096))
    assert ledger.merge(written([row("a")]).splitlines()) == Taken(added=1)
    assert (tmp_path / "runs.sqlite3.corrupt").exists()


def test_a_ledger_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ledger = RunLedger(str(tmp_path / "file"), "label", _row)
    with pytest.raises(RunsError, match="cannot use it"):
        ledger.merge(written([row("a")]).splitlines())


def test_a_ledger_that_somebody_writes_to_is_waited_for(
    ledger: RunLedger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import adhere.metrics.ledger as module

    monkeypatch.setattr(module, "_BUSY_SECONDS", 0.1)
    ledger.merge(written([row("a")]).splitlines())
    with sqlite3.connect(tmp_path / "runs.sqlite3", isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(RunsError, match="locked"):
            ledger.merge(written([row("b")]).splitlines())
        other.execute("ROLLBACK")
    assert ledger.merge(written([row("b")]).splitlines()) == Taken(added=1)


_INGEST = """
import sys
from msgspec.structs import replace

from adhere.app.perf import _row
from adhere.metrics.ledger import RunLedger
print(RunLedger(sys.argv[1], "l", _row).ingest(sys.argv[1] + "/history.jsonl").added)
"""


def test_several_at_once_take_each_row_once(ledger: RunLedger, tmp_path: Path) -> None:
    found = [row(str(number)) for number in range(500)]
    (tmp_path / "history.jsonl").write_bytes(written(found))
    command = [sys.executable, "-c", _INGEST, str(tmp_path)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    added = [int(process.communicate(timeout=60)[0]) for process in processes]
    assert sum(added) == 500
    assert len(ledger.lines()) == 500


def test_a_journal_that_grows_is_begun_anew(ledger: RunLedger, tmp_path: Path) -> None:
    journal = tmp_path / "history.jsonl"
    ledger.most = 100
    journal.write_bytes(written([row("a")]))
    with journal.open("ab") as late:
        assert ledger.ingest(str(journal)) == Taken(added=1)
        assert not journal.exists()
        late.write(written([row("b")]))  # a run that ended just then
    journal.write_bytes(written([row("c")]))
    assert ledger.ingest(str(journal)) == Taken(added=2)
    assert ledger.ingest(str(journal)) == Taken()
    assert ledger.prune(1) == 2
    assert ledger.ingest(str(journal)) == Taken(), "what was forgotten does not come back"


def test_rows_of_jobs_that_know_nothing_of_each_other_do_not_meet(tmp_path: Path) -> None:
    about = b'{"schema":"adhere.run/1","command":"check","commit":"","environment":"ci",'
    about += b'"inputs":"","packages":1'
    for seconds in (0.5, 0.6, 0.5):
        leave(str(tmp_path), about, "cold", 1795435200.25, {"seconds.wall": seconds})
    found, problems = read_runs((tmp_path / "history.jsonl").read_text("utf-8"), "history.jsonl")
    assert problems == []
    assert {one.started for one in found if isinstance(one, RunRow)} == {
        "2026-11-23T12:00:00.250+00:00"
    }
    assert len({one.id for one in found}) == 3, "processor time tells even these apart"
