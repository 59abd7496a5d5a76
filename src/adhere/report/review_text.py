"""A review of changed decisions in words: for a terminal, and as Markdown for a comment."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence

from adhere.policy.rule import Change
from adhere.policy.strictness import RuleChange
from adhere.report.escape import markdown as escaped
from adhere.report.escape import plain, shorten
from adhere.report.review import Judged, Review, ReviewedRule, ReviewedWaiver

_HEADS: dict[Change | None, str] = {
    "looser": "Looser",
    "changed": "Changed, and nobody can tell which way",
    "tighter": "Tighter",
    None: "As they were, and judged otherwise",
}
_LONG = 160
"""Characters of a value that are shown."""


def summary(review: Review) -> str:
    """The review in one sentence."""
    words = {
        "looser": "looser",
        "changed": "changed",
        "tighter": "tighter",
        None: "judged otherwise",
    }
    counts = [
        f"{number} {word}"
        for change, word in words.items()
        if (number := sum(rule.change == change for rule in review.rules))
    ]
    rules = f"rules: {', '.join(counts)}" if counts else "no rule has changed"
    was, is_ = review.before[0], review.after[0]
    stays = f"the verdict over today's project stays {_word(is_)}"
    moves = f"the verdict over today's project goes from {_word(was)} to {_word(is_)}"
    return f"{rules}; {stays if was == is_ else moves}"


def review_text(review: Review) -> str:
    """For a terminal."""
    lines = [f"{_side(review.base)} -> {_side(review.head)}", summary(review)]
    for head, items in _sections(review, plain):
        lines += ["", head]
        for title, details in items:
            lines.append(f"  {title}")
            lines += [f"    {detail}" for detail in details]
    return "\n".join(lines) + "\n"


def review_markdown(review: Review) -> str:
    """For a comment on a pull request."""
    lines = [
        f"### Decisions: {escaped(_side(review.base))} → {escaped(_side(review.head))}",
        "",
        f"**{escaped(_sentence(summary(review)))}**",
    ]
    for head, items in _sections(review, escaped):
        lines += ["", f"#### {head}", ""]
        for title, details in items:
            lines.append(f"- **{title}**" if details else f"- {title}")
            lines += [f"  - {detail}" for detail in details]
    return "\n".join(lines) + "\n"


Words = Callable[[str], str]
_Items = list[tuple[str, list[str]]]


def _sections(review: Review, words: Words) -> Iterator[tuple[str, _Items]]:
    if review.problems:
        yield "Wrong in the files of a side", [(words(one), []) for one in review.problems]
    for change, head in _HEADS.items():
        rules = [rule for rule in review.rules if rule.change == change]
        if rules:
            yield head, [(_title(rule, words), list(_details(rule, words))) for rule in rules]
    if review.decisions:
        yield (
            "Decisions",
            [
                (f"{words(d.id)} {words(d.title)}: {_moved(d.before, d.after, 'changed')}", [])
                for d in review.decisions
            ],
        )
    if review.waivers:
        yield "Waivers that this touches", [(_waiver(w, words), []) for w in review.waivers]
    if review.settings:
        yield (
            "Settings",
            [
                (f"{words(s.key)}: {_value(s.before, words)} -> {_value(s.after, words)}", [])
                for s in review.settings
            ],
        )


def _waiver(waiver: ReviewedWaiver, words: Words) -> str:
    about = f"{words(waiver.rule or 'a license')} for {words(waiver.subject)}"
    moved = _moved(waiver.before, waiver.after, waiver.after)
    return f"{words(waiver.id)} of {about}, {words(waiver.owner)}: {moved}"


def _title(rule: ReviewedRule, words: Words) -> str:
    what = {"added": "new, ", "removed": "removed, "}.get(rule.what, "")
    title = f" {words(rule.title)}" if rule.title != rule.rule else ""
    return f"{words(rule.rule)}{title} ({what}{words(rule.check)})"


def _details(rule: ReviewedRule, words: Words) -> Iterator[str]:
    for one in rule.changes:
        yield f"{_change(one, words)}: {_CHANGES[one.change]}"
    before, after = _judged(rule.before, words), _judged(rule.after, words)
    yield f"today, either way: {after}" if before == after else f"today: {before} -> {after}"
    for subjects, head in ((rule.found, "found now"), (rule.gone, "found no more")):
        for subject in subjects:
            yield f"{head}: {words(shorten(subject, _LONG))}"
    if rule.waivers:
        yield f"waivers of it: {', '.join(map(words, rule.waivers))}"


_CHANGES = {"looser": "looser", "tighter": "tighter", "changed": "look at it"}


def _change(one: RuleChange, words: Words) -> str:
    old, new = json.loads(one.old), json.loads(one.new)
    if isinstance(old, list) and isinstance(new, list):
        added = [entry for entry in new if entry not in old]
        removed = [entry for entry in old if entry not in new]
        parts = [
            f"{word} {words(shorten(_entries(entries), _LONG))}"
            for word, entries in (("gains", added), ("loses", removed))
            if entries
        ]
        return f"{words(one.what)} {' and '.join(parts) or 'has another order'}"
    return f"{words(one.what)}: {_value(one.old, words)} -> {_value(one.new, words)}"


def _entries(entries: Sequence[object]) -> str:
    return ", ".join(
        entry if isinstance(entry, str) else json.dumps(entry, ensure_ascii=False)
        for entry in entries
    )


def _value(value: str, words: Words) -> str:
    found = json.loads(value) if value else None
    if found is None:
        return "not given"
    return words(shorten(found if isinstance(found, str) else value, _LONG))


def _judged(judged: Judged | None, words: Words) -> str:
    if judged is None:
        return "no such rule"
    observed = f" ({words(shorten(judged.observed, _LONG))})" if judged.observed else ""
    return f"{_word(judged.outcome)}{observed}"


def _moved(before: str, after: str, same: str) -> str:
    if not before:
        return f"new, {_word(after)}"
    if not after:
        return f"removed, was {_word(before)}"
    return _word(same) if before == after else f"{_word(before)} -> {_word(after)}"


def _word(word: str) -> str:
    return word.replace("_", " ")


def _side(side: tuple[str, str]) -> str:
    name, commit = side
    short = commit[:12]
    return plain(f"{name} ({short})" if short and not name.startswith(short) else name)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."
