"""Who stands behind an exception: who may approve one, and that it is somebody else."""

from __future__ import annotations

from adhere.policy.settings import Waivers

_ROUNDS = 8


def person(text: str) -> str:
    """A name in the form in which all its spellings are the same.

    Neither case, nor the ``@`` before it, nor characters that nobody sees make a name of it
    that is another one.
    """
    import unicodedata  # of which a run without exceptions has no need

    for _ in range(_ROUNDS):  # what one step brings together, another may take apart
        folded = unicodedata.normalize("NFKC", text).casefold()
        seen = (character for character in folded if character.isprintable())
        text, before = "".join(seen).replace(" ", "").lstrip("@"), text
        if text == before:
            break
    return text


def names_somebody(text: str) -> bool:
    """Whether a name has anything in it that names."""
    return any(character.isalnum() for character in text)


def people(text: str) -> frozenset[str]:
    """Everybody whom a text names, with commas between them."""
    parts = person(text).split(",")  # a comma, too, may be written in several ways
    return frozenset(person(part) for part in parts if names_somebody(part))


def self_approved(owner: str, approver: str) -> bool:
    """Whether nobody has approved an exception but those who answer for it."""
    approvers = people(approver)
    return bool(approvers) and approvers <= people(owner)


def refused(owner: str, approver: str, governance: Waivers) -> tuple[str, str] | None:
    """Why an approval is none, and what to do about it; ``None`` for one that is right.

    Args:
        owner: who answers for the exception.
        approver: who approved it, ``""`` for nobody.
        governance: who may approve, and whether anybody has to.
    """
    if not approver:
        if not governance.require_approver:
            return None
        return "nobody has approved it", f"name an approver{_one_of(governance)}; {_REQUIRED}"
    if not names_somebody(approver):
        return "`approved_by` names nobody", ""
    known = {person(name) for name in governance.approvers}
    if known and person(approver) not in known and not people(approver) <= known:
        return f"`{approver}` may not approve waivers", f"{_may(governance)}; {_LISTED}"
    if self_approved(owner, approver) and demanded(governance):
        hint = _LISTED if known else _REQUIRED
        message = f"`{approver}` owns it, and cannot approve it as well"
        return message, f"have somebody else approve it{_one_of(governance, owner)}; {hint}"
    return None


def demanded(governance: Waivers) -> bool:
    """Whether the policy says anything about approvals: then nobody may approve for themselves."""
    return governance.require_approver or bool(governance.approvers)


_REQUIRED = "set by `require_approver` in `[waivers]`"
_LISTED = "set by `approvers` in `[waivers]`"


def _may(governance: Waivers) -> str:
    names = [f"`{name}`" for name in governance.approvers]
    listed = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    return f"{listed} may"


def _one_of(governance: Waivers, owner: str = "") -> str:
    names = [f"`{n}`" for n in governance.approvers if not owner or person(n) != person(owner)]
    return f", one of {', '.join(names)}" if names else ""
