"""Laws of license expressions and of lists, over generated expressions."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adhere.licenses._spdx import EXCEPTIONS, LICENSES, REPLACED
from adhere.licenses.alternatives import alternatives
from adhere.licenses.expression import (
    And,
    Expression,
    ExpressionError,
    Id,
    Or,
    With,
    join,
    known,
    leaves,
    parse,
    render,
)
from adhere.licenses.satisfy import ListName, Lists, read_entry, satisfy

CURRENT = sorted(row[0] for row in LICENSES.values() if row[0] not in REPLACED)
RANK = {"denied": 0, "review": 1, "allowed": 2}

ids = st.sampled_from(CURRENT).map(Id)
references = st.from_regex(r"LicenseRef-[A-Za-z0-9.-]{1,12}", fullmatch=True).map(Id)
simple = ids | references
units = simple | st.builds(With, ids, st.sampled_from(sorted(EXCEPTIONS.values())))


def joined(children: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    parts = st.lists(children, min_size=2, max_size=4)
    return st.builds(join, st.sampled_from([And, Or]), parts)


trees = st.recursive(units, joined, max_leaves=12)
few = st.sampled_from(["MIT", "ISC", "Zlib", "GPL-2.0-only", "GPL-2.0-or-later"])
policies = st.fixed_dictionaries(
    {name: st.lists(few, max_size=3) for name in ("allow", "review", "deny")}
)


def lists(rows: dict[str, list[str]]) -> Lists:
    names: tuple[ListName, ...] = ("allow", "review", "deny")
    return Lists(tuple(read_entry(text, n, at) for n in names for at, text in enumerate(rows[n])))


small = st.recursive(few.map(parse), joined, max_leaves=6)


@given(trees)
def test_parse_is_the_inverse_of_render(tree: Expression) -> None:
    assert parse(render(tree)) == tree


@given(trees)
def test_case_and_blanks_do_not_matter(tree: Expression) -> None:
    # A LicenseRef is as its author writes it; only listed names have one spelling.
    if any("Ref-" in render(leaf) for leaf in leaves(tree)):
        return
    text = render(tree)
    assert parse(text.lower()) == tree
    assert parse(text.upper()) == tree
    assert parse(text.replace(" ", "  ").replace("(", " ( ")) == tree


@given(trees, trees)
def test_known_follows_the_operators(one: Expression, other: Expression) -> None:
    assert known(join(And, [one, other])) == (known(one) and known(other))
    assert known(join(Or, [one, other])) == (known(one) or known(other))


@given(small, small, policies)
def test_an_and_is_its_worst_part_and_an_or_its_best(
    one: Expression, other: Expression, policy: dict[str, list[str]]
) -> None:
    accepted = lists(policy)
    ranks = [RANK[satisfy(tree, accepted).acceptance] for tree in (one, other)]
    assert RANK[satisfy(join(And, [one, other]), accepted).acceptance] == min(ranks)
    assert RANK[satisfy(join(Or, [one, other]), accepted).acceptance] == max(ranks)


@given(small, policies, few)
def test_allowing_more_never_accepts_less(
    tree: Expression, policy: dict[str, list[str]], more: str
) -> None:
    wider = {**policy, "allow": [*policy["allow"], more]}
    before, after = (satisfy(tree, lists(rows)).acceptance for rows in (policy, wider))
    assert RANK[after] >= RANK[before]


@given(small, policies, few)
def test_denying_more_never_accepts_more(
    tree: Expression, policy: dict[str, list[str]], more: str
) -> None:
    stricter = {**policy, "deny": [*policy["deny"], more]}
    before, after = (satisfy(tree, lists(rows)).acceptance for rows in (policy, stricter))
    assert RANK[after] <= RANK[before]


@given(small, policies)
def test_the_choice_is_accepted_by_itself(tree: Expression, policy: dict[str, list[str]]) -> None:
    found = satisfy(tree, lists(policy))
    if found.choice:
        assert satisfy(parse(found.choice), lists(policy)).acceptance == found.acceptance
    else:
        assert found.acceptance == "denied"


@given(st.text(max_size=200))
@example("(" * 200)
@example("MIT WITH " * 50)
@example("A:B" * 60)
@example("\ud800")
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        tree = parse(text)
    except ExpressionError:
        return
    assert parse(render(tree)) == tree


words = st.sampled_from(
    ["MIT", "ISC", "GPL-2.0+", "AND", "OR", "WITH", "(", ")", "LLVM-exception", "nonsense", "+"]
)


@given(st.lists(words, min_size=1, max_size=10).map(" ".join))
def test_packaging_is_an_oracle_for_what_is_an_expression(text: str) -> None:
    """The library of the Python Packaging Authority reads the same grammar.

    It follows PEP 639, which has no ``DocumentRef-`` and wants an exception after a license.
    """
    licenses = pytest.importorskip("packaging.licenses")
    try:
        licenses.canonicalize_license_expression(text)
        accepted = True
    except licenses.InvalidLicenseExpression:
        accepted = False
    try:
        parse(text)
        ours = True
    except ExpressionError:
        ours = False
    assert ours == accepted


@settings(max_examples=40, deadline=None)
@given(st.recursive(ids, joined, max_leaves=6))
def test_license_expression_is_an_oracle_for_what_it_means(tree: Expression) -> None:
    """ScanCode's library, where it knows the identifiers, finds the same leaves."""
    library = pytest.importorskip("license_expression")
    licensing = library.Licensing([render(leaf) for leaf in leaves(tree)])
    theirs = licensing.parse(render(tree), validate=True, strict=True)
    assert set(licensing.license_keys(theirs)) == {render(leaf) for leaf in leaves(tree)}
    again = licensing.parse(render(parse(str(theirs))))
    assert licensing.is_equivalent(theirs, again)
    assert licensing.is_equivalent(theirs, licensing.parse(in_full(tree)))


