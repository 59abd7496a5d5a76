"""Where what came before a report is: the run before, and releases that were frozen."""

from __future__ import annotations

import os

from adhere.app.project import Project
from adhere.app.store import PREVIOUS
from adhere.model.digest import bytes_digest
from adhere.policy.settings import ConfigTable

RELEASES = "releases"
"""In the folder of reports: ``.adhere/releases/1.4.0.json``."""


def releases_folder(project: Project, config: ConfigTable, out: str = "") -> str:
    """Where frozen releases are, absolute.

    Args:
        project: whose.
        config: for the folder of reports.
        out: that folder, relative to the project; ``""`` for the configured one.
    """
    return os.path.join(project.root, out or config.report.out, RELEASES)


def past_files(project: Project, config: ConfigTable, report: str, out: str = "") -> list[str]:
    """Files and folders that tell of what came before, absolute.

    Args:
        project: whose.
        config: for the folder of reports.
        report: absolute path of the report; the run before lies beside it.
        out: folder of reports, relative to the project; ``""`` for the configured one.
    """
    folder = releases_folder(project, config, out)
    found = [os.path.join(os.path.dirname(report), PREVIOUS), folder]
    if os.path.isdir(folder):
        names = sorted(name for name in os.listdir(folder) if name.endswith(".json"))
        found += [os.path.join(folder, name) for name in names]
    return found


def past_digest(files: list[str]) -> str:
    """A digest over the content of those files; one that is not there is told apart."""
    parts = []
    for path in files:
        if os.path.isdir(path):
            continue
        try:
            with open(path, "rb") as file:
                parts.append(f"{os.path.basename(path)} {bytes_digest(file.read())}")
        except OSError:
            parts.append(os.path.basename(path))
    return bytes_digest("\n".join(parts).encode("utf-8", "surrogateescape"))
