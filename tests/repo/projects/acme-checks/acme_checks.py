"""A check kind of our own: a project asks for at most so many packages."""

from msgspec import Struct

from adhere.model.finding import Finding, Judgement
from adhere.model.need import Facts, InventoryNeed
from adhere.policy.rule import Code, Kind, Rule
from adhere.policy.scope import judged

TOO_MANY = Code("acme-too-many", "More direct dependencies than were agreed on")


class Params(Struct, frozen=True):
    """``at_most``: number of direct dependencies."""

    at_most: int


def judge(rule: Rule, params: Params, facts: Facts) -> Judgement:
    names = [c.name for c in judged(rule, facts.inventory) if c.direct]
    finding = Finding(
        rule=rule.id,
        code=TOO_MANY.id,
        message=f"{len(names)} packages are asked for: {', '.join(names)}",
        subject="direct dependencies",
        location=rule.place("with", "at_most"),
        place=f"{params.at_most} were agreed on",
        fix="do without one, or agree on a larger number",
    )
    found = (finding,) if len(names) > params.at_most else ()
    return Judgement(found, judged=len(names), observed=f"{len(names)} direct dependencies")


FEW = Kind(
    name="acme.few",
    summary="a project asks for few packages",
    params=Params,
    codes=(TOO_MANY,),
    needs=lambda _params: (InventoryNeed(),),
    judge=judge,
)
