"""Whether a step of CI runs on an event: yes, no, or nobody here can tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase

from adhere.model.workflow import Step, Trigger

Truth = bool | None
"""``None`` for what nobody here can tell."""

_HOLD = {"always()", "success()", "!cancelled()", "true"}
_NEVER = {"failure()", "cancelled()", "false"}
_COMPARED = re.compile(r"(github\.[a-z_]+)\s*(==|!=)\s*'([^']*)'")
_VARIABLE = re.compile(r"\$\{?(\w+)\}?(?:\s*(==|!=|=~|!~)\s*(.+))?")
_OTHER = "\0another branch"


def why_not(step: Step, event: str, branch: str) -> str | None:
    """Why a step may not run on an event.

    Args:
        step: of CI.
        event: in GitHub's words.
        branch: that a push is to, or a pull request is for.

    Returns:
        ``""`` for one that surely runs, ``None`` for one that surely does not.
    """
    return _gitlab(step, event, branch) if step.gitlab else _github(step, event, branch)


def _github(step: Step, event: str, branch: str) -> str | None:
    triggers = [trigger for trigger in step.triggers if trigger.event == event]
    if not triggers:
        return None
    reasons = [_narrowed(trigger, branch) for trigger in triggers]
    if all(reasons):
        return reasons[0]
    for condition in step.conditions:
        truth = _holds(condition, event, branch)
        if truth is False:
            return None
        if truth is None:
            return f"it runs only if `{condition.strip()}`"
    return ""


def _narrowed(trigger: Trigger, branch: str) -> str:
    if trigger.paths:
        return "it runs only where some files were changed"
    if trigger.branches and not _is_one(branch, trigger.branches):
        return f"it runs only for {', '.join(trigger.branches)}"
    if trigger.ignored and _is_one(branch, trigger.ignored):
        return f"it does not run for {', '.join(trigger.ignored)}"
    return ""


def _is_one(branch: str, patterns: tuple[str, ...]) -> bool:
    """The last pattern that matches decides, as GitHub has it."""
    found = False
    for pattern in patterns:
        if fnmatchcase(branch, pattern.removeprefix("!").replace("**", "*")):
            found = not pattern.startswith("!")
    return found


def _holds(condition: str, event: str, branch: str) -> Truth:
    text = condition.strip().removeprefix("${{").removesuffix("}}").strip()

    def term(words: str) -> Truth:
        if words in _HOLD or words in _NEVER:
            return words in _HOLD
        compared = _COMPARED.fullmatch(words)
        known = {
            "github.event_name": event,
            "github.ref": "" if event == "pull_request" else f"refs/heads/{branch}",
            "github.ref_name": "" if event == "pull_request" else branch,
            "github.base_ref": branch if event == "pull_request" else "",
        }
        if compared is None or compared[1] not in known:
            return None
        return (known[compared[1]] == compared[3]) is (compared[2] == "==")

    return _any_of_all(text, term)


def _any_of_all(text: str, term: Callable[[str], Truth]) -> Truth:
    """Terms joined by ``&&`` within ``||``; what has parentheses of its own is not known."""
    found: list[Truth] = []
    for part in text.split("||"):
        terms = [term(one.strip()) for one in part.split("&&")]
        found.append(False if False in terms else None if None in terms else True)
    return True if True in found else None if None in found else False


def _gitlab(step: Step, event: str, branch: str) -> str | None:
    common = {"CI_DEFAULT_BRANCH": branch}
    if event == "pull_request":
        # A branch that is pushed to has a pipeline as well, and the merge request shows it.
        worlds: tuple[Mapping[str, str], ...] = (
            {
                **common,
                "CI_PIPELINE_SOURCE": "merge_request_event",
                "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": branch,
            },
            {**common, "CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": _OTHER},
        )
    else:
        worlds = ({**common, "CI_PIPELINE_SOURCE": event, "CI_COMMIT_BRANCH": branch},)
    answers = [_by_rules(step, world) for world in worlds]
    if "" in answers:
        return ""
    return next((one for one in answers if one is not None), None)


def _by_rules(step: Step, world: Mapping[str, str]) -> str | None:
    for rule in step.rules:
        truth = True if not rule.condition else _of_gitlab(rule.condition, world)
        if truth is None:
            return (
                f"it runs only if `{rule.condition}`"
                if rule.condition != "?"
                else "it runs only where some files were changed"
            )
        if truth:
            return rule.fault if rule.runs else None
    return ""


def _of_gitlab(condition: str, world: Mapping[str, str]) -> Truth:
    def term(words: str) -> Truth:
        found = _VARIABLE.fullmatch(words)
        if found is None:
            return None
        name, operator, given = found[1], found[2], (found[3] or "").strip()
        value = world.get(name, "")
        if name not in world and not name.startswith("CI_"):
            return None
        if not operator:
            return bool(value)
        if operator in ("=~", "!~"):
            return None if value != "" else operator == "!~"
        wanted = world.get(given[1:], "") if given.startswith("$") else given.strip("\"'")
        wanted = "" if given == "null" else wanted
        return (value == wanted) is (operator == "==")

    return _any_of_all(condition, term)
