"""The sets of licenses that one may comply with: what an OR leaves to the licensee."""

from __future__ import annotations

from adhere.licenses.expression import And, Expression, Leaf, Or

MAX_ALTERNATIVES = 500
"""Sets of licenses that comply with an expression; of more, not every one is looked at."""


def alternatives(expression: Expression) -> list[tuple[Leaf, ...]] | None:
    """Every set of licenses that complies with an expression, in its order.

    Returns:
        ``None`` when there are more than `MAX_ALTERNATIVES`.
    """
    if not isinstance(expression, And | Or):
        return [(expression,)]
    found: dict[frozenset[Leaf], tuple[Leaf, ...]] = {}
    parts = [alternatives(part) for part in expression.parts]
    if isinstance(expression, Or):
        for part in parts:
            if part is None:
                return None
            for leaves_ in part:
                found.setdefault(frozenset(leaves_), leaves_)
    else:
        rows: list[tuple[Leaf, ...]] = [()]
        for part in parts:
            if part is None or len(part) * len(rows) > MAX_ALTERNATIVES:
                return None
            rows = [tuple(dict.fromkeys((*row, *more))) for row in rows for more in part]
        for row in rows:
            found.setdefault(frozenset(row), row)
    return list(found.values()) if len(found) <= MAX_ALTERNATIVES else None


def offers(expression: Expression, wanted: Expression) -> bool:
    """Whether licenses, joined by AND alone, are one of the sets that comply."""
    exact = {frozenset(one) for one in alternatives(wanted) or ()}
    offered = {frozenset(one) for one in alternatives(expression) or ()}
    return len(exact) == 1 and exact <= offered
