"""Decision records of a project, and the rules that they own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from adhere.adr.document import Adr, read_adr
from adhere.adr.front_matter import FENCE
from adhere.adr.register import Register
from adhere.adr.status import ENFORCED
from adhere.app.decision_files import DOCUMENTS, RULE_FILES
from adhere.errors import ConfigError, Problem
from adhere.policy.config import OwnedRules
from adhere.policy.decode import nearest, quoted, unknown_schema
from adhere.policy.layers import RULES
from adhere.policy.settings import Adr as AdrSection
from adhere.policy.settings import ConfigTable
from adhere.ports import Tree
from adhere.spans.document import Document, Node


def read_decisions(
    config: ConfigTable, tree: Tree, read: Callable[[str], str]
) -> tuple[list[Adr], list[OwnedRules], list[Problem]]:
    """Every decision, the rules they own before they are decoded, and what is wrong.

    Args:
        config: that says which folder holds them.
        tree: files of the project.
        read: gives the text of a file.
    """
    problems: list[Problem] = []
    adrs: dict[str, Adr] = {}
    folder = config.adr.dir.rstrip("/")
    # A link that leads elsewhere is read like any other: its rules must not be lost.
    documents = tree.matching(f"{folder}/{DOCUMENTS}", entries=True)
    rule_files = tree.matching(f"{folder}/{RULE_FILES}", entries=True)
    if folder != AdrSection().dir and not documents:
        message = f"the folder of decisions, `{folder}`, holds none"
        problems.append(Problem("adr-folder", message, hint="mend `dir` in `[adr]`"))
    statuses = {word.lower(): status for word, status in config.adr.statuses.items()}
    for path in documents:
        try:
            adr = read_adr(read(path), path, statuses)
        except ConfigError as error:
            problems.extend(error.problems)
            continue
        if adr is None:
            continue
        if adr.id in adrs:
            message = f"its id {adr.id} is also that of {adrs[adr.id].path}"
            problems.append(Problem("adr-duplicate", message, path=path, line=1))
            continue
        adrs[adr.id] = adr
        if adr.rules and adr.rules not in rule_files:
            message = f"its rule file `{adr.rules}` is not there"
            hint = f"rule files are called `<name>.rules.toml` and lie in {folder}"
            problems.append(Problem("adr-invalid", message, path=path, line=1, hint=hint))
    register = Register(adrs.values())
    problems.extend(register.problems())
    owned: list[OwnedRules] = []
    for adr in adrs.values():
        if adr.inline:
            try:
                owned.append(_inline(adr, read(adr.path), register))
            except ConfigError as error:
                problems.extend(error.problems)
    for path in rule_files:
        try:
            owned.append(_of_file(Document(path, read(path)), register))
        except ConfigError as error:
            problems.extend(error.problems)
    return [adrs[name] for name in sorted(adrs)], owned, problems


def _inline(adr: Adr, text: str, register: Register) -> OwnedRules:
    """Rules that are listed in the front matter.

    Raises:
        ConfigError: it unfolds to too much, or holds other keys beside the rules.
    """
    from adhere.sources.front_matter import FrontMatter

    text = text.removeprefix("\ufeff")
    fence = FENCE.match(text)
    if fence is None:
        raise AssertionError("inline rules stand in front matter")
    root = FrontMatter(adr.path, text, fence[1], fence.start(1)).root
    nodes = root.down(("adhere", "rules"))
    return _owned(adr, nodes, register)


def _of_file(document: Document, register: Register) -> OwnedRules:
    """Rules of a file that names its decision.

    Raises:
        ConfigError: the decision is not there, or the file says something else, too.
    """
    root = document.root
    if not isinstance(root.value, dict):
        raise ConfigError(root.problem("config-type", "expected a table"))
    problems = [*_unknown(root, ("schema", "adr", RULES)), *unknown_schema(root)]
    name = root.child("adr")
    adr = register.adrs.get(str(name.value)) if name is not None else None
    if name is None:
        problems.append(root.problem("config-missing-key", "`adr` is missing"))
    elif adr is None:
        hint = (
            "a decision is a document that says its status, in front matter or a section; none does"
        )
        if register.adrs:
            known = sorted(register.adrs)
            hint = nearest(str(name.value), known) or f"known are {quoted(known[:8])}"
        problems.append(
            name.problem("rule-without-adr", f"there is no ADR `{name.value}`", hint=hint)
        )
    rules = root.child(RULES)
    if rules is not None and not isinstance(rules.value, list):
        problems.append(rules.problem("config-type", "write `[[rule]]`, an array of tables"))
    if problems or adr is None:
        raise ConfigError(problems)
    return _owned(adr, rules, register)


def _unknown(root: Node, known: tuple[str, ...]) -> list[Problem]:
    children: Mapping[str, Node] = root.value if isinstance(root.value, dict) else {}
    return [
        node.problem(
            "config-unknown-key",
            f"unknown key `{key}`",
            hint=nearest(key, known) or f"known are {quoted(known)}",
            on_key=True,
        )
        for key, node in children.items()
        if key not in known
    ]


def _owned(adr: Adr, rules: Node | None, register: Register) -> OwnedRules:
    nodes = tuple(rules.value) if rules is not None and isinstance(rules.value, list) else ()
    return OwnedRules(
        adr.id, nodes, ENFORCED[adr.status], dict(adr.sections), register.replaced(adr)
    )
