"""The main job as a nox session, for any project.

In a ``noxfile.py``::

    import adhere.nox

    adhere.nox.sessions()

This module runs in nox's interpreter. It imports nothing of the engine: it makes an
environment for the project and another one for adhere, and runs the command line. What
adhere needs is therefore never among the packages that are judged.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import nox

import adhere

LOCK_FILES = ("pylock.toml", "uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock")
MKDOCS = "mkdocs>=1.6,<2"

Install = Sequence[str] | Callable[[nox.Session], object]
"""What to install into the project's environment, or how."""

__all__ = ["compliance", "sessions"]


def sessions(
    name: str = "compliance",
    *,
    install: Install = (".",),
    sources: Sequence[str] | None = None,
    tool: Sequence[str] | None = None,
    docs: str = "docs",
    docs_requirements: Sequence[str] = (MKDOCS,),
    arguments: Sequence[str] = (),
) -> None:
    """Register the session; its options are those of `compliance`.

    Args:
        name: of the session.
        install: see `compliance`.
        sources: see `compliance`.
        tool: see `compliance`.
        docs: see `compliance`.
        docs_requirements: see `compliance`.
        arguments: see `compliance`.
    """

    @nox.session(name=name)
    def _session(session: nox.Session) -> None:
        """Judge the project's dependencies by its decisions, and publish the proof."""
        compliance(
            session,
            install=install,
            sources=sources,
            tool=tool,
            docs=docs,
            docs_requirements=docs_requirements,
            arguments=(*arguments, *session.posargs),
        )


def compliance(
    session: nox.Session,
    *,
    install: Install = (".",),
    sources: Sequence[str] | None = None,
    tool: Sequence[str] | None = None,
    docs: str = "docs",
    docs_requirements: Sequence[str] = (MKDOCS,),
    arguments: Sequence[str] = (),
) -> None:
    """Judge the project, write the pages, build the site; fail last.

    A gate that fails still leaves the report and the pages.

    Args:
        session: whose environment becomes the project's.
        install: what the project's environment holds: arguments of ``session.install``, or
            a function that installs, for a project that installs from its lock file.
        sources: what to judge; by default the lock files of the project and the session's
            environment.
        tool: what to install for adhere itself; by default the version that this module
            comes from.
        docs: documentation folder; nothing is written when it is missing.
        docs_requirements: what building the site needs besides, theme and plugins; only
            used when there is a ``mkdocs.yml``.
        arguments: further arguments of ``adhere check``.
    """
    if callable(install):
        install(session)
    elif install:
        session.install(*install)
    python = _tool(session, tool or (f"adhere=={adhere.__version__}",), docs_requirements)
    judged = tuple(sources) if sources is not None else _sources(session)
    run = _Runner(session, python)
    run("adhere", "check", *judged, *arguments, codes=(0, 1, 2, 3, 4))
    if Path(docs).is_dir():
        run("adhere", "docs", "sync", docs)
        if Path("mkdocs.yml").is_file():
            run("mkdocs", "build", "--strict", "--site-dir", "site")
            session.log(f"the pages are in {os.path.join('site', 'compliance')}")
    _finish(session)


def _sources(session: nox.Session) -> tuple[str, ...]:
    found = [name for name in LOCK_FILES if Path(name).is_file()]
    return (*found, session.virtualenv.location or sys.prefix)


def _tool(
    session: nox.Session, requirements: Iterable[str], docs_requirements: Sequence[str]
) -> str:
    """An environment with adhere in it, beside the session's; its Python.

    nox depends on virtualenv, so that is there whatever back end the session has.
    """
    folder = Path(session.virtualenv.location or ".nox").resolve().parent / "adhere"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    wanted = [*requirements]
    if Path("mkdocs.yml").is_file():
        wanted += docs_requirements
    if not python.is_file():
        session.run_install(
            sys.executable, "-m", "virtualenv", "--quiet", str(folder), external=True
        )
    if session.virtualenv.venv_backend == "uv":
        pip = ["uv", "pip", "install", "--python", str(python), "--compile-bytecode"]
    else:
        pip = [str(python), "-m", "pip", "install", "--disable-pip-version-check"]
    session.run_install(*pip, "--quiet", *wanted, external=True)
    return str(python)


class _Runner:
    def __init__(self, session: nox.Session, python: str) -> None:
        self._session = session
        self._python = python

    def __call__(self, module: str, *words: str, codes: Sequence[int] = (0,)) -> None:
        self._session.run(
            self._python,
            "-m",
            module,
            *words,
            external=True,
            success_codes=codes,
            env={"NO_MKDOCS_2_WARNING": "1"},
        )


def _finish(session: nox.Session, report: str = ".adhere/report.json") -> None:
    """End as the check ended, now that the pages are written."""
    gate = json.loads(Path(report).read_text("utf-8"))["gates"][0]
    if gate["exit_code"]:
        because = "; ".join(gate["because"]) or gate["verdict"]
        session.error(f"compliance: {gate['verdict']}, exit code {gate['exit_code']}: {because}")
