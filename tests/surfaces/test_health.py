"""``adhere health``: every part that is there, absent, slow or broken."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from adhere.testing import FakeIndex, FakeOsv, faults
from corpus.advisories import osv, snapshot_of, spans
from fakes.redis_server import RedisServer, free_port
from surfaces.world import LICENSES, Ran, World

NAMES = ["cache", "disk", "redis", "index", "osv", "snapshot", "breakers", "reports", "budgets"]


class Sick:
    """A project whose servers are ours."""

    def __init__(self, world: World, index: FakeIndex, service: FakeOsv) -> None:
        self.world = world
        self.index = index
        self.osv = service
        self.env = {
            **index.environment,
            **service.environment,
            "ADHERE_CACHE_DIR": str(world.folder.parent / "cache"),
        }

    def health(self, *words: str, **env: str) -> Ran:
        return self.world.adhere("health", *words, env={**self.env, **env})

    def parts(self, *words: str, **env: str) -> dict[str, Any]:
        value = self.health(*words, "--format", "json", **env).value
        return {part["name"]: part for part in value["parts"]}

    def states(self, *words: str, **env: str) -> dict[str, str]:
        return {name: part["state"] for name, part in self.parts(*words, **env).items()}


@pytest.fixture
def sick(world: World) -> Iterator[Sick]:
    world.write("adhere.toml", LICENSES)
    with FakeIndex({}) as index, FakeOsv() as service:
        yield Sick(world, index, service)


def test_all_is_well(sick: Sick) -> None:
    ran = sick.health()
    assert (ran.code, ran.err) == (0, "")
    lines = [line.split()[:2] for line in ran.out.splitlines()]
    assert lines == [
        ["ok", "cache"],
        ["ok", "disk"],
        ["off", "redis"],
        ["ok", "index"],
        ["ok", "osv"],
        ["off", "snapshot"],
        ["ok", "breakers"],
        ["ok", "reports"],
        ["off", "budgets"],
        ["ok"],
    ]
    assert list(sick.parts()) == sorted(NAMES) or list(sick.parts()) == NAMES


def test_offline_nobody_is_asked(sick: Sick) -> None:
    states = sick.states("--offline")
    assert (states["index"], states["osv"]) == ("off", "off")
    assert sick.index.log == sick.osv.log == []


@pytest.mark.parametrize(
    "fault", [faults.Status(500), faults.Silent(), faults.wrong_json(), faults.ResetAfter(-1)]
)
@pytest.mark.parametrize("which", ["index", "osv"])
def test_a_server_that_is_ill(sick: Sick, which: str, fault: faults.Fault) -> None:
    getattr(sick, which).fail(fault)
    start = time.monotonic()
    ran = sick.health("--deadline", "1")
    assert time.monotonic() - start < 5
    assert ran.code == 1
    found = sick.parts("--deadline", "1")
    broken = {name for name, part in found.items() if part["state"] == "broken"}
    assert broken == {which}
    assert found[which]["detail"].startswith(getattr(sick, which).url[:20])


def test_what_is_in_the_cache_is_no_answer(sick: Sick) -> None:
    assert sick.states()["index"] == "ok"
    sick.index.fail(faults.Status(500))
    assert sick.states()["index"] == "broken"


def test_redis(sick: Sick, shared_redis: RedisServer) -> None:
    sick.world.write(
        "adhere.toml", LICENSES + '\n[cache]\nredis = { url = "env:R", secret = "env:S" }\n'
    )
    assert sick.parts(R=shared_redis.url)["redis"]["detail"] == "its secret is not set"
    assert sick.states(R=shared_redis.url, S="word")["redis"] == "ok"
    dead = sick.parts(R=f"redis://127.0.0.1:{free_port()}", S="word")["redis"]
    assert dead["state"] == "broken"
    assert sick.states("--offline", R=shared_redis.url, S="word")["redis"] == "off"


def test_a_cache_that_cannot_be_used(sick: Sick) -> None:
    (sick.world.folder.parent / "cache").write_text("a file", "utf-8")
    ran = sick.health("--offline")
    assert ran.code == 1
    assert ran.out.startswith("broken  cache")


def test_a_disk_that_is_nearly_full(sick: Sick, monkeypatch: pytest.MonkeyPatch) -> None:
    from adhere.app import health

    monkeypatch.setattr(health, "SPACE", 1 << 60)
    ran = sick.health("--offline")
    assert ran.code == 0
    assert ran.out.splitlines()[-1] == "warn"


@pytest.mark.parametrize(
    ("source", "age", "state"),
    [
        ("snapshot", None, "broken"),
        ("osv", None, "off"),
        ("snapshot", "1h", "broken"),
        ("osv", "1h", "warn"),
        ("snapshot", "3650d", "ok"),
    ],
)
def test_a_snapshot(sick: Sick, source: str, age: str | None, state: str) -> None:
    limit = f'max_age = "{age}"\n' if age else ""
    sick.world.write("adhere.toml", LICENSES + f'\n[advisories]\nsource = "{source}"\n{limit}')
    if age:
        snapshot_of(
            sick.world / ".adhere/osv-pypi.zip",
            osv("PYSEC-1", affected=[spans("p", ("0", "2"))], modified="2026-11-01T00:00:00Z"),
        )
    assert sick.states("--offline")["snapshot"] == state


def test_a_breaker_that_an_earlier_run_opened(sick: Sick) -> None:
    sick.index.fail(faults.Status(500))
    rule = '\n[index]\nretries = 0\nbreaker_failures = 1\n[[rule]]\nid = "f"\ncheck = "packages.fresh"\nwith = { max_behind = { releases = 1 } }\n'
    sick.world.write("adhere.toml", LICENSES + rule)
    sick.world.install()
    sick.world.check(env=sick.env)
    part = sick.parts("--offline")["breakers"]
    assert part["state"] == "warn"
    assert sick.index.origin in part["detail"]


def test_budgets_of_the_last_report(sick: Sick) -> None:
    rule = '\n[[rule]]\nid = "fast"\ncheck = "metrics.budget"\nwith = { metric = "seconds.total", max = "1s" }\n'
    sick.world.write("adhere.toml", LICENSES + rule)
    sick.world.check("--offline", env=sick.env)
    part = sick.parts("--offline")["budgets"]
    assert part["state"] == "warn"
    assert part["detail"].endswith(": fast")


def test_a_configuration_that_is_wrong(sick: Sick) -> None:
    sick.world.write("adhere.toml", "schema = 1\n[index]\nrate = 'fast'\n")
    assert (sick.health().code, sick.health().codes) == (2, ["config-type"])
