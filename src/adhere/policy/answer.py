"""What a check kind says, looked at before it counts: a kind may come from anywhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from adhere.model.finding import Judgement
from adhere.model.need import Need
from adhere.policy.rule import Rule


class Misbehaved(Exception):  # noqa: N818 - not an error of ours: the outcome of a rule
    """A kind did something that no kind may do; the message says what, as a clause."""


def planned(rules: Iterable[Rule]) -> tuple[tuple[Rule, ...], dict[str, tuple[Need, ...]]]:
    """What every rule needs, by its id.

    Returns:
        The rules, and their needs. A rule whose kind cannot say what it needs is marked as
        broken, needs nothing, and takes no other rule with it.
    """
    found: list[Rule] = []
    needs: dict[str, tuple[Need, ...]] = {}
    for rule in rules:
        needs[rule.id], broken = ((), rule.broken) if rule.broken else _asked(rule)
        found.append(msgspec.structs.replace(rule, broken=broken) if broken else rule)
    return tuple(found), needs


def _asked(rule: Rule) -> tuple[tuple[Need, ...], str]:
    try:
        return _needs(rule), ""
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a kind raises, its rule is what breaks
        return (), f"its needs: {described(error)}"


def _needs(rule: Rule) -> tuple[Need, ...]:
    needs = tuple(rule.kind.needs(rule.params))
    for need in needs:
        if not isinstance(need, Need):
            raise Misbehaved(f"it asks for a {type(need).__name__}, which is no evidence")
        _typed(need, type(need), "it asks for evidence in words that")
    return needs


def judgement_of(rule: Rule, answer: object) -> Judgement:
    """A kind's answer, if it is one.

    Raises:
        Misbehaved: it is of another type, speaks for other rules or with codes that the
            kind does not have, or decides what is not its own to decide.
    """
    if not isinstance(answer, Judgement):
        raise Misbehaved(f"it answered with a {type(answer).__name__}, not with a judgement")
    judgement: Judgement = _typed(answer, Judgement, "its judgement")
    if judgement.judged < 0:
        raise Misbehaved(f"it says that it judged {judgement.judged} subjects")
    if not judgement.applicable and (judgement.findings or judgement.unjudged):
        raise Misbehaved("it has something to say and calls itself not applicable")
    codes = {code.id for code in rule.kind.codes}
    for finding in judgement.findings:
        if finding.rule != rule.id:
            raise Misbehaved(f"it speaks for the rule `{finding.rule}`")
        if finding.code not in codes:
            raise Misbehaved(f"`{finding.code}` is none of its codes")
        if finding.disposition != "open" or finding.waiver:
            raise Misbehaved(f"it calls its own finding about {finding.subject} waived or known")
    return judgement


def _typed(value: Any, kind: Any, what: str) -> Any:
    """The same value with every part of the type it should have."""
    try:
        return msgspec.convert(msgspec.to_builtins(value), kind)
    except (msgspec.MsgspecError, TypeError, ValueError, RecursionError) as error:
        raise Misbehaved(f"{what} is malformed: {error}") from None


def described(error: BaseException) -> str:
    """An exception in words, with the place that raised it."""
    if isinstance(error, Misbehaved):
        return str(error)
    from traceback import extract_tb

    try:
        words = f"{type(error).__name__}: {error}"
    except Exception:  # noqa: BLE001 - an exception whose words break too
        words = type(error).__name__
    frames = extract_tb(error.__traceback__)
    return f"{words} ({frames[-1].name}:{frames[-1].lineno})" if frames else words
