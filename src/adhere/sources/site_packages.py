"""Which folders an environment keeps its packages in, and for which Python."""

from __future__ import annotations

import os
import re
import sys

from msgspec import Struct

from adhere.errors import Problem, SourceError
from adhere.sources import probe

_PYTHON = re.compile(r"(?:python|pypy)(\d+\.\d+)", re.IGNORECASE)
_METADATA = (".dist-info", ".egg-info", ".egg-link", ".egg")
PACKAGE_FOLDERS = ("site-packages", "dist-packages")


class Environment(Struct, frozen=True):
    """Where an environment keeps its packages.

    Attributes:
        folders: site-packages folders, in the order in which Python searches them.
        python: version of its interpreter, ``""`` when nothing tells it.
        implementation: ``cpython``, ``pypy``, ...
        remarks: what a reader should know, as whole clauses.
    """

    folders: tuple[str, ...]
    python: str = ""
    implementation: str = "cpython"
    remarks: tuple[str, ...] = ()


def find_environment(path: str, label: str) -> Environment | None:
    """What a path is, if it is an environment: read as files, nothing is run.

    Args:
        path: a virtual environment, an installation's prefix, a site-packages folder or a
            Python executable.
        label: what to call it in an error.

    Returns:
        ``None`` for a folder or file that is something else.

    Raises:
        SourceError: it is an environment, and cannot be read.
    """
    if probe.is_file(path):
        return _of_executable(path, label)
    if not probe.is_folder(path):
        return None
    if probe.is_file(os.path.join(path, "pyvenv.cfg")):
        return _of_venv(path, label)
    prefix = _of_prefix(path)
    if prefix is not None:
        return prefix
    if os.path.basename(os.path.normpath(path)) in PACKAGE_FOLDERS or _has_metadata(path, label):
        return Environment((path,), _version_in(probe.realpath(path)))
    return None


def _has_metadata(path: str, label: str) -> bool:
    try:
        with os.scandir(path) as entries:
            return any(entry.name.endswith(_METADATA[:2]) for entry in entries)
    except OSError as error:
        words = (error.strerror or type(error).__name__).lower()
        problem = Problem("source-unreadable", f"cannot read it: {words}", path=label)
        raise SourceError(problem) from None


def _version_in(path: str) -> str:
    """The Python version that a path names, ``lib/python3.12/site-packages``."""
    for part in reversed(path.replace("\\", "/").split("/")):
        match = _PYTHON.fullmatch(part)
        if match:
            return match[1]
    return ""


def _of_executable(path: str, label: str) -> Environment | None:
    name = os.path.basename(path).lower()
    if not name.startswith(("python", "pypy")) or (
        "." in name and name.endswith((".txt", ".toml"))
    ):
        return None
    prefix = os.path.dirname(os.path.dirname(os.path.abspath(path)))
    if probe.is_file(os.path.join(prefix, "pyvenv.cfg")):
        return _of_venv(prefix, label)
    if os.name == "nt":  # python.exe stands in the prefix itself
        prefix = os.path.dirname(probe.realpath(path))
    else:
        prefix = os.path.dirname(os.path.dirname(probe.realpath(path)))
    found = _of_prefix(prefix, _version_in(probe.realpath(path)))
    if found is None:
        problem = Problem(
            "source-unreadable",
            "it belongs to no environment that can be found from its place",
            path=label,
            hint="name the environment's folder, or its site-packages folder",
        )
        raise SourceError(problem)
    return found


def _of_venv(prefix: str, label: str) -> Environment:
    settings = _pyvenv(os.path.join(prefix, "pyvenv.cfg"), label)
    found = _of_prefix(prefix)
    version = settings.get("version", settings.get("version_info", ""))
    python = ".".join(version.split(".")[:3])
    implementation = settings.get("implementation", "cpython").lower()
    if found is None:
        problem = Problem(
            "source-unreadable",
            "it has a pyvenv.cfg and no site-packages folder",
            path=label,
            hint="create the virtual environment again",
        )
        raise SourceError(problem)
    folders, remarks = found.folders, list(found.remarks)
    if settings.get("include-system-site-packages", "").lower() == "true":
        base = _of_prefix(os.path.dirname(settings.get("home", "")), found.python)
        if base is None:
            problem = Problem(
                "source-unreadable",
                "it uses the packages of a Python that cannot be found",
                path=f"{label}/pyvenv.cfg",
                hint="give that Python's site-packages folder as a source too",
            )
            raise SourceError(problem)
        folders += base.folders
        remarks.append("it also uses the packages of the Python it was made with")
    return Environment(folders, python or found.python, implementation, tuple(remarks))


def _pyvenv(path: str, label: str) -> dict[str, str]:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            lines = file.read(65_536).splitlines()
    except OSError as error:
        words = (error.strerror or type(error).__name__).lower()
        problem = Problem(
            "source-unreadable", f"cannot read it: {words}", path=f"{label}/pyvenv.cfg"
        )
        raise SourceError(problem) from None
    pairs = (line.partition("=") for line in lines)
    return {key.strip().lower(): value.strip() for key, mark, value in pairs if mark}


def _of_prefix(prefix: str, python: str = "") -> Environment | None:
    """An installation: ``lib/pythonX.Y/site-packages``, or ``Lib/site-packages``."""
    folders: list[str] = []
    seen: set[str] = set()
    for library in ("lib", "lib64", "Lib", "local/lib"):
        base = os.path.join(prefix, library)
        for name in ("", *_python_folders(base, python)):
            for kind in PACKAGE_FOLDERS:
                folder = os.path.join(base, name, kind) if name else os.path.join(base, kind)
                real = probe.realpath(folder)
                if probe.is_folder(folder) and real not in seen:
                    seen.add(real)
                    folders.append(folder)
    if not folders:
        return None
    versions = [version for folder in folders if (version := _version_in(folder))]
    remarks: tuple[str, ...] = ()
    if len(set(versions)) > 1:
        remarks = (f"it holds packages for Python {', '.join(sorted(set(versions)))}",)
    if probe.is_folder(os.path.join(prefix, "conda-meta")):
        remarks += ("it is made by conda: what is no Python package in it is not listed",)
    return Environment(tuple(folders), python or next(iter(versions), ""), remarks=remarks)


def _python_folders(base: str, python: str) -> list[str]:
    try:
        names = os.listdir(base)
    except OSError:
        return []
    found = [name for name in names if _PYTHON.fullmatch(name)]
    if python:
        wanted = ".".join(python.split(".")[:2])
        found = [name for name in found if _version_in(name) == wanted]
    if "python3" in names:
        found.append("python3")  # where Debian keeps the packages of its own
    return sorted(found)


def running_machine() -> str:
    """The processor that adhere runs on, which an environment on its disk is taken to be for."""
    if hasattr(os, "uname"):
        return os.uname().machine
    import platform  # costs more than all else here, and only Windows needs it

    return platform.machine()


def running_python() -> str:
    """Version of the interpreter that runs adhere, for an environment that names none."""
    return ".".join(str(part) for part in sys.version_info[:3])
