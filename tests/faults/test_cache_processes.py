"""Processes that are killed, and processes that all want the same at once."""

from __future__ import annotations

import contextlib
import random
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from adhere.cache.leases import SqliteFlight
from adhere.cache.sqlite import SqliteCache
from adhere.cache.sqlite_file import NAME
from adhere.cache.upkeep import verify
from adhere.model.key import cache_key
from fakes.clock import FakeClock

KILLS = 50
TESTS = str(Path(__file__).parents[1])
BATCH = 40
KEYS = [cache_key("license", str(number)) for number in range(BATCH)]

WRITE = """
import sys
from adhere.app.wiring import SystemClock
from adhere.model.key import cache_key
from adhere.cache.sqlite import SqliteCache
keys = [cache_key("license", str(number)) for number in range(40)]
cache = SqliteCache(sys.argv[1], SystemClock(), limit=400_000)
print("begun", flush=True)
turn = 0
while True:
    turn += 1
    mark = f"{sys.argv[2]}.{turn}.".encode()
    cache.put_many({key: mark + key.encode() * 40 for key in keys}, 1000)
    cache.put_many({cache_key("other", sys.argv[2], str(turn)): mark * 200})
    cache.get_many(keys)
    if cache.trouble:
        sys.exit(str(cache.trouble))
"""


