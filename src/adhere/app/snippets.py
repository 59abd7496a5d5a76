"""Parts that pages of somebody else's include, as files in the folder of reports."""

from __future__ import annotations

import os
from collections.abc import Mapping

from adhere.app.ground import Wanted, report_path
from adhere.app.project import Project
from adhere.app.store import write_atomically
from adhere.policy.settings import ConfigTable

FOLDER = "snippets"
"""Beside the report: ``.adhere/snippets/summary.md``."""


def keep_snippets(
    project: Project,
    config: ConfigTable,
    wanted: Wanted,
    snippets: Mapping[str, bytes],
    *,
    write: bool = True,
) -> tuple[str, ...]:
    """Write those that changed.

    Args:
        project: whose.
        config: of it.
        wanted: names the report, and so the folder.
        snippets: content by name of a file.
        write: ``False`` only says what would be done.

    Returns:
        What one calls the files that are new or changed.

    Raises:
        StoreError: one cannot be written.
    """
    folder = os.path.join(os.path.dirname(report_path(project, config, wanted)), FOLDER)
    changed: list[str] = []
    for name, content in sorted(snippets.items()):
        path = os.path.join(folder, name)
        if _read(path) == content:
            continue
        label = project.label(path)
        if write:
            write_atomically(path, content, label)
        changed.append(label)
    return tuple(changed)


def _read(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:  # there is none, or writing it will say what is wrong
        return None
