"""Files of a commit: the same as on disk, from one process of git, whatever becomes of it."""

from __future__ import annotations

import os
import subprocess
import sys
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adhere.errors import ConfigError
from adhere.sources import git_tree
from adhere.sources.git_blobs import Blobs, UnreadableBlobError
from adhere.sources.git_tree import GitTree, Repository

GIT = """\
#!{python}
import os, sys
words = sys.argv[1:]
with open({log!r}, "a") as file:
    file.write(" ".join(words) + "\\n")
if "cat-file" in words:
    {instead}
os.execv({git!r}, [{git!r}, *words])
"""
"""In place of git; it does something else when it is asked for contents."""


def git(folder: Path, *words: str, stdin: bytes = b"") -> str:
    who = ("-c", "user.name=Ana", "-c", "user.email=ana@example.org")
    command = ["git", *who, *words]
    done = subprocess.run(command, cwd=folder, input=stdin, capture_output=True, check=True)
    return done.stdout.decode().strip()


def commit(folder: Path) -> str:
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "all")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "--quiet")
    (folder / "good.toml").write_text("good", "utf-8")
    (folder / "other.toml").write_text("other", "utf-8")
    return folder


@pytest.fixture
def repository(root: Path) -> Iterator[Repository]:
    with closing(Repository(str(root))) as found:
        yield found


def tree(repository: Repository) -> GitTree:
    return repository.tree(commit(Path(repository.root)))


def wrong(files: GitTree, path: str) -> str:
    """What is said of a file, with its path and its hint."""
    with pytest.raises(ConfigError) as caught:
        files.text(path)
    (problem,) = caught.value.problems
    assert (problem.code, problem.path) == ("file-unreadable", path)
    assert problem.message.endswith(f", at {files.commit[:12]}")
    return f"{problem.message} | {problem.hint}"


def stored(root: Path, path: str) -> Path:
    """The file in which git keeps what a file of the last commit holds."""
    name = git(root, "rev-parse", f"HEAD:{path}")
    found = root / ".git" / "objects" / name[:2] / name[2:]
    found.chmod(0o644)
    return found


ODD = (
    *("a b.toml", "quo'te\".toml", "tab\there.toml", "line\nend.toml", "-dash.toml", "ä€😀.toml"),
    *(":(top)x.toml", "*.toml", "\\back.toml", "in/:(glob)/deep.toml", " .toml", "$(id).toml"),
)


@pytest.mark.skipif(sys.platform == "win32", reason="its names of files have fewer characters")
def test_odd_names_are_names(repository: Repository) -> None:
    root = Path(repository.root)
    for number, name in enumerate(ODD):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{number}\n", "utf-8")
    files = tree(repository)
    assert [files.text(name) for name in ODD] == [f"{n}\n" for n in range(len(ODD))]
    assert set(files.matching("**/*.toml")) == {*ODD, "good.toml", "other.toml"}


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text elsewhere")
def test_a_name_that_is_no_text_is_one_all_the_same(repository: Repository) -> None:
    raw = b"caf\xe9.toml"
    with open(os.path.join(os.fsencode(repository.root), raw), "wb") as file:
        file.write(b"latin")
    files = tree(repository)
    name = raw.decode("utf-8", "surrogateescape")
    assert files.matching("caf*") == (name,)
    assert files.text(name) == "latin"


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text elsewhere")
@pytest.mark.parametrize("folder", [b":(exclude)x", b"end\n", b"caf\xe9", b"a*b", b"--all"])
def test_the_project_may_be_in_a_folder_of_an_odd_name(root: Path, folder: bytes) -> None:
    inner = os.path.join(os.fsencode(root), folder)
    os.mkdir(inner)
    with open(os.path.join(inner, b"adhere.toml"), "wb") as file:
        file.write(b"schema = 1")
    head = commit(root)
    with closing(Repository(os.fsdecode(inner))) as found:
        files = found.tree(head)
        assert files.matching("**/*") == ("adhere.toml",)
        assert files.text("adhere.toml") == "schema = 1"


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.binary(max_size=300), min_size=1, max_size=12))
def test_contents_are_the_bytes_that_were_committed(root: Path, contents: list[bytes]) -> None:
    """Also where they look like an answer of git, or end in the middle of a line."""
    names = [
        git(root, "hash-object", "-w", "--stdin", stdin=b"missing\n" + data) for data in contents
    ]
    with closing(Repository(str(root))) as found:
        read = [found.blob(name) for name in (*names, *names[::-1])]
    assert read == [b"missing\n" + data for data in (*contents, *contents[::-1])]


