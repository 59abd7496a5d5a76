"""A check kind of our own: a project has at most so many direct dependencies."""

from msgspec import Struct

from adhere.model.finding import Finding, Judgement
from adhere.model.need import Facts, InventoryNeed
from adhere.policy.rule import Code, Kind, Rule
from adhere.policy.scope import judged

TOO_MANY = Code("acme-too-many", "More direct dependencies than were agreed on")


class Params(Struct, frozen=True):
    at_most: int


def judge(rule: Rule, params: Params, facts: Facts) -> Judgement:
    direct = [c for c in judged(rule, facts.inventory) if c.direct]
    findings = [
        Finding(
            rule=rule.id,
            code=TOO_MANY.id,
            message=f"{component.name} is one direct dependency too many",
            subject=component.name,
            version=component.version,
            location=component.location,
            fix="do without it, or agree on a larger number",
        )
        for component in direct[params.at_most :]
    ]
    return Judgement(findings=tuple(findings), judged=len(direct))


FEW = Kind(
    name="acme.few",
    summary="there are few direct dependencies",
    params=Params,
    codes=(TOO_MANY,),
    needs=lambda _params: (InventoryNeed(),),
    judge=judge,
)
