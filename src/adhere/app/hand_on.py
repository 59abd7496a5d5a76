"""Documents that are made of a stored report and handed on to others."""

from __future__ import annotations

import os
from collections.abc import Sequence

from adhere.app.stored import Stored


def document(stored: Stored, name: str, stale: Sequence[str], templates: str) -> str:
    """The text of a document.

    Args:
        stored: report and project.
        name: of the format: ``in-toto``, ``checklist``, ``cyclonedx``, ``spdx``.
        stale: inputs that changed since the report was made, as clauses.
        templates: folder of the command line.
    """
    if name == "in-toto":
        from adhere.report.in_toto import statement

        return statement(stored.report, stored.digest, os.path.basename(stored.path))
    if name == "checklist":
        return _checklist(stored, stale, templates)
    if name == "spdx":
        from adhere.report.spdx import spdx

        return spdx(stored.report, _public_index())
    from adhere.report.cyclonedx import cyclonedx

    return cyclonedx(stored.report, _public_index())


def _checklist(stored: Stored, stale: Sequence[str], templates: str) -> str:
    """A release could be made of it only while it speaks of what is there."""
    from adhere.app.render import template_folders
    from adhere.report.checklist import checklist
    from adhere.report.render import Renderer

    renderer = Renderer(template_folders(stored.project, stored.config, templates))
    made = checklist(stored.report, stale)
    return renderer.render("markdown/checklist.md.j2", checklist=made, version="")


def _public_index() -> str:
    """The index that everybody means who names none, as far as pip tells."""
    from adhere.evidence.index.pip_default import pip_default

    said = pip_default()
    return said.value if said is not None else ""
