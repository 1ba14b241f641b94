"""Rubric files to Rubric: the built-in ones by id, others by path, each with what it `extends` merged in."""

import os
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from pydantic import ValidationError

import mlscore
from mlscore.checking import Problem, doubts, problems
from mlscore.diagnostics import Diagnostic, Location
from mlscore.errors import InputError, UsageError
from mlscore.files import Reader, read_input
from mlscore.loading.document import MAX_BYTES, Document, Element, parse
from mlscore.loading.faults import faults, ordered
from mlscore.project import DEFAULT_RUBRIC
from mlscore.rubric import MAX_TESTS, Origin, Rubric
from mlscore.text import listing, nearest, number, quote

MAX_LAYERS = 10
"""Rubrics in one chain of `extends`."""
_SUFFIXES = (".yaml", ".yml")
_OWN = ("id", "aliases", "version", "title", "short_title", "extends", "remove")
"""What a rubric does not take over from the one it extends."""


def load_rubric(
    ref: str | os.PathLike[str] = DEFAULT_RUBRIC, *, relative_to: str | os.PathLike[str] | None = None
) -> Rubric:
    """Load a rubric by its built-in id or its path.

    `relative_to` is the file that names it, as a project's `rubric:` does; a path is then taken from there.
    Raises UsageError when there is no such rubric, InputError with every problem when its file is wrong.
    """
    try:
        path = rubric_path(os.fspath(ref), os.path.dirname(relative_to) if relative_to else "")
    except ValueError as error:
        raise UsageError(str(error)) from None
    return read_rubric(path)


def builtin_rubrics() -> list[Rubric]:
    """Load every built-in rubric, the default first, the others by id."""
    return [read_rubric(_builtin_path(rubric_id)) for rubric_id in _builtin_ids()]


def rubric_path(ref: str, folder: str) -> str:
    """Find the file of a built-in id, of another name of one, or of a path taken from `folder`.

    Raises ValueError, with the nearest id, when there is none.
    """
    ids = _builtin_ids()
    if ref in ids:
        return _builtin_path(ref)
    if is_path(ref):
        return os.path.join(folder, ref)
    names = {name: rubric.id for rubric in builtin_rubrics() for name in (rubric.id, *rubric.aliases)}
    if ref in names:
        return _builtin_path(names[ref])
    match = nearest(ref, names)
    advice = f"did you mean {match}?" if match else f"there are {listing(ids, 'and')}; a path ends with .yaml"
    raise ValueError(f"{quote(ref)} is not a built-in rubric; {advice}")


def is_path(ref: str) -> bool:
    """Tell whether a rubric is named by its path rather than by a built-in id."""
    return ref.endswith(_SUFFIXES) or "/" in ref or os.sep in ref


def read_rubric(path: str, read: Reader = read_input) -> Rubric:
    """Read a rubric file with everything it extends. Raises InputError with every problem found."""
    return _read_builtin(path) if os.path.dirname(path) == _builtin_folder() else _read(path, read)[0]


def check_rubric(path: str) -> tuple[Rubric, list[Diagnostic]]:
    """Read a rubric file and find what its author should look at, although one can score with it.

    What is doubtful in the rubric it extends is left out. Raises InputError as `read_rubric` does.
    """
    rubric, locate = _read(path)
    base = read_rubric(rubric.files[1]) if rubric.extends else None
    known = {message for _, message in doubts(base)} if base else set()
    every = (*doubts(rubric), *_relations(rubric), *_drift(rubric, base), *_namesakes(rubric))
    found = [(way, message) for way, message in every if message not in known]
    places = (locate(way) for way, _ in found)
    own = (place if place.path == path else locate(("extends",)) for place in places)
    return rubric, ordered(Diagnostic(place, message) for place, (_, message) in zip(own, found, strict=True))


def _drift(rubric: Rubric, base: Rubric | None) -> Iterator[Problem]:
    """Find tiers that were made for a shorter scale, whose last one now begins before its end."""
    if base is None or rubric.tiers != base.tiers or rubric.tiers[-1].to is not None:
        return
    if rubric.max_score > base.max_score:
        old, new = number(base.max_score), number(rubric.max_score)
        yield (
            ("extends",),
            f"the scale ends at {new}, but the tiers are those of {base.id} for {old}; write tiers",
        )


def _namesakes(rubric: Rubric) -> Iterator[Problem]:
    """Find names of built-in rubrics that another file takes."""
    if os.path.realpath(os.path.dirname(rubric.files[0])) != os.path.realpath(_builtin_folder()):
        for other in builtin_rubrics():
            if rubric.id in {other.id, *other.aliases}:
                yield (("id",), f"{rubric.id} is the id of a built-in rubric; choose another")


