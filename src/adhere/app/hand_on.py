"""Documents that are made of a stored report and handed on to others."""

from __future__ import annotations

import os
from collections.abc import Sequence

from msgspec import Struct

from adhere.app.stored import Stored
from adhere.report.document import Report, ReportWaiver


class Document(Struct, frozen=True):
    """A document.

    Attributes:
        text: of it; ``""`` where there is nothing to put into it.
        remarks: what it does not say, and why, as clauses.
        lacking: a clause for everything that should be in it and could not be had.
    """

    text: str
    remarks: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()


def document(
    stored: Stored,
    name: str,
    stale: Sequence[str],
    templates: str,
    places: Sequence[str] = (),
    product: str = "",
) -> Document:
    """A document in a format.

    Args:
        stored: report and project.
        name: of the format: ``in-toto``, ``checklist``, ``cyclonedx``, ``spdx``,
            ``spdx3``, ``openvex``, ``notices``.
        stale: inputs that changed since the report was made, as clauses.
        templates: folder of the command line.
        places: environments that lie where the report does not tell, absolute.
        product: package URL of what OpenVEX is about, ``""`` for that of the project.

    Raises:
        UsageError: one of these is none, or the product is no package URL.
    """
    if name == "notices":
        from adhere.app.notices import stored_notices

        made = stored_notices(stored, places)
        return Document(made.text, lacking=made.lacking)
    if name == "openvex":
        return _openvex(stored, product)
    return Document(_text(stored, name, stale, templates))


def _text(stored: Stored, name: str, stale: Sequence[str], templates: str) -> str:
    if name == "in-toto":
        from adhere.report.in_toto import statement

        return statement(stored.report, stored.digest, os.path.basename(stored.path))
    if name == "checklist":
        return _checklist(stored, stale, templates)
    if name == "spdx":
        from adhere.report.spdx import spdx

        return spdx(_publishable(stored), _public_index())
    if name == "spdx3":
        from adhere.report.spdx3 import spdx3

        return spdx3(_publishable(stored), _public_index())
    from adhere.report.cyclonedx import cyclonedx

    return cyclonedx(_publishable(stored), _public_index())


def _publishable(stored: Stored) -> Report:
    """What a page would tell, too: whoever gets the document may be anybody."""
    from adhere.report.disclosure import publishable
    from adhere.report.json import encode_report

    return publishable(encode_report(stored.report), stored.path, stored.config.report)


def _openvex(stored: Stored, named: str) -> Document:
    from adhere.app.product import product
    from adhere.report.openvex import left_out, openvex

    waivers = _waivers(stored)
    about, unknown = product(stored, named)
    text = openvex(stored.report, waivers, about)
    remarks = left_out(stored.report, waivers)
    return Document(text, (*remarks, unknown) if text and unknown else tuple(remarks))


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
