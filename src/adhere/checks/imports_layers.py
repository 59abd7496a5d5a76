"""``imports.layers``: a layer imports what is below it, and nothing above."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct

from adhere.checks.selecting import unparsed, wrong_selection
from adhere.checks.wording import decision_note, plural
from adhere.model.code import SourceCode, and_above
from adhere.model.finding import Finding, Judgement, Missing, Note
from adhere.model.location import Location
from adhere.model.need import CannotJudge, CodeNeed, Facts, Need, Selection
from adhere.policy.rule import Code, Kind, ParamProblem, Rule

if TYPE_CHECKING:
    from grimp import ImportGraph, Route


class Params(Struct, frozen=True):
    """Parameters of ``imports.layers``.

    Attributes:
        layers: dotted names of modules or packages, the highest first. Siblings share a layer,
            ``shop.orders | shop.billing``, and do not import each other.
        within: packages that each have these layers; names of layers are then relative to them.
        type_checking: what only type checkers import counts too.
        files: patterns of the files that make the graph, relative to the project.
        exclude: patterns of files that do not.
    """

    layers: tuple[str, ...]
    within: tuple[str, ...] = ()
    type_checking: bool = False
    files: tuple[str, ...] = ("**/*.py",)
    exclude: tuple[str, ...] = ()


UPWARD = Code("import-upward", "A layer imports what is above it, or beside it")
ABSENT = Code("layer-absent", "There is no module of a layer's name")

_NAME = re.compile(r"\w+(\.\w+)*")


def validate(params: Params) -> Iterator[ParamProblem]:
    """Less than two modules; a name that is none, or that is there twice."""
    seen: set[str] = set()
    for index, layer in enumerate(params.layers):
        for name in _siblings(layer):
            if _NAME.fullmatch(name) is None:
                hint = "write `package.module`, and `a | b` for siblings"
                yield (("layers", index), f"`{name}` is no name of a module", hint)
            elif name in seen:
                yield (("layers", index), f"`{name}` is in a layer already", "")
            seen.add(name)
    if len(seen) < 2:
        yield (("layers",), "it takes two modules to have an order", "")
    for index, name in enumerate(params.within):
        if _NAME.fullmatch(name) is None:
            yield (("within", index), f"`{name}` is no name of a package", "")
    yield from wrong_selection(params.files, params.exclude)


def judge(rule: Rule, params: Params, facts: Facts) -> Judgement:
    """Find every chain of imports that leads upwards."""
    code: SourceCode = facts.require(needs(params)[0])
    graph, places = _graph(code, type_checking=params.type_checking)
    absent = tuple(_absent(rule, params, graph.modules))
    upward = tuple(_upward(rule, params, graph, places))
    unjudged = unparsed(code)
    modules = plural(len(code.files), "module")
    observed = f"{plural(len(upward), 'import')} against the order in {modules}"
    if absent:
        observed += f", {plural(len(absent), 'layer')} nowhere"
    return Judgement(
        findings=(*absent, *upward),
        judged=len(code.files) - len(unjudged),
        unjudged=unjudged,
        observed=observed if upward or absent else f"{modules} in order",
        expected=f"{' > '.join(params.layers)}, and nothing upwards",
    )


def _siblings(layer: str) -> list[str]:
    return [name.strip() for name in layer.split("|")]


class _Places:
    """Where modules are, and where they import each other."""

    def __init__(self, modules: dict[str, str]) -> None:
        self.modules = modules
        self.imports: dict[tuple[str, str], Location] = {}


def _graph(code: SourceCode, *, type_checking: bool) -> tuple[ImportGraph, _Places]:
    try:
        from grimp import ImportGraph
    except ImportError:
        missing = Missing("grimp is not installed here", "python -m pip install 'adhere[imports]'")
        raise CannotJudge(missing) from None
    places = _Places({module: path for path, module in code.modules.items() if module})
    graph = ImportGraph()
    for module in sorted({above for name in places.modules for above in and_above(name)}):
        graph.add_module(module)  # packages without a file too, or layers of theirs are not seen
    for imported, found in code.imports.items():
        modules = _modules(imported.names, places.modules)
        for path, one in found if modules else ():
            importer = code.modules[path]
            if not importer or (one.when == "typing" and not type_checking):
                continue
            where = Location(path, one.line, one.column)
            for module in modules - {importer}:
                known = places.imports.setdefault((importer, module), where)
                if (where.line, where.column) < (known.line, known.column):
                    places.imports[importer, module] = where
    for low, high in places.imports:
        graph.add_import(importer=low, imported=high)
    return graph, places


def _modules(names: Sequence[str], known: dict[str, str]) -> set[str]:
    """Modules of the project that an import loads: what is taken from a package may be one."""
    module, *inside = names or ("",)
    taken = {name for name in inside if name in known}
    if len(taken) == len(inside) and inside:
        return taken
    while module and module not in known:
        module = module.rpartition(".")[0]
    return taken | ({module} if module else set())


def _absent(rule: Rule, params: Params, modules: Container[str]) -> Iterator[Finding]:
    """A layer that is misspelt orders nothing, which must not look as if all were in order."""
    for index, layer in enumerate(params.layers):
        for name in _siblings(layer):
            full = [f"{package}.{name}" for package in params.within] or [name]
            if not any(one in modules for one in full):
                yield Finding(
                    rule=rule.id,
                    code=ABSENT.id,
                    message=f"there is no module `{full[0]}`",
                    subject=name,
                    location=rule.place("with", "layers", index),
                    place="named here",
                    notes=(decision_note(rule),),
                    fix="name a module that is there, or leave the layer out",
                )


def _upward(rule: Rule, params: Params, graph: ImportGraph, places: _Places) -> Iterator[Finding]:
    from grimp import Layer

    layers = [Layer(*_siblings(layer)) for layer in params.layers]
    containers = {name for name in params.within if name in graph.modules}
    if params.within and not containers:
        return
    found: dict[tuple[str, ...], tuple[str, str]] = {}
    wrong = graph.find_illegal_dependencies_for_layers(layers, containers or None)
    for dependency in wrong:
        for route in dependency.routes:
            for chain in _chains(route, places):
                found.setdefault(chain, (dependency.importer, dependency.imported))
    for chain, (low, high) in sorted(found.items()):
        importer, imported = chain[0], chain[1]
        where = places.imports[importer, imported]
        through = () if len(chain) == 2 else (Note("chain", " -> ".join(chain)),)
        yield Finding(
            rule=rule.id,
            code=UPWARD.id,
            message=f"`{importer}` imports `{chain[-1]}`{'' if len(chain) == 2 else ' by a detour'}",
            subject=places.modules[importer],
            detail=" -> ".join(chain),
            location=where,
            place="imported here",
            notes=(
                *through,
                Note("layers", f"{low} is not above {high}", location=rule.place("with", "layers")),
                decision_note(rule),
            ),
            fix="move what is needed below both, or hand it in from above",
        )


def _chains(route: Route, places: _Places) -> Iterator[tuple[str, ...]]:
    """Every way that a route stands for, from the module that begins it."""
    for head in sorted(route.heads):
        for tail in sorted(route.tails):
            chain = (head, *route.middle, tail)
            if all(step in places.imports for step in pairwise(chain)):
                yield chain


def needs(params: Params) -> tuple[Need, ...]:
    """What the files import."""
    return (CodeNeed(Selection(params.files, params.exclude)),)


KIND = Kind(
    name="imports.layers",
    summary="a layer imports what is below it, and nothing above",
    params=Params,
    codes=(UPWARD, ABSENT),
    needs=needs,
    judge=judge,
    validate=validate,
    stricter={"type_checking": "larger", "files": "larger", "exclude": "smaller"},
)
