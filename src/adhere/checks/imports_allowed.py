"""``imports.allowed``: what source files may import, and what they must not."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from adhere.checks.selecting import also_note, unparsed, wrong_selection
from adhere.checks.wording import decision_note, plural
from adhere.model.code import Import, Imported, SourceCode
from adhere.model.finding import Finding, Judgement, Note
from adhere.model.location import Location
from adhere.model.need import CodeNeed, Facts, Need, Selection
from adhere.policy.rule import Code, Kind, ParamProblem, Rule


class Params(Struct, frozen=True):
    """Parameters of ``imports.allowed``.

    A name means a module and all that is in it: ``urllib`` is ``urllib.request`` as well.

    Attributes:
        deny: modules, or names in them, that may not be imported.
        allow: exceptions from ``deny``; without it, the only modules that may be imported
            besides the standard library and the package that a file is part of.
        stdlib: ``false``: without ``deny``, the standard library has to be allowed too.
        lazy: ``false``: what functions import when they are called is not meant.
        type_checking: what only type checkers import is meant too.
        files: patterns of the files that are meant, relative to the project.
        exclude: patterns of files that are not.
        use_instead: what the decision offers.
    """

    deny: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    stdlib: bool = True
    lazy: bool = True
    type_checking: bool = False
    files: tuple[str, ...] = ("**/*.py",)
    exclude: tuple[str, ...] = ()
    use_instead: str = ""


FORBIDDEN = Code("import-forbidden", "Something is imported that a decision rules out")

_NAME = re.compile(r"\w+(\.\w+)*")


def validate(params: Params) -> Iterator[ParamProblem]:
    """Nothing to judge by; a name that is none; an exception from nothing."""
    if not params.deny and not params.allow:
        yield ((), "name modules in `deny` or `allow`", "")
    for key in ("deny", "allow"):
        for index, name in enumerate(getattr(params, key)):
            if _NAME.fullmatch(name) is None:
                hint = "write `package.module`; all that is in it is meant"
                yield ((key, index), f"`{name}` is no name of a module", hint)
            elif key == "allow" and params.deny and not _covers(params.deny, name):
                hint = "name what is denied, or leave `deny` out"
                yield ((key, index), f"`{name}` is an exception from nothing in `deny`", hint)
    if params.deny and not params.stdlib:
        yield (("stdlib",), "with `deny`, only what is denied is ruled out", "")
    yield from wrong_selection(params.files, params.exclude)


def judge(rule: Rule, params: Params, facts: Facts) -> Judgement:
    """Compare every import of every file."""
    code: SourceCode = facts.require(needs(params)[0])
    found: dict[tuple[str, str], list[Import]] = {}
    for imported in _candidates(params, code):
        for name in _ruled_out(imported, params):
            for path, one in code.imports[imported]:
                if _is_meant(one, params):
                    found.setdefault((path, name), []).append(one)
    unjudged = unparsed(code)
    judged = len(code.files) - len(unjudged)
    wrong = len({path for path, _ in found})
    return Judgement(
        findings=tuple(
            _finding(rule, params, path, name, imports)
            for (path, name), imports in sorted(found.items())
        ),
        judged=judged,
        unjudged=unjudged,
        observed=f"{judged - wrong} of {plural(judged, 'file')} as decided",
        expected=_expected(params),
    )


def _candidates(params: Params, code: SourceCode) -> Iterable[Imported]:
    """What may be ruled out, without a look at what surely is not."""
    if not params.deny:
        return code.imports
    return dict.fromkeys(
        one for module in params.deny for one in code.imports_by_prefix.get(module, ())
    )


def _is_meant(one: Import, params: Params) -> bool:
    if one.when == "typing":
        return params.type_checking
    return params.lazy or one.when != "call"


def _ruled_out(imported: Imported, params: Params) -> Iterator[str]:
    """Of an import, what is ruled out: the module, or else names that are taken from it."""
    module, *inside = imported.names or ("",)
    if params.deny:
        if _covers(params.deny, module) and not _covers(params.allow, module):
            # An exception may be all that is taken of it.
            taken = [name for name in inside if not _covers(params.allow, name)]
            yield from (module,) if len(taken) == len(inside) else taken
            return
        for name in inside:
            if _covers(params.deny, name) and not _covers(params.allow, name):
                yield name
        return
    first = module.partition(".")[0]
    ours = first == imported.top
    standard = params.stdlib and first in sys.stdlib_module_names
    if ours or standard or _covers(params.allow, module):
        return
    taken = [name for name in inside if not _covers(params.allow, name)]
    if taken or not inside:
        yield module


def _covers(modules: Sequence[str], name: str) -> bool:
    """Whether a name is one of some modules, or in one of them."""
    return any(name == module or name.startswith(f"{module}.") for module in modules)


def _expected(params: Params) -> str:
    if params.deny:
        words = f"no import of {', '.join(params.deny)}"
        return f"{words} but of {', '.join(params.allow)}" if params.allow else words
    own = "the standard library, its own package and " if params.stdlib else "its own package and "
    return f"imports of nothing but {own}{', '.join(params.allow)}"


def _finding(
    rule: Rule, params: Params, path: str, name: str, imports: Sequence[Import]
) -> Finding:
    first, *_ = imports = sorted(imports, key=lambda one: (one.line, one.column))
    key = "deny" if params.deny else "allow"
    index = next((i for i, one in enumerate(params.deny) if _covers((one,), name)), None)
    at = rule.place("with", key) if index is None else rule.place("with", key, index)
    words = params.deny[index] if index is not None else f"only {', '.join(params.allow)}"
    return Finding(
        rule=rule.id,
        code=FORBIDDEN.id,
        message=f"`{path}` imports `{name}`",
        subject=path,
        detail=name,
        location=Location(path, first.line, first.column),
        place="imported here",
        notes=(
            *also_note([one.line for one in imports]),
            Note("ruled out" if params.deny else "allowed", words, location=at),
            decision_note(rule),
        ),
        fix=f"use {params.use_instead}" if params.use_instead else "do without the import",
    )


def needs(params: Params) -> tuple[Need, ...]:
    """What the files import."""
    return (CodeNeed(Selection(params.files, params.exclude)),)


KIND = Kind(
    name="imports.allowed",
    summary="what source files may import, and what they must not",
    params=Params,
    codes=(FORBIDDEN,),
    needs=needs,
    judge=judge,
    validate=validate,
    stricter={
        "deny": "larger",
        "allow": "narrower",
        "stdlib": "smaller",
        "lazy": "larger",
        "type_checking": "larger",
        "files": "larger",
        "exclude": "smaller",
    },
)