def test_a_process_that_is_killed_leaves_the_file_whole(tmp_path: Path) -> None:
    """A batch is there or not; what it replaced is gone or there; nothing has to be mended."""
    from adhere.app.wiring import SystemClock

    folder = tmp_path / "cache"
    chance = random.Random(9)
    marks = set()
    for turn in range(KILLS):
        command = [sys.executable, "-c", WRITE, str(folder), str(turn)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"begun\n"
            time.sleep(chance.random() * 0.04)
            process.kill()
        cache = SqliteCache(str(folder), SystemClock(), limit=400_000)
        found = cache.get_many(KEYS)
        mark = {value[: value.rindex(b".") + 1] for value in found.values()}
        assert len(mark) <= 1, "two batches are mixed"
        assert len(found) in (0, BATCH)
        assert all(value == next(iter(mark)) + key.encode() * 40 for key, value in found.items())
        checked = verify(cache.file)
        assert checked is not None
        assert checked.damaged == 0
        assert cache.trouble == []
        cache.close()
        marks |= mark
    with contextlib.closing(sqlite3.connect(folder / NAME)) as other:
        (counted,), (known,) = (
            other.execute("SELECT sum(size) FROM entry").fetchone(),
            other.execute("SELECT bytes FROM total").fetchone(),
        )
    assert counted == known <= 400_000
    assert len(marks) > KILLS // 4, "they were killed before they did anything"


FETCH = """
import asyncio, os, random, sys
sys.path.insert(0, sys.argv[4])
from adhere.app.wiring import SystemClock, open_flight, open_tiers
from fakes.fetching import fetch_once
from adhere.model.key import cache_key
from adhere.policy.settings import ConfigTable

folder, log, seed, _ = sys.argv[1:]
keys = [cache_key("license", str(number), subject=f"p{number}") for number in range(120)]
clock = SystemClock()
cache = open_tiers(ConfigTable(), "/", folder, clock)
flight = open_flight(cache, clock)
random.Random(seed).shuffle(keys)

async def fetch(wanted, landed):
    with open(log, "a") as file:
        for key in wanted:
            os.write(file.fileno(), f"{key}\\n".encode())
    await asyncio.sleep(0.02)
    cache.put_many({key: key.encode() * 50 for key in wanted}, 1000)

async def main():
    parts = [keys[start:start + 15] for start in range(0, len(keys), 10)]  # some twice
    found = await asyncio.gather(*(
        fetch_once(part, fetch, cache=cache, flight=flight, lease=60, sleep=asyncio.sleep)
        for part in parts
    ))
    for part, values in zip(parts, found):
        assert values == {key: key.encode() * 50 for key in part}

print("begun", flush=True)
sys.stdin.readline()
asyncio.run(main())
assert not cache.trouble, cache.trouble
cache.close()
"""


def test_sixteen_processes_on_a_cold_cache_fetch_each_key_once(tmp_path: Path) -> None:
    log = tmp_path / "log"
    words = [sys.executable, "-c", FETCH, str(tmp_path / "cache"), str(log)]
    processes = [
        subprocess.Popen(
            [*words, str(number), TESTS],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for number in range(16)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
    for process in processes:  # all at once
        assert process.stdin is not None
        process.stdin.write(b"go\n")
        process.stdin.flush()
    for process in processes:
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said.decode()
    fetched = Counter(log.read_text("utf-8").splitlines())
    assert len(fetched) == 120
    assert set(fetched.values()) == {1}


def test_who_is_killed_while_fetching_holds_nobody_up(tmp_path: Path) -> None:
    """Leases last for a minute here; those who survive are done long before."""
    log = tmp_path / "log"
    words = [sys.executable, "-c", FETCH, str(tmp_path / "cache"), str(log)]
    with contextlib.ExitStack() as stack:
        processes = [
            stack.enter_context(
                subprocess.Popen(
                    [*words, str(n), TESTS], stdin=subprocess.PIPE, stdout=subprocess.PIPE
                )
            )
            for n in range(6)
        ]
        for process in processes:
            assert process.stdout is not None
            process.stdout.readline()
        for process in processes:
            assert process.stdin is not None
            process.stdin.write(b"go\n")
            process.stdin.flush()
        while not log.exists():
            time.sleep(0.001)
        for process in processes[:4]:
            process.kill()
        for process in processes[4:]:
            process.communicate(timeout=50)
            assert process.returncode == 0
    assert len(set(log.read_text("utf-8").splitlines())) == 120


CLAIM = """
import sys, time
from adhere.app.wiring import SystemClock
from adhere.cache.leases import SqliteFlight
from adhere.cache.sqlite import SqliteCache
cache = SqliteCache(sys.argv[1], SystemClock(), limit=1000)
flight = SqliteFlight(cache.file, SystemClock())
print(len(flight.claim(["license//1", "license//2"], 3600)), flush=True)
time.sleep(3600)
"""


def test_what_a_killed_process_was_fetching_is_free_at_once(tmp_path: Path) -> None:
    from adhere.app.wiring import SystemClock

    cache = SqliteCache(str(tmp_path / "cache"), SystemClock(), limit=1000)
    flight = SqliteFlight(cache.file, SystemClock())
    command = [sys.executable, "-c", CLAIM, str(tmp_path / "cache")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"2\n"
        assert flight.claim(["license//1", "license//3"], 60) == {"license//3"}
        process.kill()
    assert flight.claim(["license//1", "license//2"], 60) == {"license//1", "license//2"}
    cache.close()


def test_leases_of_processes_end_by_the_clock(tmp_path: Path, clock: FakeClock) -> None:
    cache = SqliteCache(str(tmp_path / "cache"), clock, limit=1000)
    one, other = SqliteFlight(cache.file, clock), SqliteFlight(cache.file, clock)
    assert one.claim(["a", "b"], 10) == {"a", "b"}
    assert one.claim(["a", "b"], 10) == set(), "a task of the same process waits as well"
    assert other.claim(["b", "c"], 10) == {"c"}
    one.release(["b"])
    assert other.claim(["a", "b"], 10) == {"b"}
    one.release(["b"])
    assert one.claim(["b"], 10) == set(), "only who holds a key can let it go"
    clock.pass_time(seconds=10)
    assert other.claim(["a", "b", "c"], 10) == {"a", "b", "c"}
    clock.set_back(days=1)
    assert one.claim(["a"], 10) == {"a"}, "or nobody would fetch it for a day"
    cache.close()


def test_without_a_file_each_process_fetches_for_itself(tmp_path: Path, clock: FakeClock) -> None:
    (tmp_path / "cache").write_text("no folder")
    cache = SqliteCache(str(tmp_path / "cache"), clock, limit=1000)
    one, other = SqliteFlight(cache.file, clock), SqliteFlight(cache.file, clock)
    assert one.claim(["a"], 10) == {"a"}
    assert one.claim(["a"], 10) == set()
    assert other.claim(["a"], 10) == {"a"}
    one.release(["a"])
    assert one.claim(["a"], 10) == {"a"}
    assert len(cache.trouble) == 1


def test_processes_open_a_new_file_together(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom adhere.app.wiring import SystemClock\n"
        "from adhere.cache.sqlite import SqliteCache\n"
        "cache = SqliteCache(sys.argv[1], SystemClock(), limit=10**6)\n"
        "sys.stdin.readline()\n"
        "cache.put_many({f'license//{sys.argv[2]}': b'value'})\n"
        "assert cache.get_many([f'license//{sys.argv[2]}']) and not cache.trouble, cache.trouble\n"
    )
    for turn in range(3):
        words = [sys.executable, "-c", script, str(tmp_path / str(turn))]
        processes = [
            subprocess.Popen([*words, str(n)], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
            for n in range(8)
        ]
        for process in processes:
            _, said = process.communicate(b"go\n", timeout=60)
            assert process.returncode == 0, said.decode()
        with contextlib.closing(sqlite3.connect(tmp_path / str(turn) / NAME)) as other:
            assert other.execute("SELECT count(*) FROM entry").fetchone() == (8,)
            assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_owners_that_nobody_can_ask_about_keep_their_leases(
    tmp_path: Path, clock: FakeClock
) -> None:
    cache = SqliteCache(str(tmp_path / "cache"), clock, limit=1000)
    flight = SqliteFlight(cache.file, clock)
    flight.claim(["a"], 10)
    now = clock.now().timestamp()
    with contextlib.closing(sqlite3.connect(tmp_path / "cache" / NAME)) as other:
        ((mine,),) = other.execute("SELECT owner FROM lease").fetchall()
        place, pid, start, _ = mine.split()
        kept = ["", " ", f"{place} -1 1 x", "elsewhere 1 1 x", f"{place} {pid} {start} x"]
        kept += [f"{place} {pid} - x", f"{place} 99999999999999999999 - x", "x\0y 1 1 z"]
        gone = [f"{place} {pid} 1 x", f"{place} 4194304 1 x", f"{place} 4194304 - x"]
        for owner in (*kept, *gone):
            row = (f"of {owner}", owner, now, now + 60)
            other.execute("INSERT INTO lease VALUES (?, ?, ?, ?)", row)
        other.commit()
    names = [f"of {owner}" for owner in (*kept, *gone)]
    claimed = SqliteFlight(cache.file, clock).claim([*names, "a", "b"], 10)
    assert claimed == {"b", *(f"of {owner}" for owner in gone)}
    cache.close()
