"""From what the user named to readings: which reader, in which order, with what beside it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from adhere.app.entry import Entry
from adhere.app.environment import EnvironmentReading, Key, read_environment
from adhere.app.project import PYPROJECT, Project
from adhere.errors import AdhereError, Problem, SourceError
from adhere.model.claim import Conclusion
from adhere.model.inventory import Reading, Requirement
from adhere.model.names import PackageName
from adhere.model.package import Origin
from adhere.ports import Cache, Clock, Meter, Progress
from adhere.sources import probe
from adhere.sources.site_packages import find_environment

if TYPE_CHECKING:
    from pathlib import Path

    Read = Callable[[Path, str], Reading]

_BY_NAME: Mapping[str, str] = {
    "uv.lock": "uv_lock",
    "poetry.lock": "poetry_lock",
    "pdm.lock": "pdm_lock",
    "Pipfile.lock": "pipfile_lock",
}


class Gathered(Struct, frozen=True):
    """All sources of a run.

    Attributes:
        readings: in the order of the sources.
        conclusions: licenses that were concluded while reading, by name and version.
        chosen: labels of what was read, for the reader who named nothing.
        problems: sources that could not be read.
    """

    readings: tuple[Reading, ...]
    conclusions: Mapping[Key, Conclusion]
    chosen: tuple[str, ...]
    problems: tuple[Problem, ...]


class SourceReader:
    """Reads sources for one project.

    Attributes:
        trouble: what is wrong with the project's own description; the environments that
            it would say more about are read all the same.
        entries: what environments that were read are made of, by absolute path of the folder
            and name in it.
    """

    def __init__(
        self,
        project: Project,
        *,
        cache: Cache,
        clock: Clock,
        meter: Meter,
        jobs: int,
        progress: Progress,
        licenses: bool = True,
    ) -> None:
        """Nothing is read yet.

        Args:
            project: whose.
            cache: of what was read of environments.
            clock: for the age of files.
            meter: counts what came from the cache.
            jobs: processes that identify license texts, 0 for one per processor.
            progress: is told how far long work has come.
            licenses: ``False`` concludes none, for whoever only asks for digests.
        """
        self._project = project
        self._cache = cache
        self._clock = clock
        self._meter = meter
        self._jobs = jobs
        self._progress = progress
        self._licenses = licenses
        self._roots: tuple[Requirement, ...] | None = None
        self.trouble: tuple[Problem, ...] = ()
        self.entries: dict[str, Mapping[str, Entry]] = {}

    def absolute(self, label: str) -> str:
        """Absolute path of a file that is named relative to the project."""
        return self._project.path(label)

    def gather(self, paths: Sequence[str]) -> Gathered:
        """Read every source; one that cannot be read does not take the others with it."""
        readings: list[Reading] = []
        conclusions: dict[Key, Conclusion] = {}
        problems: list[Problem] = []
        for path in paths:
            try:
                found = self.read(path)
            except AdhereError as error:
                problems.extend(error.problems)
                continue
            readings.append(found.reading)
            for key, conclusion in found.conclusions.items():
                conclusions.setdefault(key, conclusion)
        chosen = tuple(reading.source.path for reading in readings)
        return Gathered(tuple(readings), conclusions, chosen, tuple(problems))

    def read(self, path: str) -> EnvironmentReading:
        """One source, with every path in it as a report may show it.

        Raises:
            SourceError: it cannot be read, or nothing is known about its kind.
        """
        absolute = self._project.path(path)
        label = self._project.label(absolute)
        if not probe.lexists(absolute):
            is_file = bool(os.path.splitext(absolute)[1])
            problem = Problem(
                "source-unreadable",
                "cannot read it: there is no such file or folder",
                path=label,
                hint="check the path" + ("" if is_file else ", or create the environment first"),
            )
            raise SourceError(problem)
        try:
            environment = find_environment(absolute, label)
            if environment is not None:
                found = self._environment(environment, absolute, label)
                self.entries.update(found.entries)
                return self._shown(found)
        except OSError as error:
            words = (error.strerror or type(error).__name__).lower()
            problem = Problem(
                "source-unreadable",
                f"cannot read it: {words}",
                path=label,
                hint="check its permissions",
            )
            raise SourceError(problem) from None
        if probe.is_folder(absolute):
            hint = "name a virtual environment, a site-packages folder, or a file such as uv.lock"
            raise SourceError(
                Problem("source-unreadable", "no environment is in it", path=label, hint=hint)
            )
        from pathlib import Path

        reader: Read = import_module(f"adhere.sources.{detect(absolute, label)}").read
        return self._shown(EnvironmentReading(reader(Path(absolute), label), {}))

    def _shown(self, found: EnvironmentReading) -> EnvironmentReading:
        """Local origins by the name that their place has in this project.

        An installer records where a folder lay on its machine; a report that is published
        must not.
        """
        packages = found.reading.packages
        local = [index for index, package in enumerate(packages) if _is_local(package.origin)]
        if not local:
            return found
        shown = list(packages)
        for index in local:
            origin = packages[index].origin
            url = self._project.label(local_path(origin.url))
            shown[index] = msgspec.structs.replace(
                packages[index], origin=msgspec.structs.replace(origin, url=url)
            )
        reading = msgspec.structs.replace(found.reading, packages=tuple(shown))
        return EnvironmentReading(reading, found.conclusions)

    def _environment(self, environment: Any, path: str, label: str) -> EnvironmentReading:
        found = read_environment(
            environment,
            label,
            [self._project.label(folder) for folder in environment.folders],
            cache=self._cache,
            clock=self._clock,
            meter=self._meter,
            jobs=self._jobs,
            progress=self._progress,
            licenses=self._licenses,
        )
        try:
            roots, ours = self._project_roots(path, found.reading)
        except AdhereError as error:
            self.trouble = error.problems
            return found
        if not roots and not ours:
            return found
        reading = msgspec.structs.replace(found.reading, roots=roots, first_party=ours)
        return msgspec.structs.replace(found, reading=reading)

    def _project_roots(
        self, path: str, reading: Reading
    ) -> tuple[tuple[Requirement, ...], tuple[PackageName, ...]]:
        """What the project asks for, when the environment is the project's.

        It is when it holds the project itself, or lies in its folder. A dynamic list of
        dependencies is taken from the metadata of the installed project.
        """
        declared = os.path.join(self._project.root, PYPROJECT)
        if not probe.is_file(declared):
            return (), ()
        from pathlib import Path

        from adhere.sources import pyproject
        from adhere.sources.own_extras import own_extras_followed

        about = pyproject.project(Path(declared), PYPROJECT)
        installed = {package.name: package for package in reading.packages}
        inside = probe.realpath(path).startswith(os.path.realpath(self._project.root) + os.sep)
        if about.name not in installed and not inside:
            return (), ()
        if self._roots is None:
            self._roots = pyproject.requirements(Path(declared), PYPROJECT)
        roots = tuple(root for root in self._roots if root.group != "build")
        ours = (about.name,) if about.name else ()
        if about.name in installed and "dependencies" in about.dynamic:
            own = installed[about.name]
            roots += tuple(
                Requirement(
                    edge.name,
                    str(edge.name),
                    own.location,
                    edge.specifier,
                    edge.extras,
                    group=f"extra:{edge.extra}" if edge.extra else "runtime",
                    by=about.name,
                )
                for edge in own.requires
            )
        return own_extras_followed(roots), ours


def _is_local(origin: Origin) -> bool:
    url = origin.url
    return url.lower().startswith("file:") or os.path.isabs(url)


def local_path(url: str) -> str:
    """The path that a ``file:`` address means; anything else as it is."""
    if not url.lower().startswith("file:"):
        return url
    from urllib.parse import urlsplit
    from urllib.request import url2pathname

    parts = urlsplit(url)
    return url2pathname(parts.path)


def detect(path: str, label: str) -> str:
    """The module that reads a file, by its name, then by its content.

    Raises:
        SourceError: nothing is known about its kind.
    """
    name = os.path.basename(path)
    if name in _BY_NAME:
        return _BY_NAME[name]
    if name == "pylock.toml" or (name.startswith("pylock.") and name.endswith(".toml")):
        return "pylock"
    if name.endswith(".py.lock"):
        return "uv_lock"
    if name.endswith(".py"):
        return "script"
    if name.endswith((".txt", ".in", ".pip")):
        return "requirements"
    if name.endswith((".spdx", ".spdx.rdf")):
        return "spdx"
    if name.endswith((".yaml", ".yml")) and b"spdxVersion" in _start(path, label):
        return "spdx"
    if name.endswith((".toml", ".yaml", ".yml", ".cfg")):
        raise _unknown(path, label)  # a table in brackets looks like JSON from afar
    return _by_content(path, label)


def _by_content(path: str, label: str) -> str:
    from adhere.sources.files import looks_empty

    start = _start(path, label)
    if looks_empty(start):
        hint = "make it anew with the tool it is from"
        raise SourceError(Problem("source-invalid", "it is empty", path=label, hint=hint))
    # PowerShell redirects in UTF-16; what tells formats apart is ASCII in every encoding.
    start = start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if start.startswith(b"["):
        return "pip_json"
    if start.startswith(b"<"):
        of_spdx = b"spdx" in start.lower() and b"cyclonedx.org" not in start
        return "spdx" if of_spdx else "cyclonedx"
    if start.startswith(b"{"):
        if b'"bomFormat"' in start or b'"components"' in start:
            return "cyclonedx"
        if b'"spdxVersion"' in start or b'"@context"' in start or b'"SPDXID"' in start:
            return "spdx"
        if b'"installed"' in start or b'"pip_version"' in start:
            return "pip_json"
        if path.endswith(".json"):
            from pathlib import Path

            from adhere.sources.json_file import read_json

            read_json(Path(path), label)  # one that is cut off says where
    if start.startswith(b"SPDXVersion:"):
        return "spdx"
    if start.startswith(b"#!") and b"# /// script" in start:
        return "script"
    raise _unknown(path, label)


def _start(path: str, label: str) -> bytes:
    from pathlib import Path

    from adhere.sources.files import read_bytes

    return read_bytes(Path(path), label)[:65_536]


def _unknown(path: str, label: str) -> SourceError:
    name = os.path.basename(path)
    hint = (
        "known are environments, pylock.toml, uv.lock, poetry.lock, pdm.lock, Pipfile.lock, "
        "requirements files, PEP 723 scripts, CycloneDX and SPDX documents, and the JSON of "
        "pip list and pip inspect"
    )
    if name == PYPROJECT:
        hint = "it names ranges, not versions: judge a lock file or an environment made from it"
    return SourceError(
        Problem("source-unsupported", "nothing is known about this kind", path=label, hint=hint)
    )
