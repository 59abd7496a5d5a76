"""The files of a project as a commit has them."""

from __future__ import annotations

import os
import posixpath
import subprocess

from adhere.errors import ConfigError, Problem, UsageError
from adhere.sources.git_blobs import Blobs, UnreadableBlobError
from adhere.sources.tree import MAX_TEXT, glob_regex

_LINK = "120000"
_MODULE = "160000"
_SECONDS = 60.0
_GIT = ("git", "-c", "core.fsmonitor=false", "--no-pager", "--literal-pathspecs")


class Repository:
    """A repository that is only read.

    Neither its configuration nor its attributes may make git run anything: no monitor of the
    file system, no filter, no pager; it may be a stranger's.

    Attributes:
        root: absolute path of the project, its root or a folder of it.
        prefix: path of the project in the repository, with a slash, ``""`` for its root.
    """

    def __init__(self, root: str) -> None:
        """Find it.

        Raises:
            UsageError: there is no git, or the project is in no repository.
        """
        self.root = root
        self._environment = {
            **os.environ,
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "LC_ALL": "C",
        }
        self._blobs = Blobs(_GIT, root, self._environment, seconds=_SECONDS, limit=MAX_TEXT)
        self._contents: dict[str, bytes] = {}
        self.prefix = _text(self._run("rev-parse", "--show-prefix")).removesuffix("\n")

    def close(self) -> None:
        """End what was started."""
        self._blobs.close()

    def commit(self, name: str) -> str:
        """The id of a commit.

        Args:
            name: branch, tag or id.

        Raises:
            UsageError: there is no such commit.
        """
        if not name or name.startswith("-"):
            raise _usage(f"`{name}` is no commit")
        words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        try:
            return self._run(*words).decode().strip()
        except UsageError:
            raise _usage(
                f"there is no commit `{name}` here",
                "fetch it: a shallow clone of CI has only the last one, fetch-depth: 0 has all",
            ) from None

    def merge_base(self, one: str, other: str) -> str:
        """The last commit that two have in common.

        Raises:
            UsageError: they have none.
        """
        try:
            return self._run("merge-base", one, other).decode().strip()
        except UsageError:
            raise _usage(f"{one[:12]} and {other[:12]} have no commit in common") from None

    def tree(self, commit: str) -> GitTree:
        """The files of a commit, by their path in the project.

        Raises:
            UsageError: git cannot list them.
        """
        words = ("ls-tree", "-r", "-z", "--full-tree", commit, "--", self.prefix or ".")
        files: dict[str, tuple[str, str]] = {}
        for entry in _text(self._run(*words)).split("\0"):
            about, _, path = entry.partition("\t")
            if path:
                mode, _, object_id = about.split(" ")
                files[path.removeprefix(self.prefix)] = (mode, object_id)
        return GitTree(self, commit, files)

    def blob(self, object_id: str) -> bytes:
        """What a file holds; commits share most of theirs.

        Raises:
            UnreadableBlobError: it is not here, is too large, or git does not tell.
        """
        if object_id not in self._contents:
            self._contents[object_id] = self._blobs.read(object_id)
        return self._contents[object_id]

    def _run(self, *words: str) -> bytes:
        try:
            done = subprocess.run(
                [*_GIT, *words],
                cwd=self.root,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
            )
        except FileNotFoundError:
            raise _usage("there is no git here", "install it, or run it where it is") from None
        except subprocess.TimeoutExpired:
            raise _usage("git does not answer") from None
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            words_ = next((line.removeprefix("fatal: ") for line in said), "it failed")
            raise _usage(f"git: {words_}")
        return done.stdout


class GitTree:
    """`adhere.ports.Tree` of a commit.

    Attributes:
        commit: its id.
    """

    def __init__(
        self, repository: Repository, commit: str, files: dict[str, tuple[str, str]]
    ) -> None:
        self.commit = commit
        self._repository = repository
        self._files = files
        self._texts: dict[str, str] = {}

    def text(self, path: str) -> str:
        """A file's text; UTF-8, with or without a byte order mark.

        Raises:
            ConfigError: the commit has no such file, it is a link, it cannot be had, is too
                large, or is not UTF-8.
        """
        name = posixpath.normpath(path)
        if name not in self._texts:
            self._texts[name] = self._read(name)
        return self._texts[name]

    def _read(self, path: str) -> str:
        mode, object_id = self._files.get(path, ("", ""))
        if not object_id:
            raise self._wrong(path, "the commit has no such file")
        if mode in (_LINK, _MODULE):
            raise self._wrong(path, "it is a link", "keep the file itself in the repository")
        try:
            return self._repository.blob(object_id).decode("utf-8-sig")
        except UnreadableBlobError as error:
            raise self._wrong(path, error.message, error.hint) from None
        except UnicodeDecodeError:
            raise self._wrong(path, "it is not UTF-8", "save it as UTF-8") from None

    def _wrong(self, path: str, message: str, hint: str = "") -> ConfigError:
        where = f"{message}, at {self.commit[:12]}"
        return ConfigError(Problem("file-unreadable", where, path=path, hint=hint))

    def matching(self, pattern: str, *, entries: bool = False) -> tuple[str, ...]:
        """Files that match a pattern, sorted.

        Args:
            pattern: ``*`` stays within a folder, ``**`` crosses them.
            entries: links are matched as well.
        """
        files = [path for path, (mode, _) in self._files.items() if entries or mode != _LINK]
        if not any(mark in pattern for mark in "*?["):
            return (pattern,) if pattern in files else ()
        regex = glob_regex(pattern)
        return tuple(sorted(path for path in files if regex.fullmatch(path)))


def _text(data: bytes) -> str:
    """Names of files, which need not be text."""
    return data.decode("utf-8", "surrogateescape")


def _usage(message: str, hint: str = "") -> UsageError:
    return UsageError(Problem("usage", message, hint=hint))
