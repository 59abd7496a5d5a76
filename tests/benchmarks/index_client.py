"""The index client against a bare httpx loop, and against its own rate; 741 projects.

``python tests/benchmarks/index_client.py [COUNT]`` prints a table. The fake index runs in a
process of its own, so that it does not take the client's processor time.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import ssl
import statistics
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).parents[1]))

from adhere.evidence.wire.pypi import ACCEPT
from adhere.testing import FakeIndex
from benchmarks.limits import end, held
from fakes.asking import ask, chosen, limits

CONCURRENCY = 10
RUNS = 5


def serve(names: list[str], latency: float, pipe: Connection) -> None:
    """Serve until told to end."""
    releases = [f"1.{i}" for i in range(20)]
    with FakeIndex(dict.fromkeys(names, releases), latency=latency) as index:
        pipe.send(index.url)
        pipe.recv()


async def bare(url: str, names: list[str]) -> None:
    """The least that anybody could do."""
    slots = asyncio.Semaphore(CONCURRENCY)
    limit = httpx.Limits(max_connections=CONCURRENCY)
    context = ssl.create_default_context()
    headers = {"Accept": ACCEPT}
    async with httpx.AsyncClient(limits=limit, verify=context, headers=headers) as client:

        async def one(name: str) -> None:
            async with slots:
                response = await client.get(f"{url}{name}/")
                response.raise_for_status()

        await asyncio.gather(*(one(name) for name in names))


def median(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.2f} s"


def main() -> None:
    names = [f"project-{i}" for i in range(int(sys.argv[1]) if len(sys.argv) > 1 else 741)]
    for latency in (0.0, 0.05):
        ours, theirs = multiprocessing.Pipe()
        arguments = (names, latency, theirs)
        server = multiprocessing.get_context("spawn").Process(target=serve, args=arguments)
        server.start()
        url = ours.recv()
        choice = chosen({"ADHERE_INDEX_URL": url})
        how = limits(concurrency=CONCURRENCY, timeout=10.0)
        loops: list[float] = []
        clients: list[float] = []
        for _ in range(RUNS):
            start = time.perf_counter()
            asyncio.run(bare(url, names))
            loops.append(time.perf_counter() - start)
            asked = ask(choice, names, seconds=60.0, how=how)
            assert len(asked.answers) == len(names)
            clients.append(asked.seconds)
        ratio = statistics.median(clients) / statistics.median(loops)
        print(f"latency {latency * 1e3:.0f} ms, no rate: bare httpx {median(loops)}, ", end="")
        print(f"client with decoding {median(clients)}: ", end="")
        # Without any latency the time is that of the server, whatever asks it.
        print(held("client against bare loop", ratio, 1.5) if latency else f"{ratio:.2f} times")
        if latency:
            how = limits(concurrency=CONCURRENCY, rate=20.0, timeout=10.0)
            asked = ask(choice, names, seconds=8.0, how=how)
            used = asked.counts["requests"] / (20 * 8)
            print(f"rate 20/s, deadline 8 s: {asked.counts['requests']} requests, ", end="")
            print(f"ended after {asked.seconds:.2f} s, ", end="")
            print(
                held("the rate that is permitted against the one that is used", 1 / used, 1 / 0.95)
            )
        ours.send("end")
        server.join()
    end()


if __name__ == "__main__":
    main()
