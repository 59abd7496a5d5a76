"""Alerts: who is told of what, signed, once more where that helps, and never a secret said."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from importlib import metadata
from typing import Any

import pytest

from adhere.evidence.webhook import signature
from adhere.model.runs import RunRow
from adhere.sources.runs import written
from adhere.testing import faults
from adhere.testing.message import Request, Response
from adhere.testing.server import FakeServer
from surfaces.world import World

SECRET = "between-us"  # noqa: S105 - of a test
PATH = "/hooks/T0/who-knows-this-may-post"
BUDGET = """
[[rule]]
id = "fast"
check = "metrics.budget"
with = { metric = "seconds.total", max = "1s", min_samples = 1 }
"""


class Hook(FakeServer):
    """Takes every message."""

    def answer(self, _request: Request) -> Response:
        return Response(204)


@pytest.fixture
def hook() -> Iterator[Hook]:
    with Hook() as server:
        yield server


def slow(world: World, alerts: str = 'webhook = "env:HOOK"\nsecret = "env:KEY"') -> None:
    """A project whose runs take longer than it wants."""
    row = RunRow("a", "2026-11-01", "check", "abc", "ci", "", "warm", 1, {"seconds.total": 2.0})
    world.write("adhere.runs.jsonl", written([row]))
    world.write("adhere.toml", f"schema = 1\n[alerts]\n{alerts}\n{BUDGET}")


def env(hook: Hook, **more: str) -> dict[str, str]:
    return {"HOOK": f"{hook.origin}{PATH}", "KEY": SECRET, **more}


def test_a_finding_is_told_with_a_signature(world: World, hook: Hook) -> None:
    slow(world)
    ran = world.check(env=env(hook))
    assert (ran.code, ran.err) == (1, "")
    (request,) = hook.log
    assert (request.method, request.path) == ("POST", PATH)
    assert request.headers["content-type"] == "application/json"
    moment = request.headers["x-adhere-timestamp"]
    signed = f"{moment}.".encode() + request.body
    expected = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert request.headers["x-adhere-signature"] == f"sha256={expected}"
    assert signature(SECRET.encode(), moment, request.body + b" ") != f"sha256={expected}"
    told = json.loads(request.body)
    (finding,) = told.pop("findings")
    assert (finding["rule"], finding["code"], finding["level"]) == (
        *("fast", "budget-exceeded"),
        "error",
    )
    assert (told["schema"], told["verdict"], told["exit_code"]) == ("adhere.alert/1", "fail", 1)


def test_every_run_tells_though_nothing_changed(world: World, hook: Hook) -> None:
    slow(world)
    for count in range(1, 4):
        world.check("--cache-dir", str(world / "cache"), env=env(hook))
        assert len(hook.log) == count


def test_nothing_is_told_of_what_is_fine_or_not_asked_for(world: World, hook: Hook) -> None:
    slow(world, 'webhook = "env:HOOK"\nchecks = ["licenses.*"]')
    assert world.check(env=env(hook)).code == 1
    assert world.check("-A", "budget-exceeded", env=env(hook)).code == 0
    assert hook.log == []


@pytest.mark.parametrize("fault", [faults.Status(503), faults.ResetAfter(-1)])
def test_it_is_sent_again_until_somebody_has_it(world: World, hook: Hook, fault: Any) -> None:
    slow(world)
    hook.fail(fault, times=2)
    assert world.check(env=env(hook)).err == ""
    assert len(hook.log) == 3
    assert len({request.headers["x-adhere-delivery"] for request in hook.log}) == 1


@pytest.mark.parametrize(
    ("fault", "why", "times"),
    [(faults.Status(400), "it answers 400", 1), (faults.Status(500), "it answers 500", 5)],
)
def test_what_is_not_delivered_is_said_and_the_verdict_stands(
    world: World, hook: Hook, fault: Any, why: str, times: int
) -> None:
    slow(world)
    hook.fail(fault)
    ran = world.check(env=env(hook))
    assert ran.code == 1
    assert ran.err == f"adhere: no alert was sent to 127.0.0.1: {why}\n"
    assert len(hook.log) == times


def test_a_server_that_is_silent_is_waited_for_no_longer_than_the_deadline(
    world: World, hook: Hook
) -> None:
    slow(world, 'webhook = "env:HOOK"\ndeadline = "200ms"')
    hook.latency = 5.0
    ran = world.check(env=env(hook))
    assert ran.code == 1
    assert "it did not answer within 0.2 s" in ran.err


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, "the variable HOOK of `webhook` is not set"),
        ({"HOOK": "https://example.org"}, "the variable KEY of `secret` is not set"),
        ({"HOOK": "ftp://example.org", "KEY": "x"}, "cannot be used"),
        ({"HOOK": f"http://example.org{PATH}", "KEY": "x"}, "plain http to example.org"),
    ],
)
def test_an_address_that_is_not_there_or_wrong(world: World, given: Any, why: str) -> None:
    slow(world)
    ran = world.check(env=given)
    assert ran.code == 1
    assert why in ran.err


def test_nothing_is_sent_offline(world: World, hook: Hook) -> None:
    slow(world)
    assert "no alert was sent: offline" in world.check("--offline", env=env(hook)).err
    assert hook.log == []


@pytest.mark.parametrize("words", [("-v",), ("--log", "json"), ("--format", "json"), ("-vv",)])
@pytest.mark.parametrize("status", [204, 500])
def test_no_secret_is_ever_said(
    world: World, hook: Hook, words: tuple[str, ...], status: int
) -> None:
    slow(world)
    if status == 500:
        hook.fail(faults.Status(500))
    given = env(hook, HOOK=hook.origin.replace("//", "//me:p4ss@") + PATH + "?token=t0ken")
    ran = world.check(*words, env=given)
    kept = b"".join(p.read_bytes() for p in (world / ".adhere").iterdir()).decode()
    for secret in (SECRET, PATH, "p4ss", "t0ken"):
        assert secret not in ran.out + ran.err + kept
    assert hook.log[0].headers["authorization"].startswith("Basic ")
    assert SECRET.encode() not in hook.log[0].body


@pytest.mark.parametrize("key", ["webhook", "secret"])
def test_a_secret_in_the_file_is_refused_without_repeating_it(world: World, key: str) -> None:
    world.write("adhere.toml", f'schema = 1\n[alerts]\n{key} = "https://example.org/s3cret"\n')
    ran = world.check()
    assert (ran.code, ran.codes) == (2, ["config-type"])
    assert "s3cret" not in ran.out + ran.err


class TestPlugins:
    @pytest.fixture
    def told(self, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = []

        def broken(_alert: object) -> None:
            raise RuntimeError("no line to the pager")

        class Point:
            def __init__(self, value: str, call: Any) -> None:
                self.value = value
                self.load = lambda: call

        points = {
            "pager": [Point("pager:send", told.append)],
            "broken": [Point("x:send", broken)],
            "twice": [Point("a:send", broken), Point("b:send", broken)],
        }

        def offered(*, group: str, name: str) -> list[Point]:
            return points.get(name, []) if group == "adhere.alerts" else []

        monkeypatch.setattr(metadata, "entry_points", offered)
        return told

    def test_they_are_called_with_what_there_is_to_tell(
        self, world: World, told: list[dict[str, Any]]
    ) -> None:
        slow(world, 'plugins = ["pager"]')
        assert (world.check("--offline").err, len(told)) == ("", 1)
        assert told[0]["schema"] == "adhere.alert/1"
        assert told[0]["findings"][0]["code"] == "budget-exceeded"

    def test_one_that_breaks_keeps_nobody_else_from_being_told(
        self, world: World, told: list[dict[str, Any]]
    ) -> None:
        slow(world, 'plugins = ["broken", "gone", "twice", "pager"]')
        ran = world.check()
        assert ran.code == 1
        assert "plug-in `broken`: RuntimeError: no line to the pager" in ran.err
        assert "plug-in `gone`: no distribution that is installed offers it" in ran.err
        assert "plug-in `twice`: several distributions offer it: a:send, b:send" in ran.err
        assert len(told) == 1


def test_annotations_say_what_stands_beside_a_line(bad: World) -> None:
    ran = bad.check("--format", "github")
    assert ran.code == 1
    lines = ran.out.splitlines()
    assert all(line.startswith("::") for line in lines)
    assert lines[0].startswith("::error file=")
    assert "title=license-denied::" in lines[0]
    assert "%0Afix: " in lines[0]
    assert bad.adhere("report", "--format", "github").out == ran.out


def test_annotations_of_what_is_wrong_or_was_not_judged(world: World) -> None:
    slow(world)
    (world / "adhere.runs.jsonl").unlink()
    (line,) = world.check("--format", "github").out.splitlines()
    assert line.startswith(
        "::error file=adhere.toml,line=6,col=1,title=not run::fast: cannot judge"
    )
    world.write("adhere.toml", "schema = 1\nnonsense = 1\n")
    assert "::error file=adhere.toml,line=2,col=1,title=config-unknown-key::" in (
        world.check("--format", "github").out
    )