def _relations(rubric: Rubric) -> Iterator[Problem]:
    """Find the tests of built-in rubrics that `related` names and that are not there."""
    for place, category in enumerate(rubric.categories):
        for index, test in enumerate(category.tests):
            for name, ids in test.related.items():
                others = [other for other in builtin_rubrics() if name in other.names]
                every = {known for other in builtin_rubrics() for known in other.names}
                if not others and (match := nearest(name, every)):
                    where = ("categories", place, "tests", index, "related", name)
                    yield (where, f"{quote(name)} is not a built-in rubric; did you mean {match}?")
                stray = [ref for ref in ids if others and not any(ref in other.test_ids for other in others)]
                for ref in stray:
                    way = ("categories", place, "tests", index, "related", name, ids.index(ref))
                    yield (way, f"{quote(ref)} is not a test of {name}")


@lru_cache(maxsize=1)
def _builtin_folder() -> str:
    """The rubrics in the installed package, or in the checkout of an editable install."""
    package = os.path.dirname(os.path.abspath(mlscore.__file__))
    installed = os.path.join(package, "rubrics")
    return installed if os.path.isdir(installed) else os.path.normpath(os.path.join(package, "..", "..", "rubric"))


def _builtin_ids() -> list[str]:
    names = sorted(name.removesuffix(".yaml") for name in os.listdir(_builtin_folder()))
    return sorted(names, key=lambda name: name != DEFAULT_RUBRIC)


def _builtin_path(rubric_id: str) -> str:
    return os.path.join(_builtin_folder(), f"{rubric_id}.yaml")


@lru_cache(maxsize=16)
def _read_builtin(path: str) -> Rubric:
    return _read(path)[0]


Locate = Callable[..., Location]
"""Finds a path of a rubric in the file it comes from, the top one of those it extends."""


def _read(path: str, read: Reader = read_input) -> tuple[Rubric, Locate]:
    layers = list(_layers(path, (), read))
    found = [fault for layer in layers for fault in layer.faults]
    merged: dict[str, Any] = {}
    for layer in reversed(layers):
        inherited = {key: value for key, value in merged.items() if key not in _OWN}
        merged = _merge(inherited, _mapping(layer))
        found += _remove(merged, layer)
    merged["remove"] = (not found and _mapping(layers[0]).get("remove")) or []
    if isinstance(merged.get("id"), str):
        merged.setdefault("title", merged["id"])

    def locate(way: tuple[str | int, ...], key: bool = False) -> Location:
        symbolic = way if len(layers) == 1 else tuple(_symbolic(merged, way))
        own = layers[:1] if way and way[0] in _OWN else layers
        spots = [layer.find(symbolic, key=key) for layer in own]
        return max(spots, key=lambda spot: spot.depth).location

    rubric = None
    try:
        rubric = Rubric.model_validate(merged)
    except ValidationError as error:
        wrong = list(faults(error, Rubric, locate))
        if any(fault.help == "did you mean extends?" for fault in wrong):  # then nothing is missing
            wrong = [fault for fault in wrong if " is missing" not in fault.message]
        found += wrong
    if rubric is not None:
        found += [Diagnostic(locate(way), message) for way, message in problems(rubric)]
    if found or rubric is None:
        raise InputError(ordered(found))
    names = {name for layer in layers[1:] for name in _names(_mapping(layer))}
    return rubric.read_from(Origin(tuple(layer.name for layer in layers), frozenset(names))), locate


def _layers(path: str, trail: tuple[str, ...], read: Reader) -> Iterator[Document]:
    """Read a rubric file and then what it extends, the file itself first."""
    is_builtin = os.path.dirname(path) == _builtin_folder()
    document = parse((read_input if is_builtin else read)(path, MAX_BYTES), path)
    yield document
    ref = _mapping(document).get("extends")
    if ref is None:
        return
    where = document.locate(("extends",))
    trail = (*trail, os.path.realpath(path))
    if not isinstance(ref, str):
        raise InputError([*document.faults, Diagnostic(where, "extends must be a built-in rubric's id or a path")])
    try:
        base = rubric_path(ref, os.path.dirname(path))
    except ValueError as error:
        raise InputError([*document.faults, Diagnostic(where, str(error))]) from None
    if os.path.realpath(base) in trail:
        raise InputError([*document.faults, Diagnostic(where, f"extends {quote(ref)} leads back to this file")])
    if len(trail) >= MAX_LAYERS:
        raise InputError([Diagnostic(where, f"more than the limit of {MAX_LAYERS} rubrics extend one another")])
    try:
        yield from _layers(base, trail, read)
    except InputError as error:
        if not any(diagnostic.location == Location(base) for diagnostic in error.diagnostics):
            raise
        unusable = Diagnostic(where, f"the rubric {quote(ref)} cannot be used")
        raise InputError([*document.faults, unusable, *error.diagnostics]) from None


