"""Rows of the ledger that a run adds: what was seen for the first time."""

from __future__ import annotations

import os

from msgspec import Struct

from adhere.app.project import Project
from adhere.app.store import write_atomically
from adhere.errors import ConfigError, Problem
from adhere.model.advisory import Ledger, Seen
from adhere.model.names import canonical_name
from adhere.report.document import Report
from adhere.sources.ledger import HEAD, NAME, read_ledger, written
from adhere.sources.tree import read_text


class Added(Struct, frozen=True):
    """What became of the ledger.

    Attributes:
        label: of its file.
        rows: that were added.
    """

    label: str
    rows: tuple[Seen, ...]


def add_sightings(project: Project, out: str, report: Report) -> Added:
    """Write down every vulnerability of a report that the ledger does not know.

    Rows are put at the end; nothing that stands there is touched.

    Args:
        project: whose ledger.
        out: folder that it lies in, relative to the project.
        report: of the run; its day is that of the sightings.

    Raises:
        ConfigError: the ledger is malformed, or a link; nothing is written then.
        StoreError: it cannot be written.
    """
    path = project.path(os.path.join(out, NAME))
    label = project.label(path)
    if os.path.islink(path):
        hint = "keep the file itself in the project"
        raise ConfigError(Problem("file-unreadable", "it is a link", path=label, hint=hint))
    text = read_text(path, label) if os.path.exists(path) else HEAD
    rows = _new(read_ledger(text, label), report)
    if rows:
        data = (text if text.endswith("\n") else f"{text}\n") + written(rows)
        write_atomically(path, data.encode(), label)
    return Added(label, rows)


def _new(known: Ledger, report: Report) -> tuple[Seen, ...]:
    found: dict[tuple[str, str], Seen] = {}
    for package in report.packages:
        name = canonical_name(package.name)
        for flaw in package.vulnerabilities:
            if known.first_seen(name, (flaw.id, *flaw.aliases)) is None:
                found[name, flaw.id] = Seen(name, flaw.id, report.subject.today)
    return tuple(found[key] for key in sorted(found))
