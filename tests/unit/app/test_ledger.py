from __future__ import annotations

import subprocess
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adhere.errors import ConfigError
from adhere.model.advisory import Seen
from adhere.model.names import PackageName
from adhere.sources.ledger import HEAD, read_ledger, written
from corpus.advisories import osv, snapshot_of, spans

Run = Callable[..., "subprocess.CompletedProcess[str]"]
CONFIG = """schema = 1
[advisories]
source = "snapshot"
max_age = "9999d"
[[rule]]
id = "deadlines"
check = "vulnerabilities.slo"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "adhere.toml").write_text(CONFIG)
    (tmp_path / "requirements.txt").write_text("P==1.0\nq==1.0\n")
    records = [
        osv("PYSEC-1", "CVE-1", affected=[spans("p", ("0", "2"))], modified="2020-01-01T00:00:00Z"),
        osv("PYSEC-2", affected=[spans("q", ("0", "2"))], modified="2020-01-01T00:00:00Z"),
    ]
    snapshot_of(tmp_path / ".adhere/osv-pypi.zip", *records)
    return tmp_path


def rows(project: Path) -> list[tuple[str, str, str]]:
    text = (project / ".adhere/ledger.toml").read_text("utf-8")
    return [(s.package, s.id, s.first_seen.isoformat()) for s in read_ledger(text, "l").seen]


def check(cli: Run, day: str, *words: str) -> subprocess.CompletedProcess[str]:
    epoch = {"2026-11-20": "1795176000", "2026-11-23": "1795435200"}[day]
    return cli("check", "requirements.txt", *words, env={"SOURCE_DATE_EPOCH": epoch})


def test_what_is_seen_first_is_written_down_once(project: Path, cli: Run) -> None:
    assert not (project / ".adhere/ledger.toml").exists()
    first = check(cli, "2026-11-20", "--ledger")
    assert ".adhere/ledger.toml: 2 vulnerabilities were seen for the first time" in first.stderr
    expected = [("p", "CVE-1", "2026-11-20"), ("q", "PYSEC-2", "2026-11-20")]
    assert rows(project) == expected
    again = check(cli, "2026-11-23", "--ledger")
    assert ".adhere/ledger.toml: 0 vulnerabilities were seen" in again.stderr
    assert rows(project) == expected
    assert "first seen here, by .adhere/ledger.toml" in again.stdout


def test_only_a_run_that_is_asked_to_writes(project: Path, cli: Run) -> None:
    check(cli, "2026-11-20")
    assert not (project / ".adhere/ledger.toml").exists()


def test_rows_that_stand_there_stay(project: Path, cli: Run) -> None:
    ledger = project / ".adhere/ledger.toml"
    text = '# ours\nschema = 1\n[[seen]]\npackage = "P"\nid = "PYSEC-1"\nfirst_seen = 2026-01-01'
    ledger.write_text(text)
    check(cli, "2026-11-23", "--ledger")
    assert ledger.read_text().startswith(text + "\n")
    assert rows(project) == [("p", "PYSEC-1", "2026-01-01"), ("q", "PYSEC-2", "2026-11-23")]


@pytest.mark.parametrize("text", ["schema = 2\n", "[[seen]]\n", "<<<<<<< ours\n", "\0"])
def test_one_that_is_malformed_is_left_alone(project: Path, cli: Run, text: str) -> None:
    ledger = project / ".adhere/ledger.toml"
    ledger.write_text(text)
    done = check(cli, "2026-11-23", "--ledger")
    assert done.returncode == 2
    assert ledger.read_text() == text


def test_a_link_is_not_followed(project: Path, cli: Run) -> None:
    other = project / "other.toml"
    other.write_text("schema = 1\n")
    (project / ".adhere/ledger.toml").symlink_to(other)
    done = check(cli, "2026-11-23", "--ledger")
    assert (done.returncode, "it is a link" in done.stderr) == (2, True)
    assert other.read_text() == "schema = 1\n"


SEEN = st.builds(
    Seen,
    st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True).map(PackageName),
    st.from_regex(r"[A-Z]{3,5}-[0-9a-z-]{1,12}", fullmatch=True),
    st.dates(date(1990, 1, 1)),
)


@given(st.lists(SEEN))
def test_what_is_written_is_read(seen: list[Seen]) -> None:
    assert read_ledger(HEAD + written(seen), "l").seen == tuple(seen)


@given(
    st.text() | st.lists(SEEN).map(written).flatmap(lambda text: st.just(text[: len(text) // 2]))
)
def test_any_text_is_a_ledger_or_is_refused(text: str) -> None:
    with suppress(ConfigError):
        read_ledger(text, "l")
