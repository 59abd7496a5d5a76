"""Measures the tiers of the cache with 741 entries of 3 kB.

Prints a Markdown table of medians. The shared tier is measured where a redis-server is
installed, on the loopback.
"""

from __future__ import annotations

import asyncio
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests")]

from adhere.app.wiring import SystemClock  # noqa: E402 - after the path is set
from adhere.cache.memory import MemoryCache  # noqa: E402 - as above
from adhere.cache.redis import RedisCache  # noqa: E402 - as above
from adhere.cache.sqlite import SqliteCache  # noqa: E402 - as above
from adhere.model.key import cache_key  # noqa: E402 - as above

COUNT = 741
ROUNDS = 15
KEYS = [cache_key("license", "1.0", subject=f"package-{number}") for number in range(COUNT)]
ITEMS = {key: (key.encode() * 50)[:3000] for key in KEYS}
CLOCK = SystemClock()


def median(work: Callable[[], object]) -> float:
    """Seconds."""
    spent = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        spent.append(time.perf_counter() - start)
    return statistics.median(spent)


def memory() -> Iterator[tuple[str, float, str]]:
    cache = MemoryCache(CLOCK, items=1000, limit=2**23)
    cache.put_many(ITEMS, 3600)
    single = [[key] for key in KEYS]
    spent = median(lambda: [cache.get_many(key) for key in single])
    yield "memory, one key", spent / COUNT * 1e6, "us"
    yield f"memory, {COUNT} keys", median(lambda: cache.get_many(KEYS)) * 1e3, "ms"


def file(folder: Path) -> Iterator[tuple[str, float, str]]:
    cache = SqliteCache(str(folder), CLOCK, limit=2**28)
    yield f"file, {COUNT} written", median(lambda: cache.put_many(ITEMS, 3600)) * 1e3, "ms"
    yield f"file, {COUNT} read", median(lambda: cache.get_many(KEYS)) * 1e3, "ms"
    cache.close()

    def anew() -> None:
        other = SqliteCache(str(folder), CLOCK, limit=2**28)
        assert len(other.get_many(KEYS)) == COUNT
        other.close()

    yield f"file, opened and {COUNT} read", median(anew) * 1e3, "ms"


def shared(folder: Path) -> Iterator[tuple[str, float, str]]:
    from fakes.redis_server import redis_server

    with redis_server(folder) as server, asyncio.Runner() as runner:
        cache = RedisCache(server.url, "bench", CLOCK)
        written = median(lambda: runner.run(cache.put_many(ITEMS, 3600)))
        yield f"redis, {COUNT} written", written * 1e3, "ms"
        yield f"redis, {COUNT} read", median(lambda: runner.run(cache.get_many(KEYS))) * 1e3, "ms"
        assert not cache.trouble
        runner.run(cache.aclose())


def main() -> None:
    """Print the table."""
    print("| Tier | Median |\n| --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        measures = [memory(), file(Path(folder) / "cache")]
        if shutil.which("redis-server"):
            measures.append(shared(Path(folder)))
        for measure in measures:
            for what, value, unit in measure:
                print(f"| {what} | {value:.2f} {unit} |")


if __name__ == "__main__":
    main()