def _mapping(document: Document) -> dict[str, Any]:
    if isinstance(document.data, dict):
        if "answers" in document.data and "categories" not in document.data:
            where = document.locate(("answers",), key=True)
            raise InputError(
                [Diagnostic(where, "this is a project file, not a rubric", "mlscore assess scores it")]
            )
        return document.data
    found = "empty" if document.data is None else "not a mapping"
    where = document.locate(())
    raise InputError(
        [
            *document.faults,
            Diagnostic(where, f"the rubric is {found}; write id:, levels:, tiers: and categories:"),
        ]
    )


def _merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Lay one rubric's data over another's: levels by name, categories and tests by id, the rest replaced."""
    merged = base | over
    for key in ("levels", "max_age"):
        if isinstance(base.get(key), dict) and isinstance(over.get(key), dict):
            both = {name: _over(base[key].get(name), value) for name, value in over[key].items()}
            # Whoever names every level decides their order: a new one may stand between two others.
            merged[key] = both if base[key].keys() <= both.keys() else base[key] | both
    if isinstance(base.get("categories"), list) and isinstance(over.get("categories"), list):
        merged["categories"] = _merge_by_id(base["categories"], over["categories"], inner="tests")
    return merged


def _over(base: object, value: object) -> object:
    if value is None and isinstance(base, dict):
        return base  # named for its place among the others
    return base | value if isinstance(base, dict) and isinstance(value, dict) else value


def _merge_by_id(base: list[Any], over: list[Any], inner: str = "") -> list[Any]:
    """Merge lists of mappings by `id`; new ids are added at the end.

    An id that `over` itself repeats is added again, so that the repetition is found later.
    """
    merged = list(base)
    free = {item["id"]: place for place, item in enumerate(base) if _has_id(item)}
    for item in over:
        place = free.pop(item["id"], None) if _has_id(item) else None
        if place is None:
            merged.append(item)
            continue
        both = base[place] | item
        if inner and isinstance(base[place].get(inner), list) and isinstance(item.get(inner), list):
            both[inner] = _merge_by_id(base[place][inner], item[inner])
        merged[place] = both
    return merged


def _has_id(item: object) -> bool:
    return isinstance(item, dict) and isinstance(item.get("id"), str)


def _remove(merged: dict[str, Any], layer: Document) -> Iterator[Diagnostic]:
    """Take the tests out that `remove` names."""
    if "remove" not in merged:
        return
    names = merged.pop("remove")
    if not isinstance(names, list):
        yield Diagnostic(layer.locate(("remove",)), "remove must be a list of test ids")
        return
    categories = merged.get("categories")
    if not isinstance(categories, list):
        return  # which validation will say
    if len(names) > MAX_TESTS:
        yield Diagnostic(layer.locate(("remove",)), f"remove has more than the limit of {MAX_TESTS:,} entries")
        return
    known = {name: test["id"] for test in _tests(categories) for name in _names(test)}
    gone = {known[name] for name in names if isinstance(name, str) and name in known}
    for place, name in enumerate(names):
        if not isinstance(name, str) or name not in known:
            is_category = any(_has_id(item) and item["id"] == name for item in categories)
            match = nearest(str(name), known)
            advice = f"did you mean {match}?" if match else ""
            if is_category:
                advice = "it is a category, and only tests can be removed"
            yield Diagnostic(layer.locate(("remove", place)), f"remove: {quote(name)} is no test here", advice)
    merged["categories"] = kept = []
    for category in categories:
        tests = category.get("tests") if isinstance(category, dict) else None
        if not isinstance(tests, list):
            kept.append(category)
            continue
        left = [test for test in tests if not (_has_id(test) and test["id"] in gone)]
        if tests and not left:
            message = f"remove leaves the category {quote(category.get('id'))} without tests"
            yield Diagnostic(layer.locate(("remove",)), message, "keep one at least")
        kept.append({**category, "tests": left or tests})


def _tests(categories: list[Any]) -> Iterator[dict[str, Any]]:
    for category in categories:
        tests = category.get("tests") if isinstance(category, dict) else None
        yield from (test for test in tests if _has_id(test)) if isinstance(tests, list) else ()


def _names(item: dict[str, Any]) -> list[str]:
    """The names a test or a rubric goes by: its id and its aliases."""
    aliases = item.get("aliases")
    names = [item.get("id"), *(aliases if isinstance(aliases, list) else [])]
    return [name for name in names if isinstance(name, str)]


def _symbolic(data: object, way: tuple[str | int, ...]) -> Iterator[str | int]:
    """Name the elements of lists by their id, which stays the same when rubrics are merged."""
    for step in way:
        inside: Any = data
        try:
            data = inside[step]
        except (KeyError, IndexError, TypeError):
            data = None
        yield (Element(data["id"]) if isinstance(step, int) and isinstance(data, dict) and _has_id(data) else step)