def test_an_empty_file_is_empty(repository: Repository) -> None:
    (Path(repository.root) / "empty").write_bytes(b"")
    files = tree(repository)
    assert (files.text("empty"), files.text("good.toml")) == ("", "good")


def test_a_content_that_is_not_here_is_said_and_others_are_read(repository: Repository) -> None:
    files = tree(repository)
    stored(Path(repository.root), "good.toml").unlink()
    assert wrong(files, "good.toml").startswith("this clone does not have what it holds, at")
    assert "fetch it" in wrong(files, "good.toml")
    assert files.text("other.toml") == "other"


@pytest.mark.parametrize(
    "damage",
    [b"", b"garbage", zlib.compress(b"blob 4\0go"), zlib.compress(b"tree 0\0"), b"\0" * 100],
    ids=["empty", "garbage", "short", "a tree", "zeros"],
)
def test_a_content_that_is_damaged_is_said_and_others_are_read(
    root: Path, monkeypatch: pytest.MonkeyPatch, damage: bytes
) -> None:
    """Git 2.39 never ends with one that is shorter than it says."""
    monkeypatch.setattr(git_tree, "_SECONDS", 3.0)
    repository = Repository(str(root))
    files = tree(repository)
    stored(Path(repository.root), "good.toml").write_bytes(damage)
    assert wrong(files, "good.toml")
    assert files.text("other.toml") == "other"
    assert wrong(files, "good.toml")
    repository.close()


def test_a_file_that_is_too_large_is_said_and_others_are_read(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "huge.toml").write_bytes(b"x" * 1_000_001)
    (root / "large.toml").write_bytes(b"x" * 1_000_000)
    monkeypatch.setattr(git_tree, "MAX_TEXT", 1_000_000)
    with closing(Repository(str(root))) as found:
        files = tree(found)
        assert wrong(files, "huge.toml").startswith("it is larger than 1000000 bytes, at")
        assert len(files.text("large.toml")) == 1_000_000
        assert files.text("good.toml") == "good"


def test_what_is_no_file_of_the_commit(repository: Repository) -> None:
    files = tree(repository)
    assert "the commit has no such file" in wrong(files, "nowhere.toml")
    (Path(repository.root) / "good.toml").write_bytes(b"\xff")
    assert "it is not UTF-8" in wrong(tree(repository), "good.toml")


def test_both_commits_are_asked_once_for_what_they_share(repository: Repository) -> None:
    before = tree(repository)
    (Path(repository.root) / "other.toml").write_text("changed", "utf-8")
    after = tree(repository)
    assert (before.text("good.toml"), before.text("other.toml")) == ("good", "other")
    stored(Path(repository.root), "good.toml").unlink()
    assert (after.text("good.toml"), after.text("other.toml")) == ("good", "changed")


def test_threads_are_answered_what_they_asked(repository: Repository) -> None:
    root = Path(repository.root)
    names = [f"{n}.txt" for n in range(60)]
    for name in names:
        (root / name).write_text(name * 500, "utf-8")
    files = tree(repository)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(files.text, names)) == [name * 500 for name in names]


# Processes


def process(repository: Repository) -> subprocess.Popen[bytes]:
    found = repository._blobs._process
    assert found is not None
    return found


def test_a_process_that_was_killed_is_started_again(repository: Repository) -> None:
    files = tree(repository)
    assert files.text("good.toml") == "good"
    first = process(repository)
    first.kill()
    first.wait()
    assert files.text("other.toml") == "other"
    assert process(repository) is not first


