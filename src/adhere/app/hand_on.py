"""Documents that are made of a stored report and handed on to others."""

from __future__ import annotations

import os
from collections.abc import Sequence

from adhere.app.stored import Stored
from adhere.report.document import ReportWaiver


def document(stored: Stored, name: str, stale: Sequence[str], templates: str) -> str:
    """The text of a document; ``""`` where there is nothing to put into it.

    Args:
        stored: report and project.
        name: of the format: ``in-toto``, ``checklist``, ``cyclonedx``, ``spdx``,
            ``openvex``.
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
    if name == "openvex":
        from adhere.report.openvex import openvex

        return openvex(stored.report, _waivers(stored))
    from adhere.report.cyclonedx import cyclonedx

    return cyclonedx(stored.report, _public_index())


def remarks(stored: Stored, name: str) -> Sequence[str]:
    """What a document does not say, and why, as clauses."""
    if name != "openvex":
        return ()
    from adhere.report.openvex import left_out

    return left_out(stored.report, _waivers(stored))


def _waivers(stored: Stored) -> Sequence[ReportWaiver]:
    """As of today: one that has ended since the report was made says nothing any more."""
    from adhere.app.wiring import SystemClock, report_time
    from adhere.report.waivers import waiver_list

    today = report_time(SystemClock(), os.environ).date()
    return waiver_list(stored.report, today, stored.config.waivers.warn.days)


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
