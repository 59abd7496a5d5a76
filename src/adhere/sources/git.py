"""The commit that a project stands at."""

from __future__ import annotations

import os

from adhere.sources import probe

_SECONDS = 5.0
_KILL = 9

_STATUS = ("status", "--porcelain=v2", "--branch", "--untracked-files=no", "--ignore-submodules")
_OID = "# branch.oid "

if os.name == "posix":
    from select import select


class Commit:
    """A commit, and whether tracked files differ from it.

    Attributes:
        id: ``""`` where there is none.
        dirty: ``None`` when nobody knows.
    """

    __slots__ = ("dirty", "id")

    def __init__(self, id: str = "", dirty: bool | None = None) -> None:  # noqa: A002 - what git calls it
        self.id = id
        self.dirty = dirty

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Commit) and (self.id, self.dirty) == (other.id, other.dirty)

    def __hash__(self) -> int:
        return hash((self.id, self.dirty))

    def __repr__(self) -> str:
        return f"Commit({self.id!r}, {self.dirty!r})"


def find_commit(root: str) -> Commit:
    """Ask git, once; a project outside of version control has no commit."""
    return ask(root).answer()


def ask(root: str) -> Asked:
    """Start to ask git, which answers while others work."""
    folder = root
    while not probe.lexists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return Asked("")
        folder = parent
    return Asked(root)


class Asked:
    """Git at work.

    The repository's own configuration may not make it run anything: a file-system
    monitor is a command, and the repository may be a stranger's.
    """

    def __init__(self, root: str) -> None:
        """Start it.

        Args:
            root: where; ``""`` for outside of version control, where nobody is asked.
        """
        self.root = root
        self._process = 0
        self._output = -1
        self._said: Commit | None = None
        if root and os.name == "posix":
            self._start()

    def answer(self) -> Commit:
        """What it said; nothing when it failed, or takes too long."""
        if self._said is None:
            self._said = self._read()
        return self._said

    def _read(self) -> Commit:
        if not self.root:
            return Commit()
        data = self._wait() if os.name == "posix" else self._run()
        if data is None:
            return Commit()
        lines = data.decode("utf-8", "replace").splitlines()
        found = next((line.removeprefix(_OID) for line in lines if line.startswith(_OID)), "")
        dirty = any(not line.startswith("#") for line in lines)
        return Commit("" if found == "(initial)" else found, dirty)

    def _command(self) -> list[str]:
        return ["git", "-C", self.root, "-c", "core.fsmonitor=false", *_STATUS]

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}

    def _start(self) -> None:
        """Without `subprocess`, whose import alone takes as long as git."""
        self._output, theirs = os.pipe()
        try:
            actions = [
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_DUP2, theirs, 1),
                (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
            ]
            self._process = os.posix_spawnp(
                "git", self._command(), self._environment(), file_actions=actions
            )
        except OSError:  # there is no git
            os.close(self._output)
            self._output = -1
        finally:
            os.close(theirs)

    def _wait(self) -> bytes | None:
        if self._output < 0:
            return None
        parts: list[bytes] = []
        while select([self._output], [], [], _SECONDS)[0]:
            part = os.read(self._output, 1 << 16)
            if not part:
                return b"".join(parts) if self._end() == 0 else None
            parts.append(part)
        self.close()  # it says nothing more
        return None

    def close(self) -> None:
        """Stop it, where nobody waits for its answer any more."""
        if self._output >= 0:
            os.kill(self._process, _KILL)
            self._end()

    def _end(self) -> int:
        os.close(self._output)
        self._output = -1
        return os.waitstatus_to_exitcode(os.waitpid(self._process, 0)[1])

    def _run(self) -> bytes | None:
        import subprocess

        try:
            done = subprocess.run(
                self._command(),
                env=self._environment(),
                capture_output=True,
                timeout=_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        return done.stdout if done.returncode == 0 else None