def in_full(tree: Expression) -> str:
    """With parentheses around everything, so that no precedence is left to know."""
    if isinstance(tree, And | Or):
        word = " AND " if isinstance(tree, And) else " OR "
        return f"({word.join(in_full(part) for part in tree.parts)})"
    return f"({render(tree)})"


operators = st.sampled_from([" and ", " AND ", " or ", " OR "])


@given(st.lists(st.tuples(few, operators), min_size=1, max_size=6), few, st.sets(few))
def test_python_is_an_oracle_for_precedence(
    pairs: list[tuple[str, str]], last: str, allow: set[str]
) -> None:
    """AND binds tighter than OR, in Python too; no parentheses are written."""
    text = "".join(name + operator for name, operator in pairs) + last
    values = "".join(f"{name in allow}{operator.lower()}" for name, operator in pairs)
    accepted = lists({"allow": sorted(allow - LATER), "review": [], "deny": []})
    if not LATER & allow:
        expected = eval(f"{values}{last in allow}")  # noqa: S307  # words made here
        found = satisfy(parse(text), accepted).acceptance
        assert (found == "allowed") == expected


LATER = {"GPL-2.0-or-later"}


@given(small, policies)
def test_the_choice_is_the_smallest_that_is_as_good(
    tree: Expression, policy: dict[str, list[str]]
) -> None:
    """Tried against every set of its licenses."""
    found = satisfy(tree, lists(policy))
    if not found.choice:
        return
    verdicts = {leaf.leaf: RANK[leaf.acceptance] for leaf in found.leaves}
    good = [name for name, rank in verdicts.items() if rank >= RANK[found.acceptance]]
    smallest = next(
        size
        for size in range(1, len(good) + 1)
        if any(complies(tree, set(names)) for names in combinations(good, size))
    )
    assert len(list(leaves(parse(found.choice)))) == smallest
    assert complies(tree, {render(leaf) for leaf in leaves(parse(found.choice))})


def complies(tree: Expression, names: set[str]) -> bool:
    match tree:
        case And(parts):
            return all(complies(part, names) for part in parts)
        case Or(parts):
            return any(complies(part, names) for part in parts)
        case leaf:
            return render(leaf) in names


@given(small, policies)
def test_every_alternative_can_be_pinned_and_nothing_else(
    tree: Expression, policy: dict[str, list[str]]
) -> None:
    accepted = lists(policy)
    for names in alternatives(tree) or ():
        pinned = render(join(And, list(names)))
        found = satisfy(tree, accepted, pinned)
        assert complies(tree, {render(name) for name in names})
        assert RANK[found.acceptance] <= RANK[satisfy(tree, accepted).acceptance]
    with pytest.raises(ExpressionError):
        satisfy(tree, accepted, "X11")
