"""A configuration, a decision with rules, a noxfile: for a project that has none."""

from __future__ import annotations

import os
from collections.abc import Iterator

from msgspec import Struct

from adhere.app.builders import MKDOCS, PROPERDOCS, SPHINX, Builder, BuilderError, find_builders
from adhere.app.project import Project
from adhere.app.store import write_atomically
from adhere.app.wiring import SystemClock, report_time
from adhere.errors import Problem, UsageError
from adhere.policy.decode import nearest
from adhere.report.render import built_in_folder

PRESETS = ("starter",)
_IGNORE = ".gitignore"


class Initialised(Struct, frozen=True):
    """What was written, what was there already, and what is left to a person."""

    written: tuple[str, ...]
    kept: tuple[str, ...]
    advice: tuple[str, ...]


def initialise(root: str, *, preset: str, nox: str) -> Initialised:
    """Write what a project lacks.

    Nothing that is there is ever changed, but for lines added to its ``.gitignore``.

    Args:
        root: absolute path of the project.
        preset: one of `PRESETS`.
        nox: ``helper``, ``script`` or ``none``.

    Raises:
        UsageError: there is no such preset.
        StoreError: a file cannot be written.
    """
    if preset not in PRESETS:
        hint = nearest(preset, PRESETS) or f"there is {', '.join(PRESETS)}"
        raise UsageError(Problem("usage", f"there is no preset `{preset}`", hint=hint))
    files = {"adhere.toml": _text("adhere.toml")}
    advice: list[str] = []
    if _configured(root):
        files = {}
        advice.append("pyproject.toml has a [tool.adhere]; no adhere.toml was written beside it")
    if not _has_decisions(root):
        today = report_time(SystemClock(), os.environ).date().isoformat()
        files["docs/adr/ADR-001-dependencies.md"] = _text("decision.md").replace("@TODAY@", today)
        files["docs/adr/ADR-001.rules.toml"] = _text("rules.toml")
    else:
        advice.append("docs/adr has decisions already; no rules were written for them")
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


def _text(name: str) -> str:
    with open(os.path.join(built_in_folder(), "init", name), encoding="utf-8") as file:
        return file.read()


def _configured(root: str) -> bool:
    from adhere.app.project import has_table

    return has_table(os.path.join(root, "pyproject.toml"))


def _has_decisions(root: str) -> bool:
    folder = os.path.join(root, "docs", "adr")
    return os.path.isdir(folder) and any(name.endswith(".md") for name in os.listdir(folder))


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
        if builder.plugin:
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
    return f"add to {where}: {what}; and to a toctree: {builder.layout.path}/index"
