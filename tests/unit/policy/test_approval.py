from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adhere.policy.approval import people, person, refused, self_approved
from adhere.policy.settings import Waivers


@pytest.mark.parametrize(
    ("owner", "approver", "same"),
    [
        ("@alice", "@alice", True),
        ("@alice", "Alice", True),
        ("@alice", " @ALICE", True),
        ("@alice", "@ali\u00adce", True),
        ("@alice", "@\uff41lice", True),
        ("Alice Smith", "alice  smith", True),
        ("@straße", "@STRASSE", True),
        ("@alice, @bob", "@bob", True),
        ("@alice, @bob", "@Bob,@alice", True),
        ("@alice", "@alice, ", True),
        ("@alice, @bob", "@bob\uff0c@alice", True),
        ("@alice", "@alice, @lead", False),
        ("@alice", "@alice2", False),
        ("@alice", "@bob", False),
        ("@alice", "", False),
        ("", "", False),
        ("@", "@", False),
    ],
)
def test_whether_two_names_are_one_person(owner: str, approver: str, same: bool) -> None:
    assert self_approved(owner, approver) is same


@given(st.text())
def test_neither_case_nor_an_at_makes_another_person(name: str) -> None:
    assert person(person(name)) == person(name)
    assert person(f"@{name}") == person(name)


NAMES = st.one_of(
    st.text(), st.lists(st.sampled_from(["@a", "A", "b", "@c", "\uff0c"])).map(",".join)
)


@given(NAMES, NAMES, st.lists(NAMES.filter(bool)), st.booleans())
def test_nobody_gets_a_waiver_of_their_own_through_a_policy(
    owner: str, approver: str, approvers: list[str], required: bool
) -> None:
    """Whatever is written: what is not refused was approved by another, or needs nobody."""
    governance = Waivers(approvers=tuple(approvers), require_approver=required)
    if refused(owner, approver, governance) is not None:
        return
    if required:
        assert person(approver)
    if approver and (required or approvers):
        assert people(approver) - people(owner)
    if approver and approvers:
        known = {person(name) for name in approvers}
        assert person(approver) in known or people(approver) <= known
