"""The project file a team starts from: every test open, with what earns its points beside it. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from mlscore.crosswalk import Suggestion
from mlscore.rubric import Rubric, Test
from mlscore.text import listing, number, one_line, paragraphs, points, shortened, wrap

SCHEMA_FILE = "mlscore.schema.json"
"""Where the modeline looks for the schema: beside the project file."""
MADE_FOR = "made by mlscore for"
"""Begins the comment of every schema, before the rubric's id."""
MAX_FACT = 1_000
"""Characters of a note that is suggested."""
WIDTH = 100
_PLAIN = re.compile(r"[A-Za-z](?:[A-Za-z0-9_./ -]*[A-Za-z0-9])?")
_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}


class Known(NamedTuple):
    """What another project file already tells."""

    origin: str
    """Its path, as people know it."""
    suggestions: Mapping[str, Suggestion]
    """By test id."""


def template(
    rubric: Rubric, rubric_ref: str, project: str, schema: str = SCHEMA_FILE, known: Known | None = None
) -> str:
    """Write a project file for a rubric, without any answer: it scores 0.

    `rubric_ref` is what the file's `rubric:` says: a built-in id, or a path relative to the file. `schema` is the
    name of the schema beside it. What is `known` stands in comments: whoever agrees removes the `#`.
    """
    return "\n".join(_lines(rubric, rubric_ref, project, schema, known)) + "\n"


def schema_file(rubric: Rubric, present: str | None) -> str:
    """Name the schema of a rubric's project files; `present` is the schema that is there under the usual name.

    Files of several rubrics can share a folder, and each has a schema of its own.
    """
    mark = f"{MADE_FOR} "
    if present is None or mark not in present or f"{mark}{rubric.id} " in present:
        return SCHEMA_FILE
    return f"mlscore.{rubric.id}.schema.json"


def _lines(rubric: Rubric, rubric_ref: str, project: str, schema: str, known: Known | None) -> Iterator[str]:
    first = next(iter(rubric.tests))
    top = rubric.ladder[-1]
    yield f"# yaml-language-server: $schema=./{schema}"
    yield from _comment(f"{rubric.title}: {len(rubric.tests)} tests. Score this file with: mlscore assess FILE")
    for paragraph in paragraphs(rubric.introduction):
        yield "#"
        yield from _comment(paragraph)
    yield "#"
    yield "# An answer is one of:"
    for name, level in rubric.levels.items():
        yield from wrap(f"{name} ({points(level.points)}): {level.meaning}", WIDTH, "#     ", "#   ").split("\n")
    yield from _comment(f"Write it behind the test's id, as in `{first}: {top}`, or with what stands behind it:")
    yield f"#   {first}:"
    yield f"#     status: {top}"
    yield "#     date: 2026-01-31          # when it was last carried out"
    yield "#     owner: data-team"
    yield "#     note: where to find it, what is missing"
    yield "#     effort: 3                 # what raising it by one level costs; default 1"
    yield "#     evidence:"
    yield "#       - junit: reports/junit.xml"
    yield "#       - url: https://wiki.example.org/data-checks"
    for name, level in rubric.levels.items():
        if level.reason_required:
            yield f"#   {first}: {{status: {name}, reason: why}}"
    yield "# A test without an answer earns nothing and is counted as unanswered."
    if known is not None:
        yield from _comment(
            f"Comments below a test are what {one_line(known.origin)} says of a related one: suggestions, not "
            "answers. Where you agree, remove the # of their lines that read `key: value`."
        )
    yield ""
    if rubric.required:
        yield from _comment(
            f"The rubric requires {listing(rubric.required, 'and')}: the gate fails without points there."
        )
    yield f"rubric: {quoted(rubric_ref)}"
    yield f"project: {quoted(project)}"
    yield "# owner: who answers for the project"
    yield "# gate:                         # below it, `mlscore assess` exits with 1"
    yield f"#   fail_under: {number(rubric.top)}"
    yield "answers:"
    for category in rubric.categories:
        yield ""
        yield from _comment(f"== {category.title} == {category.purpose}".rstrip(), "  ")
        for test in category.tests:
            yield ""
            yield from _test(rubric, test)
            if known is not None and test.id in known.suggestions:
                yield from _suggestion(known.suggestions[test.id], one_line(known.origin))


def _suggestion(suggestion: Suggestion, origin: str) -> Iterator[str]:
    """What is known of a test, in comments. Below the line on its origin they are the lines of an answer."""
    answers = [source.answer for source in suggestion.sources]
    known = [f"{source.test} is {source.answer.status}" for source in suggestion.sources]
    told = listing([*known, *(f"{name} is unanswered" for name in suggestion.unanswered)], "and")
    facts = {key: _joined(getattr(answer, key) for answer in answers) for key in ("owner", "reason", "note")}
    if suggestion.level is None:
        beside = "; ".join(filter(None, [facts["reason"], facts["note"]]))
        yield from _comment(f"In {origin} {told}" + (f" ({beside})" if beside else ""), "    ")
        return
    yield from _comment(f"In {origin} {told}:", "    ")
    yield f"    # status: {suggestion.level}"
    if dates := [answer.date for answer in answers if answer.date]:
        yield f"    # date: {min(dates)}"
    yield from (f"    # {key}: {quoted(text)}" for key, text in facts.items() if text)


def _joined(texts: Iterable[str | None]) -> str:
    return shortened("; ".join(dict.fromkeys(one_line(text) for text in texts if text)), MAX_FACT)


def _test(rubric: Rubric, test: Test) -> Iterator[str]:
    yield from _comment(test.title, "  ")
    for question in test.questions:
        yield from wrap(question, WIDTH, "  #     ", "  #   - ").split("\n")
    for name, text in rubric.guidance(test).items():
        yield from _comment(f"{name}: {text}", "  ")
    yield f"  {test.id}:"


def _comment(text: str, indent: str = "") -> Iterator[str]:
    yield from wrap(text, WIDTH, f"{indent}#   ", f"{indent}# ").split("\n")


def quoted(text: str) -> str:
    """Return text as a YAML scalar that is text in every reader: plain where plain is safe."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    escaped = one_line(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
