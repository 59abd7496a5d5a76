"""``sources.agree``: several sources of one run describe the same packages."""

from __future__ import annotations

from itertools import product

from msgspec import Struct

from adhere.checks import lock_matches
from adhere.checks.wording import plural
from adhere.model.finding import Finding, Judgement, Unjudged
from adhere.model.inventory import INSTALLED_KINDS, LOCK_KINDS
from adhere.model.need import Facts, InventoryNeed, Need
from adhere.policy.rule import Kind, Rule


class Params(Struct, frozen=True):
    """Parameters of ``sources.agree``.

    Attributes:
        ignore: packages that may be installed without being locked.
    """

    ignore: tuple[str, ...] = lock_matches.INSTALLERS


def judge(rule: Rule, params: Params, facts: Facts) -> Judgement:
    """Compare every lock file of the run with every environment of the run."""
    readings = lock_matches.readings(facts.inventory)
    locks = [reading for reading in readings if reading.source.kind in LOCK_KINDS]
    installed = [reading for reading in readings if reading.source.kind in INSTALLED_KINDS]
    if not locks or not installed:
        return Judgement(applicable=False, reason="the run has no lock file beside an environment")
    locked = {package.name for lock in locks for package in lock.packages}
    findings: dict[str, Finding] = {}
    unjudged: dict[Unjudged, None] = {}
    compared = 0
    for lock, environment in product(locks, installed):
        own = lock_matches.Params(
            lock=lock.source.path, environment=environment.source.path, ignore=params.ignore
        )
        comparison = lock_matches.Comparison(rule, own, lock, environment)
        for finding in comparison.findings():
            # Several lock files share the work: tools in one, the application in another.
            if finding.code != lock_matches.EXTRA.id or finding.subject not in locked:
                findings.setdefault(finding.fingerprint, finding)
        unjudged.update(dict.fromkeys(comparison.unjudged()))
        compared += comparison.compared
    return Judgement(
        findings=tuple(findings.values()),
        judged=compared,
        unjudged=tuple(unjudged),
        observed=plural(len(findings), "difference"),
        expected="every lock file says what is installed",
    )


def needs(_params: Params) -> tuple[Need, ...]:
    """The inventory."""
    return (InventoryNeed(),)


KIND = Kind(
    name="sources.agree",
    summary="several sources of one run describe the same packages",
    params=Params,
    codes=lock_matches.KIND.codes,
    needs=needs,
    judge=judge,
    stricter={"ignore": "smaller"},
)
