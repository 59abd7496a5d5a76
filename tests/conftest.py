"""Fixtures that every test may use; nothing here touches the network."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from fakes.clock import FakeClock
from fakes.redis_server import RedisServer, redis_server

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data"

# No deadline: how fast an example ran says nothing on a busy machine. In CI the examples
# are the same in every run, so that a change fails by what it changes; whoever develops
# gets new ones each time.
# A shell that starts something in the background lets it ignore Ctrl-C, and so would every
# process that a test starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile(
    "adhere", deadline=None, max_examples=60, derandomize=bool(os.environ.get("CI"))
)
settings.load_profile("adhere")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write golden files instead of comparing with them; then read the diff",
    )


@pytest.fixture(autouse=True)
def _own_world(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the developer's, and a cache folder of the test's own."""
    for name in list(os.environ):
        if name.startswith("ADHERE_") or name in (
            "SOURCE_DATE_EPOCH",
            "VIRTUAL_ENV",
            "NO_COLOR",
            "FORCE_COLOR",
        ):
            monkeypatch.delenv(name)
    monkeypatch.setenv("ADHERE_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("caches")))  # of the library
    monkeypatch.setenv("UV_NO_INDEX", "1")  # no test asks the index of whoever runs it


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compare with a golden file, or write it when asked to."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        assert path.is_file(), f"no golden file {path}: run with --update-golden, then read it"
        assert text == path.read_text("utf-8")

    return compare


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real metadata, which is too large to be part of the project."""
    found = Path(os.environ.get("ADHERE_TEST_DATA", SHARED))
    if not (found / "site-packages-741.tar.xz").is_file():
        pytest.skip("the shared data is absent: set ADHERE_TEST_DATA to its folder")
    return found


@pytest.fixture(scope="session")
def real_site_packages(
    shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """741 real distributions, unpacked."""
    folder = tmp_path_factory.mktemp("real") / "site-packages-741"
    folder.mkdir()
    archive = shared_data / "site-packages-741.tar.xz"
    subprocess.run(["tar", "-C", str(folder), "-xf", str(archive)], check=True)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def shared_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A real server for tests that leave it as it is but for keys under their own prefix."""
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def cli(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command line as a process of its own, in the test's folder."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str, **options: object) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, **options.pop("env", {})}  # type: ignore[dict-item]  # a mapping of strings
        return subprocess.run(
            [sys.executable, "-m", "adhere", *words],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            env=environment,
            **options,  # type: ignore[arg-type]  # input, cwd
        )

    return run
