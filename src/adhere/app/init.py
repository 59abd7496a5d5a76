"""A configuration, a decision with rules, a noxfile: for a project that has none."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterator, Sequence

from msgspec import Struct

from adhere.app.builders import MKDOCS, PROPERDOCS, SPHINX, Builder, BuilderError, find_builders
from adhere.app.presets import prepare
from adhere.app.project import CONFIG, PYPROJECT, Project, has_table
from adhere.app.store import write_atomically
from adhere.app.wiring import SystemClock, report_time
from adhere.report.render import built_in_folder

_IGNORE = ".gitignore"


class Initialised(Struct, frozen=True):
    """What was written, what was there already, and what is left to a person."""

    written: tuple[str, ...]
    kept: tuple[str, ...]
    advice: tuple[str, ...]


def initialise(root: str, *, presets: Sequence[str], nox: str) -> Initialised:
    """Write what a project lacks.

    Nothing that is there is ever changed, but for lines added to its ``.gitignore``.

    Args:
        root: absolute path of the project.
        presets: names of decisions to begin with, of `adhere.app.presets.PRESETS`.
        nox: ``helper``, ``script`` or ``none``.

    Raises:
        UsageError: there is no such preset, or another decision has its number.
        ConfigError: what is there cannot be read.
        SourceError: the same of what the project asks for.
        StoreError: a file cannot be written.
    """
    today = report_time(SystemClock(), os.environ).date()
    prepared = prepare(root, presets, today)
    advice: list[str] = []
    files: dict[str, str] = {}
    if has_table(os.path.join(root, PYPROJECT)):
        advice.append(f"{PYPROJECT} has a [tool.adhere]; no {CONFIG} was written beside it")
        advice += _wanted(prepared.config, PYPROJECT, "tool.adhere.")
    else:
        extra = f"\n{prepared.config}" if prepared.config else ""
        files[CONFIG] = _text(CONFIG) + extra
        if os.path.lexists(os.path.join(root, CONFIG)):
            advice += _wanted(prepared.config, CONFIG, "")
    advice += prepared.advice
    files |= prepared.files
    if nox != "none":
        files["noxfile.py"] = _text(f"noxfile-{nox}.py")
    written: list[str] = []
    kept: list[str] = []
    for path, text in files.items():
        target = os.path.join(root, *path.split("/"))
        if os.path.lexists(target):
            kept.append(path)
            continue
        write_atomically(target, text.encode(), path)
        written.append(path)
    if _ignore(root):
        written.append(_IGNORE)
    advice += _advice(root, kept, nox)
    return Initialised(tuple(written), tuple(kept), tuple(advice))


def _wanted(config: str, path: str, prefix: str) -> Iterator[str]:
    """Tables that a configuration which is there has to get by hand, where it has not."""
    for table, values in tomllib.loads(config).items() if config else ():
        keys = ", ".join(f"{key} = {json.dumps(value)}" for key, value in values.items())
        yield f"the decision wants in {path}: [{prefix}{table}] {keys}"


def _text(name: str) -> str:
    with open(os.path.join(built_in_folder(), "init", name), encoding="utf-8") as file:
        return file.read()


def _ignore(root: str) -> bool:
    """Add our lines to ``.gitignore`` unless they are there."""
    path = os.path.join(root, _IGNORE)
    known = ""
    if os.path.isfile(path):
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            known = file.read()
    lines = _text("gitignore").splitlines()
    if set(lines) <= set(known.splitlines()):
        return False
    between = "" if not known else "\n" if known.endswith("\n") else "\n\n"
    text = known + between + "\n".join(lines) + "\n"
    write_atomically(path, text.encode("utf-8", "surrogateescape"), _IGNORE)
    return True


def _runs_adhere(noxfile: str) -> bool:
    try:
        with open(noxfile, encoding="utf-8", errors="replace") as file:
            return "adhere.nox" in file.read()
    except OSError:
        return False


def _advice(root: str, kept: list[str], nox: str) -> list[str]:
    found: list[str] = []
    if "noxfile.py" in kept and not _runs_adhere(os.path.join(root, "noxfile.py")):
        found.append("add to your noxfile.py: import adhere.nox; adhere.nox.sessions()")
    found += _docs_advice(root)
    found.append("next: adhere check" if nox == "none" else "next: python -m nox -s compliance")
    return found


def _docs_advice(root: str) -> Iterator[str]:
    """How the pages get into a documentation that is there already."""
    try:
        builders = find_builders(Project(root))
    except BuilderError as error:
        yield f"{error}: mend it, then put the pages into the documentation"
        return
    for builder in builders:
        if builder.plugin or builder.off:
            continue
        docs = os.path.relpath(builder.docs, root).replace(os.sep, "/")
        if builder.name == SPHINX:
            yield _sphinx_advice(builder)
        elif builder.name not in (MKDOCS, PROPERDOCS):
            yield f"{builder.name} shows the pages: adhere docs sync {docs} before each build"
        elif builder.names_plugins:
            yield f"add to your {builder.config}, below plugins: - adhere"
        else:  # naming one leaves out the search that MkDocs has by default
            yield f"add to your {builder.config}: plugins: [search, adhere]"


def _sphinx_advice(builder: Builder) -> str:
    where, what = f"your {builder.config}", 'extensions = ["adhere.sphinx"]'
    if builder.names_plugins:
        where, what = f"the extensions in your {builder.config}", '"adhere.sphinx"'
    return f"add to {where}: {what}"
