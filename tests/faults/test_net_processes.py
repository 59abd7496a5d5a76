"""Many processes, one cold cache, one index: each page is fetched once; a kill loses little."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from adhere.testing import FakeIndex

TESTS = Path(__file__).parents[1]
PROCESSES = 6
PROJECTS = 60
SCRIPT = """
import asyncio, random, sys
sys.path.insert(0, sys.argv[3])
from adhere.app.wiring import SystemClock, open_flight, open_tiers
from adhere.evidence.client import Client
from adhere.evidence.connect import opener
from adhere.evidence.deadline import Deadline
from adhere.evidence.projects import plan_projects
from adhere.policy.settings import ConfigTable
from fakes.asking import CLOCK, chosen, limits

choice = chosen({"ADHERE_INDEX_URL": sys.argv[1]})
cache = open_tiers(ConfigTable(), "", sys.argv[2], CLOCK)
plan = plan_projects(choice.indexes, [f"shop-{i}" for i in range(60)])
client = Client(
    opener(choice, user_agent="test", connections=5),
    limits(timeout=30.0, ttl={"package_metadata": 3600.0}, rate=float(sys.argv[4])),
    Deadline.after(60.0, CLOCK.elapsed()),
    cache=cache, clock=CLOCK, rng=random.Random(), flight=open_flight(cache, CLOCK),
)

async def main():
    answers = await client.fetch_all(plan.fetches, plan.decode, progress=told)
    await client.aclose()
    return sum(1 for answer in answers.values() if getattr(answer, "found", False))

def told(what, done, total):
    print(done, flush=True)

print("found", asyncio.run(main()), cache.trouble, flush=True)
"""


def start(index: FakeIndex, folder: Path, rate: float) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", SCRIPT, index.url, str(folder), str(TESTS), str(rate)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)


def test_each_page_is_fetched_once_in_total(tmp_path: Path) -> None:
    names = [f"shop-{i}" for i in range(PROJECTS)]
    with FakeIndex({name: ["1.0"] for name in names}, latency=0.05) as index:
        running = [start(index, tmp_path / "cache", 0.0) for _ in range(PROCESSES)]
        for process in running:
            output, _ = process.communicate(timeout=120)
            assert output.splitlines()[-1] == f"found {PROJECTS} ()"
        assert sorted(index.counts.values()) == [1] * PROJECTS


def test_a_process_that_is_killed_keeps_nobody_waiting_and_most_of_what_it_had(
    tmp_path: Path,
) -> None:
    names = [f"shop-{i}" for i in range(PROJECTS)]
    with FakeIndex({name: ["1.0"] for name in names}) as index:
        first = start(index, tmp_path / "cache", 50.0)
        assert first.stdout is not None
        with first.stdout as output:
            for _ in range(30):
                output.readline()
            first.kill()
            first.wait(30)
        second = start(index, tmp_path / "cache", 0.0)
        answered, _ = second.communicate(timeout=120)
        assert answered.splitlines()[-1] == f"found {PROJECTS} ()"
        twice = [path for path, count in index.counts.items() if count > 1]
        # What was fetched less than a fifth of a second before the kill, and under way then.
        assert len(twice) <= 25
        assert len(index.log) <= PROJECTS + len(twice)
