"""Commands of a shell script, and whether the failure of each ends it."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adhere.sources.shell import commands, unwrap


def faults(script: str, program: str = "scan", *, errexit: bool = True) -> list[str]:
    found = commands(script, errexit=errexit)
    return [one.fault for one in found if one.words[0] == program]


STOPS = [
    "scan",
    "cd src && scan",
    "true; scan; exit 0",
    "scan || exit 1",
    "scan || false",
    "set -o pipefail\nscan | tee out",
    "X=1 scan > out 2>&1",
    "scan \\\n  --all",
    "(scan)",
    "bash -c scan",
    "bash -ec 'scan; echo hi'",
    "set +e\necho hi\nset -e\nscan\necho ho",
]
GOES_ON = [
    "scan || true",
    "scan || :",
    "scan || echo failed",
    "scan || exit 0",
    "scan | tee out",
    "scan &\nwait",
    "set +e\nscan\necho done",
    "if scan; then echo ok; fi",
    "while scan; do echo again; break; done",
    "! scan",
    "scan && echo ok\necho done",
    "bash -c 'scan; echo hi'",
]


@pytest.mark.parametrize("script", STOPS)
def test_its_failure_ends_the_script(script: str) -> None:
    assert faults(script) == [""]


@pytest.mark.parametrize("script", GOES_ON)
def test_its_failure_does_not_end_the_script(script: str) -> None:
    (fault,) = faults(script)
    assert fault


@pytest.mark.parametrize("script", [*STOPS, *GOES_ON])
def test_bash_says_the_same(script: str) -> None:
    """What a real shell does where the program fails, and where it does not."""
    bash = shutil.which("bash")
    assert bash is not None
    begin = "scan() { return 3; }; export -f scan; tee() { cat > /dev/null; }; cd() { :; }\n"
    script = script.replace("> out 2>&1", "")
    done = subprocess.run([bash, "-e", "-c", begin + script], capture_output=True, check=False)
    assert bool(done.returncode) is (faults(script) == [""])


@pytest.mark.parametrize(
    "script",
    [
        "for f in *; do scan $f; done",
        "if [ -f x ]; then scan; fi",
        "case x in\n  a) true; scan;;\nesac",
    ],
)
def test_it_may_be_left_out(script: str) -> None:
    (fault,) = faults(script)
    assert fault.startswith("it is within")


@pytest.mark.parametrize(
    "script",
    [
        "# scan",
        "echo scan",
        "cat <<END\nscan\nEND",
        "echo 'a\nscan\nb'",
        "echo hi # scan",
        "",
        "\n",
    ],
)
def test_it_is_not_run_at_all(script: str) -> None:
    assert faults(script) == []


@pytest.mark.parametrize(
    ("words", "inner"),
    [
        ("python -m pip_audit -r x", "pip_audit -r x"),
        ("python3.12 -I -m scan", "scan"),
        ("uv run --group dev --python 3.12 scan -r src", "scan -r src"),
        ("uv run -- scan", "scan"),
        ("uvx --from tool scan", "scan"),
        ("poetry run scan", "scan"),
        ("sudo -u me env A=1 scan", "scan"),
        (".venv/bin/scan -q", "scan -q"),
        ("timeout -k 5 60 scan", "scan"),
        ("./scripts/scan.sh", "./scripts/scan.sh"),
        ("python scan.py", "python scan.py"),
        ("uv run", ""),
    ],
)
def test_what_is_only_wrapped(words: str, inner: str) -> None:
    assert unwrap(words.split()) == inner.split()


@given(st.text(alphabet="scan ifdone;|&()<>'\"\\$#\n!-ex=", max_size=60), st.booleans())
def test_any_script_is_read(script: str, errexit: bool) -> None:
    for one in commands(script, errexit=errexit):
        assert one.words
        assert 0 <= one.line <= script.count("\n")
