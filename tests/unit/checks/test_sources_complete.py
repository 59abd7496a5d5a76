from __future__ import annotations

import pytest

from adhere.checks.sources_complete import KIND
from adhere.model.assemble import assemble
from adhere.model.finding import Judgement
from adhere.model.inventory import Fault, Inventory
from adhere.model.location import Location
from adhere.model.need import InventoryNeed
from corpus.inventories import inventory, package, reading
from corpus.judging import judge, rule_of, told


def said(given: Inventory, keys: str = "") -> Judgement:
    return judge(rule_of("sources.complete", "", keys), {InventoryNeed(): given})


@pytest.mark.parametrize("code", [code.id for code in KIND.codes])
@pytest.mark.parametrize("kept", [True, False])
def test_everything_that_could_not_be_read_is_a_finding(code: str, kept: bool) -> None:
    fault = Fault(code, "web", "it is cut off", Location("x", 3), kept)
    (finding,) = said(inventory(faults=(fault,))).findings
    assert (finding.code, finding.subject, finding.location) == (code, "web", Location("x", 3))
    assert ("it is judged all the same" in finding.message) is kept
    assert ("it is not judged" in finding.message) is not kept
    assert finding.level == ("warn" if code == "package-version" else "error")
    assert finding.fix != "mend the source"


def test_groups_hide_nothing() -> None:
    fault = Fault("package-unreadable", "web", "why", Location("x"))
    assert told(said(inventory(faults=(fault,)), 'groups = ["dev"]\n')) == [
        "package-unreadable web"
    ]


def test_what_was_read_and_what_was_lost_is_counted() -> None:
    both = assemble(
        (
            reading(package("a"), package("b")),
            reading(package("a"), kind="environment"),
        )
    )
    faults = tuple(
        Fault("package-unreadable", name, "why", Location("x"), kept)
        for name, kept in (("c", False), ("b", True))
    )
    judgement = said(Inventory(both.sources, both.components, faults=faults))
    assert (judgement.judged, judgement.observed) == (4, "3 entries read, 1 not")


def test_two_faults_of_one_package_are_two_findings() -> None:
    faults = [Fault("package-unreadable", "web", why, Location("x")) for why in ("a", "b")]
    found = said(inventory(faults=tuple(faults))).findings
    assert len({finding.fingerprint for finding in found}) == 2


def test_a_source_that_lists_nothing_is_nothing() -> None:
    assert said(inventory()).judged == 0
