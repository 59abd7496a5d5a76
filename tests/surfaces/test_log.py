"""``--log``: the vocabulary, the two forms, and what must never stand in a line."""

from __future__ import annotations

import json
import os
import shlex
import stat
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adhere.metrics.log import StreamLog, secrets_of
from adhere.model.events import EVENTS
from adhere.testing import FakeIndex, FakeOsv, faults
from fakes.clock import FakeClock
from surfaces.world import LICENSES, World

ALWAYS = {"time", "level", "event", "run", "advice"}
RULES = """
[index]
retries = 1
breaker_failures = 2
rate = 1000
[[rule]]
id = "fresh"
check = "packages.fresh"
with = { max_behind = { releases = 1 } }
[[rule]]
id = "gate"
check = "vulnerabilities.gate"
"""


def logged(world: World, *words: str, env: dict[str, str] | None = None) -> list[dict[str, Any]]:
    ran = world.check("--log", "json", *words, env=env)
    return [json.loads(line) for line in ran.err.splitlines() if line.startswith("{")]


def names(lines: list[dict[str, Any]]) -> list[str]:
    return [line["event"] for line in lines]


def test_nothing_is_logged_unless_somebody_asks(bad: World) -> None:
    assert "{" not in bad.check().err


def test_a_run_from_its_beginning_to_its_end(bad: World) -> None:
    lines = logged(bad)
    found = names(lines)
    assert (found[0], found[-1]) == ("run.started", "run.ended")
    assert {"source.read", "phase.ended", "rule.judged"} <= set(found)
    assert len({line["run"] for line in lines}) == 1
    end = lines[-1]
    assert (end["exit_code"], end["verdict"], end["packages"], end["findings"]) == (1, "fail", 3, 2)


@pytest.mark.parametrize("line", range(2))
def test_every_line_keeps_to_the_vocabulary(bad: World, line: int) -> None:
    bad.write("adhere.waivers.toml", "[[waiver]]\n" if line else "")
    for found in logged(bad):
        event = EVENTS[found["event"]]
        assert found["level"] == event.severity
        assert set(found) - ALWAYS <= set(event.fields)
        assert found.get("advice", "") == event.advice


def test_no_field_has_the_name_of_what_stands_on_every_line() -> None:
    for event in EVENTS.values():
        assert not set(event.fields) & ALWAYS
        assert event.means.endswith(".")


def test_requests_and_breakers(good: World) -> None:
    good.write("adhere.toml", LICENSES + RULES)
    with FakeIndex({"alpha": ["1.0"]}) as index, FakeOsv() as osv:
        env = {**index.environment, **osv.environment}
        well = names(logged(good, env=env))
        assert {"request.sent", "request.answered"} <= set(well)
        assert "request.failed" not in well
        index.fail(faults.Status(500))
        lines = logged(good, "--no-cache", env=env)
        assert {
            "request.failed",
            "request.repeated",
            "request.given_up",
            "breaker.opened",
            "rule.not_judged",
        } <= set(names(lines))
        (opened,) = (line for line in lines if line["event"] == "breaker.opened")
        assert opened["host"] == index.origin
        assert opened["advice"]


def test_what_is_wrong_with_the_input_is_told_also_when_nothing_is_judged(world: World) -> None:
    lines = logged(world, "--config", "gone.toml")
    assert names(lines) == ["run.started", "input.wrong"]
    assert lines[-1]["code"] == "file-unreadable"


def test_words_and_values(bad: World) -> None:
    ran = bad.check("--log", "logfmt")
    lines = [line for line in ran.err.splitlines() if line.startswith("time=")]
    (end,) = (line for line in lines if "event=run.ended" in line)
    values = dict(word.split("=", 1) for word in shlex.split(end))
    assert (values["exit_code"], values["verdict"]) == ("1", "fail")


def test_a_file_is_added_to_and_kept_private(bad: World) -> None:
    for _ in range(2):
        ran = bad.check("--log", "json", "--log-file", "run.log")
        assert "{" not in ran.err
    lines = [json.loads(line) for line in (bad / "run.log").read_text("utf-8").splitlines()]
    assert names(lines).count("run.started") == 2
    assert len({line["run"] for line in lines}) == 2
    assert stat.S_ISREG((bad / "run.log").stat().st_mode)


def test_a_file_that_cannot_be_written(bad: World) -> None:
    ran = bad.check("--log", "json", "--log-file", "no/such/folder/run.log")
    assert (ran.code, ran.codes) == (2, ["unwritable"])


def test_a_disk_that_is_full_ends_the_log_and_not_the_run(bad: World) -> None:
    if not os.path.exists("/dev/full"):
        return
    ran = bad.check("--log", "json", "--log-file", "/dev/full")
    assert ran.code == 1
    assert ran.err.count("the log cannot be written any more: no space left on device") == 1


def test_no_secret_and_no_folder_of_this_machine_is_told(good: World) -> None:
    good.write("adhere.toml", LICENSES + RULES)
    with FakeIndex({}, auth=("someone", "hunter2-secret")) as index:
        index.fail(faults.Status(500))
        env = {
            "ADHERE_INDEX_URL": index.url.replace("//", "//someone:hunter2-secret@"),
            "MY_API_TOKEN": "token-of-mine",
            "ADHERE_OSV_URL": "http://127.0.0.1:9/?key=token-of-mine",
        }
        ran = good.check("--log", "json", env=env)
    for secret in ("hunter2-secret", "someone:", "token-of-mine", str(good.folder)):
        assert secret not in ran.err


@given(st.text(max_size=200))
def test_any_words_are_one_line(text: str) -> None:
    for form in ("json", "logfmt"):
        told: list[str] = []
        log = StreamLog(told.append, form, "r", FakeClock())  # type: ignore[arg-type]  # two forms
        log.tell("cache.trouble", clause=text)
        (line,) = told
        assert line.endswith("\n")
        assert not set("\n\r\x1b") & set(line[:-1])


def test_only_the_vocabulary_is_spoken() -> None:
    log = StreamLog(print, "json", "r", FakeClock())
    with pytest.raises(KeyError):
        log.tell("made.up")
    with pytest.raises(KeyError):
        log.tell("run.started", unknown=1)


def test_short_values_are_no_secrets() -> None:
    found = secrets_of({"A_TOKEN": "1", "B_PASSWORD": "long-enough", "PATH": "/usr/bin:/bin"})
    assert found == [("long-enough", "...")]
