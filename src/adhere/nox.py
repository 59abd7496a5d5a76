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
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import nox

import adhere

LOCK_FILES = ("pylock.toml", "uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock")
MKDOCS = "mkdocs>=1.6,<2"
MKDOCS_FILES = ("mkdocs.yml", "mkdocs.yaml")
TOOL = "_adhere"
"""Folder of the tool's environment, beside the sessions'; no session has such a name."""
WHY = {
    1: "a rule is violated",
    2: "the command line or an input file is wrong",
    3: "something could not be judged",
    4: "there was nothing to judge",
}
"""What the exit codes of a check mean; nox itself ends with 1 for each of them."""
SHARED = ("--config", "--out", "--templates")
"""Options of a check by which the pages are made, too."""

_REQUIREMENTS = (
    "; where it lacks a theme or a plugin, name all that builds it:"
    ' adhere.nox.sessions(docs_requirements=("mkdocs-material", ...))'
)
_PLUGINS = re.compile(r"^plugins *:(.*(?:\n(?:[ \t-].*|[ \t\r]*))*)", re.MULTILINE)
"""The key ``plugins`` of a ``mkdocs.yml`` and what is below it."""
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*", re.MULTILINE)
_EXTENSION = re.compile(r"""["']adhere\.sphinx["']""")
_OURS = re.compile(r"""(?:^|[\s,\[{'"])adhere["']? *(?:[:,\]}]|\r?$)""", re.MULTILINE)

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
    docs_requirements: Sequence[str] | None = None,
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
    docs_requirements: Sequence[str] | None = None,
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
        tool: what to install for adhere itself; by default what this module comes from: its
            version, or the folder, file or repository that it was installed from.
        docs: documentation folder; nothing is written when it is missing.
        docs_requirements: what building the site needs besides, theme and plugins; by default
            MkDocs where there is a ``mkdocs.yml`` or ``mkdocs.yaml``. A documentation of
            Sphinx is built only where this says with what.
        arguments: further arguments of ``adhere check``.
    """
    if callable(install):
        install(session)
    elif install:
        session.install(*install)
    sphinx = _sphinx_folder(docs)
    needed = _needed(docs_requirements, sphinx)
    python = _tool(session, [*(tool or _as_installed()), *needed])
    judged = tuple(sources) if sources is not None else _sources(session)
    run = _Runner(session, python)
    code = run.code("adhere", "check", *judged, *arguments)
    built = True
    if Path(docs).is_dir():
        shared = tuple(_shared(arguments))
        makes_own = _has_plugin() or _has_extension(sphinx)
        if not makes_own or (shared and not sphinx):  # a plugin is not told of options
            run("adhere", "docs", "sync", docs, *shared)
        if _has_site():
            built = run.succeeds("mkdocs", "build", "--strict", "--site-dir", "site")
        elif sphinx and needed:
            built = run.succeeds("sphinx", "-b", "html", "-W", "--keep-going", sphinx, "site")
        elif sphinx:
            session.log(f"build the site with Sphinx now: sphinx-build -W {sphinx} site")
        if built and (_has_site() or (sphinx and needed)):
            session.log(f"the pages are in {os.path.join('site', 'compliance')}")
    wrong = [f"{WHY[code]} (adhere check ended with {code}, see above)"] if code else []
    if not built:
        named = docs_requirements is not None
        wrong.append(f"the site was not built, see above{'' if named else _REQUIREMENTS}")
    if wrong:
        session.error(f"compliance: {'; '.join(wrong)}")


def _sources(session: nox.Session) -> tuple[str, ...]:
    found = [name for name in LOCK_FILES if Path(name).is_file()]
    return (*found, session.virtualenv.location or sys.prefix)


def _has_site() -> bool:
    return any(Path(name).is_file() for name in MKDOCS_FILES)


def _has_plugin() -> bool:
    """Whether the site gets its pages by our plugin; nobody needs them as files, then."""
    for name in MKDOCS_FILES:
        if Path(name).is_file():
            text = _COMMENT.sub("", Path(name).read_text("utf-8", "replace"))
            plugins = _PLUGINS.search(text)
            return plugins is not None and _OURS.search(plugins[1]) is not None
    return False


def _sphinx_folder(docs: str) -> str:
    """Where a documentation of Sphinx is configured, ``""`` for none, or for one of MkDocs."""
    folders = (docs, os.path.join(docs, "source"))
    found = (folder for folder in folders if os.path.isfile(os.path.join(folder, "conf.py")))
    return "" if _has_site() else next(found, "")


def _has_extension(sphinx: str) -> bool:
    """Whether such a documentation gets its pages by our extension."""
    if not sphinx:
        return False
    text = Path(sphinx, "conf.py").read_text("utf-8", "replace")
    return _EXTENSION.search(_COMMENT.sub("", text)) is not None


def _needed(given: Sequence[str] | None, sphinx: str) -> Sequence[str]:
    """What builds the site: MkDocs by itself, Sphinx with what the caller names."""
    if _has_site():
        return (MKDOCS,) if given is None else given
    return given or () if sphinx else ()


def _shared(arguments: Sequence[str]) -> Iterator[str]:
    """Options for a check that ``docs sync`` needs, too, with their values."""
    words = iter(arguments)
    for word in words:
        if word in SHARED:
            yield word
            yield next(words, "")
        elif word.startswith(tuple(f"{option}=" for option in SHARED)):
            yield word


def _tool(session: nox.Session, wanted: Sequence[str]) -> str:
    """An environment with adhere in it, beside the session's; its Python.

    nox depends on virtualenv, so that is there whatever back end the session has.
    """
    folder = Path(session.virtualenv.location or ".nox/compliance").resolve().parent / TOOL
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not _runs(python):
        session.run_install(
            *(sys.executable, "-m", "virtualenv", "--quiet", "--clear", str(folder)),
            external=True,
        )
    uv = shutil.which("uv") if session.virtualenv.venv_backend == "uv" else None
    if uv:
        # Reinstalled, because uv takes a folder whose pyproject.toml is the same for the same.
        pip = [uv, "pip", "install", "--python", str(python), "--compile-bytecode"]
        pip += ["--reinstall-package", "adhere"] if any("file:" in word for word in wanted) else []
    else:
        pip = [str(python), "-m", "pip", "install", "--disable-pip-version-check"]
    session.run_install(*pip, "--quiet", *wanted, external=True)
    return str(python)


def _as_installed() -> tuple[str, ...]:
    """The adhere that this module belongs to, as arguments of an installer.

    One that was installed from a folder, a file or a repository may be on no index; its
    installer wrote down where it came from (PEP 610).
    """
    version = f"adhere=={adhere.__version__}"
    try:
        record = json.loads(distribution("adhere").read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        return (version,)
    address = record.get("url", "")
    if "vcs_info" in record:
        address = f"{record['vcs_info']['vcs']}+{address}@{record['vcs_info']['commit_id']}"
    elif address.startswith("file:") and not os.path.exists(url2pathname(urlsplit(address).path)):
        return (version,)  # a wheel that is gone since
    if "subdirectory" in record:
        address += f"#subdirectory={record['subdirectory']}"
    return (f"adhere @ {address}",) if address else (version,)


def _runs(python: Path) -> bool:
    """Whether an environment is whole: its Python may have been uninstalled since."""
    try:
        return subprocess.run([python, "-c", ""], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


class _Runner:
    def __init__(self, session: nox.Session, python: str) -> None:
        self._session = session
        self._python = python

    def __call__(self, module: str, *words: str) -> None:
        self._run((0,), module, *words)

    def succeeds(self, module: str, *words: str) -> bool:
        """Run what may fail; the session ends with it, and does the rest before."""
        ended = _Ended(range(256))
        self._run(ended, module, *words)
        return ended.code == 0

    def code(self, module: str, *words: str) -> int:
        """Run a check and say how it ended; a defect of ours ends the session at once."""
        ended = _Ended((0, *WHY))
        self._run(ended, module, *words)
        return ended.code

    def _run(self, codes: Sequence[int], module: str, *words: str) -> None:
        self._session.run(
            *(self._python, "-m", module, *words),
            external=True,
            success_codes=codes,
            env={"NO_MKDOCS_2_WARNING": "1"},
        )


class _Ended(list[int]):
    """Exit codes that are fine, which remember the one that they were asked about.

    nox says only whether a code was among them, and a report of an earlier run may lie
    where a check that could not even start would have written one.
    """

    code = 0

    def __contains__(self, code: object) -> bool:
        if isinstance(code, int):
            self.code = code
        return super().__contains__(code)
