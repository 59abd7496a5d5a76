"""A small project with a report and a documentation, built by Sphinx in this process."""

from __future__ import annotations

import io
import pickle
import re
import zlib
from pathlib import Path
from typing import Any

import msgspec
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import docutils_namespace, patch_docutils

from adhere.model.runs import Ledger
from adhere.report.document import Report
from adhere.report.json import encode_report
from surfaces.docs_site import DECISION, report

PAGES = (
    *("index", "dependencies", "licenses", "performance", "adrs/index", "waivers", "history"),
    *("method", "release/index", "adrs/ADR-001", "adrs/ADR-002", "adrs/ADR-003"),
)
INDEX = """\
Shop
====

{text}

.. toctree::

{entries}
"""


class SphinxSite:
    """A project with a documentation."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.docs = root / "docs"
        self.docs.mkdir()
        (root / "adhere.toml").write_text("schema = 1\n", "utf-8")
        self.said = self.log = ""
        self.always: dict[str, Any] = {"html_theme": "basic"}

    def store(self, found: Report | None = None) -> None:
        """Leave a report, as a check does."""
        (self.root / ".adhere").mkdir(exist_ok=True)
        data = encode_report(found or report())
        (self.root / ".adhere" / "report.json").write_bytes(data)

    def index(self, text: str = "", *entries: str) -> None:
        """The first document, which leads to the pages."""
        lines = "\n".join(f"   {entry}" for entry in entries or ("compliance/index",))
        self.write("index.rst", INDEX.format(text=text, entries=lines))

    def write(self, name: str, text: str) -> None:
        """A document."""
        path = self.docs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def decision(self) -> None:
        """A decision that is a document, in Markdown."""
        self.write("adr/ADR-001.md", DECISION.partition("```sh")[0] + "# Licenses\n\nOnly these.\n")

    def conf(self, **given: Any) -> None:
        """The configuration, as users write it."""
        given = {
            "project": "shop",
            "copyright": "2026, shop",
            "version": "1.0",
            "extensions": ["adhere.sphinx"],
            "exclude_patterns": ["_build"],
            # Sphinx's own default is one table for all builds of a process, and grows with each.
            "source_suffix": {".rst": "restructuredtext"},
            "man_pages": [("index", "shop", "Shop", ["shop"], 1)],
            **self.always,
        } | given
        self.write("conf.py", "".join(f"{name} = {value!r}\n" for name, value in given.items()))

    def build(self, builder: str = "html", jobs: int = 1) -> str:
        """Build it; what it warned of, ``""`` for nothing. `log` has the rest."""
        log, said = io.StringIO(), io.StringIO()
        out = self.docs / "_build"
        folders = (self.docs, self.docs, out / builder, out / "doctrees", builder)
        with patch_docutils(str(self.docs)), docutils_namespace():
            app = Sphinx(
                *map(str, folders),
                status=log,
                warning=said,
                parallel=jobs,
                confoverrides={"nitpicky": True},
            )
            app.build()
        self.log = re.sub(r"\x1b\[[0-9;]*m", "", log.getvalue())
        self.said = re.sub(r"\x1b\[[0-9;]*m", "", said.getvalue())
        return self.said.replace(str(self.docs), "docs")

    def page(self, name: str, builder: str = "html") -> str:
        """What was built, by the path relative to its folder."""
        return (self.docs / "_build" / builder / name).read_text("utf-8")

    def sources(self) -> set[str]:
        """Documents of ours."""
        found = (self.docs / "compliance").rglob("*.*")
        return {path.relative_to(self.docs / "compliance").as_posix() for path in found}

    def environment(self) -> BuildEnvironment:
        """What Sphinx keeps from one build to the next."""
        data = (self.docs / "_build" / "doctrees" / "environment.pickle").read_bytes()
        found: BuildEnvironment = pickle.loads(data)  # noqa: S301 - this test wrote it
        return found

    def objects(self) -> dict[str, dict[str, str]]:
        """The inventory: by type, where each object is."""
        data = (self.docs / "_build" / "html" / "objects.inv").read_bytes()
        *_, packed = data.split(b"\n", 4)
        found: dict[str, dict[str, str]] = {}
        for line in zlib.decompress(packed).decode().splitlines():
            name, kind, _, where, _ = line.split(" ", 4)
            found.setdefault(kind, {})[name] = where.replace("$", name)
        return found


def store_runs(root: Path, runs: Ledger) -> None:
    """Commit runs, and a damaged line."""
    rows = [msgspec.json.encode(row) for row in (*runs.runs.rows, *runs.runs.baselines.values())]
    (root / "adhere.runs.jsonl").write_bytes(b"\n".join([*rows, b"{", b""]))