def test_nothing_is_left_running(root: Path) -> None:
    head = commit(root)
    with closing(Repository(str(root))) as found:
        found.tree(head).text("good.toml")
        started = process(found)
        assert started.poll() is None
    assert started.returncode == 0, "it ended by itself"
    found.close()
    assert found.tree(head).text("good.toml") == "good", "what was read is known"


@pytest.fixture
def pretend(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pretender:
    return Pretender(root, tmp_path, monkeypatch)


class Pretender:
    """Puts another program in the place of git."""

    def __init__(self, root: Path, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.root = root
        self.log = folder / "log"
        self._folder = folder
        self._patch = patch
        self.head = commit(root)

    def git(self, instead: str) -> Repository:
        """A repository that is read by it."""
        real = subprocess.run(
            ["/bin/sh", "-c", "command -v git"], capture_output=True, text=True, check=True
        ).stdout.strip()
        tools = self._folder / "tools"
        tools.mkdir()
        text = GIT.format(python=sys.executable, log=str(self.log), git=real, instead=instead)
        (tools / "git").write_text(text, "utf-8")
        (tools / "git").chmod(0o755)
        self._patch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
        return Repository(str(self.root))

    def asked(self) -> int:
        """How often it was started."""
        return len(self.log.read_text("utf-8").splitlines())


pretends = pytest.mark.skipif(sys.platform == "win32", reason="a script stands in for git")


@pretends
@pytest.mark.parametrize(
    ("instead", "said"),
    [
        ("sys.exit(0)", "git ended while it was read, at"),
        ('sys.exit("fatal: it broke")', "git ended while it was read: it broke"),
        ('print(input() + " blob 4", flush=True); print("go", end=""); sys.exit(1)', "git ended"),
        ('print(input() + " blob 4"); print("good!", flush=True); input()', "git ended"),
        ('print("0" * 40, "blob 4"); print("good", flush=True); input()', "git ended"),
        ('print("x" * 100000, flush=True); input()', "git ended"),
        (
            'print(input() + " tree 0", flush=True); print(); input()',
            "git says that it is `tree 0`",
        ),
        ('print(input() + " blob -1", flush=True); input()', "git says that it is `blob -1`"),
        ('print(input(), "blob", "9" * 30, flush=True); input()', "it is larger than"),
        ("os.close(0); import time; time.sleep(60)", "git does not answer"),
        ("import time; time.sleep(60)", "git does not answer"),
        ('print(input() + " blob 4", flush=True); import time; time.sleep(60)', "does not answer"),
        (
            'import subprocess; subprocess.Popen(["sleep", "60"]); input(); sys.exit(1)',
            "git does not answer",
        ),
    ],
)
def test_a_git_that_does_not_do_what_it_should_is_said(
    pretend: Pretender, monkeypatch: pytest.MonkeyPatch, instead: str, said: str
) -> None:
    monkeypatch.setattr(git_tree, "_SECONDS", 3.0)
    with closing(pretend.git(instead)) as found:
        message = wrong(found.tree(pretend.head), "good.toml")
        assert said in message
        assert found._blobs._process is None, "nothing is left running"


@pretends
def test_many_files_are_read_by_one_process(pretend: Pretender) -> None:
    for number in range(50):
        (pretend.root / f"{number}.toml").write_text(str(number), "utf-8")
    head = commit(pretend.root)
    with closing(pretend.git("pass")) as found:
        before, after = found.tree(pretend.head), found.tree(head)
        for number in range(50):
            assert after.text(f"{number}.toml") == str(number)
        assert before.text("good.toml") == after.text("good.toml")
    assert pretend.asked() == 4, "where it is, two lists of files, and what they hold"


@pretends
def test_git_may_be_gone_meanwhile(pretend: Pretender, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(pretend.git("pass")) as found:
        files = found.tree(pretend.head)
        monkeypatch.setitem(found._environment, "PATH", "/nowhere")
        assert "git cannot be started" in wrong(files, "good.toml")


def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    blobs = Blobs(("git",), str(tmp_path / "gone"), {**os.environ}, seconds=5, limit=10)
    with pytest.raises(UnreadableBlobError, match="git cannot be started"):
        blobs.read("0" * 40)
    blobs.close()
