"""Standard output and error: pipes that close, disks that are full, people who interrupt."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from corpus.environments import MIT
from surfaces.world import EPOCH, LICENSES, World

PROGRAM = (sys.executable, "-m", "adhere")

ENDLESS = """
import sys, time
import adhere.surfaces.cli.check as module

def wait(*given, **more):
    print("waiting", file=sys.stderr, flush=True)
    time.sleep(60)

module.check = wait
from adhere.surfaces.cli import main
main()
"""


def shell(world: World, command: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command line, with ``$ADHERE`` for the program."""
    env = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH, "ADHERE": " ".join(PROGRAM), **more}
    return subprocess.run(
        ["bash", "-c", command],
        cwd=world.folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


class TestPipe:
    def test_a_reader_that_leaves_is_no_defect(self, bad: World) -> None:
        done = shell(bad, "$ADHERE check --format json | true; echo ${PIPESTATUS[0]}")
        assert done.stdout == "141\n"
        assert "Traceback" not in done.stderr
        assert "BrokenPipe" not in done.stderr

    def test_a_reader_of_errors_that_leaves_takes_no_result(self, bad: World) -> None:
        done = shell(bad, "($ADHERE check -v 2>&1 >result) | true; echo ${PIPESTATUS[0]}")
        assert done.stdout == "1\n"
        assert (bad / "result").read_text("utf-8").endswith("(exit 1: a rule is violated)\n")

    def test_a_long_answer_that_is_not_read_to_its_end(self, world: World) -> None:
        world.write("texts", "MIT\n" * 20_000)
        done = shell(
            world, "$ADHERE license explain --stdin <texts | head -n 1; echo ${PIPESTATUS[0]}"
        )
        first, code = done.stdout.splitlines()
        assert '"expression":"MIT"' in first
        assert code == "141"
        assert done.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
class TestFull:
    @pytest.mark.parametrize("command", ["check", "check --format json", "explain", "check -q"])
    def test_is_an_error_of_the_place_and_no_defect(self, bad: World, command: str) -> None:
        done = shell(bad, f"$ADHERE {command} >/dev/full")
        assert done.returncode == 2
        assert "error[unwritable]: cannot write standard output: no space left" in done.stderr
        assert "Traceback" not in done.stderr


class TestClosed:
    def test_output_that_nobody_wants_is_dropped(self, bad: World) -> None:
        done = shell(bad, "$ADHERE check >&-")
        assert (done.returncode, done.stderr) == (1, "adhere: found .venv\n")

    def test_errors_that_nobody_wants_are_dropped(self, bad: World) -> None:
        done = shell(bad, "$ADHERE check -q 2>&-")
        assert done.returncode == 1
        assert done.stdout.startswith("FAIL: 3 packages")

    def test_input_that_is_not_there(self, world: World) -> None:
        done = shell(world, "$ADHERE license explain --stdin <&-")
        assert done.returncode == 2
        assert "standard input is closed" in done.stderr


def test_ctrl_c_is_130_and_says_one_line(good: World) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", ENDLESS, "check"],
        cwd=good.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    guard = threading.Timer(30, process.kill)
    guard.start()
    assert process.stderr is not None
    assert process.stderr.readline() == "waiting\n"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    guard.cancel()
    assert (process.returncode, out, err) == (130, "", "adhere: interrupted\n")
    assert not (good / ".adhere").exists(), "no half of a result"


class TestEncoding:
    def test_a_terminal_that_cannot_show_a_character_gets_an_escape(self, good: World) -> None:
        good.write("adhere.toml", LICENSES + 'why = "é"\ntitle = "Größe ✔"\n')
        good.install("copyleft", license="GPL-3.0-only")
        done = shell(good, "$ADHERE check", PYTHONIOENCODING="ascii")
        assert done.returncode == 1
        assert "Gr\\xf6\\xdfe \\u2714" in done.stdout

    def test_json_is_utf8_whatever_the_terminal_is(self, good: World) -> None:
        good.write("adhere.toml", LICENSES + 'title = "Größe"\n')
        command = [*PROGRAM, "check", "--format", "json"]
        env = {**os.environ, "PYTHONIOENCODING": "latin-1"}
        done = subprocess.run(
            command, cwd=good.folder, env=env, capture_output=True, check=False, timeout=60
        )
        assert "Größe".encode() in done.stdout


class TestColour:
    @pytest.mark.parametrize(
        ("words", "env", "coloured"),
        [
            ((), {}, False),
            (("--color", "always"), {}, True),
            (("--color", "always"), {"NO_COLOR": "1"}, True),
            ((), {"FORCE_COLOR": "1"}, True),
            ((), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
            ((), {"FORCE_COLOR": "1", "TERM": "dumb"}, False),
            ((), {"ADHERE_COLOR": "always"}, True),
            (("--color", "never"), {"FORCE_COLOR": "1"}, False),
        ],
    )
    def test_who_decides(
        self, bad: World, words: Sequence[str], env: dict[str, str], coloured: bool
    ) -> None:
        ran = bad.check(*words, env={"TERM": "xterm", **env})
        assert ("\x1b[" in ran.out) is coloured

    def test_a_file_never_has_any(self, bad: World) -> None:
        bad.check("--color", "always", "--output", "report.txt")
        assert "\x1b" not in (bad / "report.txt").read_text("utf-8")


class TestProgress:
    def test_a_pipe_sees_none(self, good: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("adhere.surfaces.cli.progress._PATIENCE", -1.0)
        good.install("beta", files={"licenses/LICENSE": MIT})
        assert "\r" not in good.check("--no-cache").err

    def test_it_is_shown_when_asked_for_and_leaves_no_trace(
        self, good: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("adhere.surfaces.cli.progress._PATIENCE", -1.0)
        good.install("beta", files={"licenses/LICENSE": MIT})
        ran = good.check("--no-cache", "--progress")
        assert "license texts [##############################] 1/1" in ran.err
        assert "\r\x1b[Kadhere: found .venv\n" in ran.err
        assert "\r" not in ran.out
