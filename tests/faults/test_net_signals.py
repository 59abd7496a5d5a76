"""Ctrl-C and SIGTERM in the middle of a gathering: at once, and nothing that was there is lost."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from adhere.testing import FakeIndex

TESTS = Path(__file__).parents[1]
SCRIPT = """
import asyncio, json, random, sys
sys.path.insert(0, sys.argv[2])
from adhere.cache.leases import LocalFlight
from adhere.evidence.client import Client
from adhere.evidence.connect import opener
from adhere.evidence.deadline import Deadline
from adhere.evidence.loop import run_until_told
from adhere.evidence.projects import plan_projects
from fakes.asking import CLOCK, chosen, limits
from fakes.memory_cache import MemoryCache

choice = chosen({"ADHERE_INDEX_URL": sys.argv[1]})
cache = MemoryCache(CLOCK)
plan = plan_projects(choice.indexes, [f"shop-{i}" for i in range(500)])
client = Client(
    opener(choice, user_agent="test", connections=5),
    limits(rate=50.0, timeout=30.0),
    Deadline.after(60.0, CLOCK.elapsed()),
    cache=cache, clock=CLOCK, rng=random.Random(7), flight=LocalFlight(CLOCK),
)

async def main():
    try:
        await client.fetch_all(plan.fetches, plan.decode, progress=told)
    finally:
        await client.aclose()

def told(what, done, total):
    print(done, flush=True)

try:
    run_until_told(main())
except KeyboardInterrupt:
    print(json.dumps(sorted(cache.held)), flush=True)
    sys.exit(130)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are another thing there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_run_at_once_and_keeps_what_was_fetched(number: int) -> None:
    with FakeIndex({f"shop-{i}": ["1.0"] for i in range(500)}, latency=0.02) as index:
        words = [sys.executable, "-W", "error", "-c", SCRIPT, index.url, str(TESTS)]
        with subprocess.Popen(
            words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            for _ in range(20):
                process.stdout.readline()
            process.send_signal(number)
            *_, last = process.stdout.read().splitlines()
            errors = process.stderr.read()
            code = process.wait(30)
        assert code == 130, errors
        assert not errors
        kept = [key for key in json.loads(last) if key.startswith("package_metadata")]
        assert 20 <= len(kept) <= len(index.log) < 500
