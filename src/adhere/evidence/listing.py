"""The indexes asked about projects, as a plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from adhere.evidence.index.choice import Index
from adhere.evidence.plan import Plan
from adhere.evidence.projects import assemble, plan_projects
from adhere.model.names import PackageName
from adhere.model.project import Projects


def listed(indexes: Sequence[Index], names: Iterable[PackageName], now: datetime) -> Plan[Projects]:
    """Ask every index about every name.

    Args:
        indexes: in their order.
        names: the more important first, in case time runs out.
        now: which ages count back from.
    """
    plan = plan_projects(indexes, names)
    answers = (yield plan.fetches, plan.decode) if plan.fetches else {}
    return assemble(plan, answers, now)
