"""The project file a team starts from: every test open, with what earns its points beside it. Pure."""

import re
from collections.abc import Iterator

from mlscore.rubric import Rubric, Test
from mlscore.text import number, one_line, paragraphs, points, wrap

SCHEMA_FILE = "mlscore.schema.json"
"""Where the modeline looks for the schema: beside the project file."""
WIDTH = 100
_PLAIN = re.compile(r"[A-Za-z](?:[A-Za-z0-9_./ -]*[A-Za-z0-9])?")
_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}


def template(rubric: Rubric, rubric_ref: str, project: str) -> str:
    """Write a project file for a rubric, without any answer: it scores 0.

    `rubric_ref` is what the file's `rubric:` says: a built-in id, or a path relative to the file.
    """
    return "\n".join(_lines(rubric, rubric_ref, project)) + "\n"


def _lines(rubric: Rubric, rubric_ref: str, project: str) -> Iterator[str]:
    first = next(iter(rubric.tests))
    top = rubric.ladder[-1]
    yield f"# yaml-language-server: $schema=./{SCHEMA_FILE}"
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
    yield ""
    yield f"rubric: {_quoted(rubric_ref)}"
    yield f"project: {_quoted(project)}"
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


def _test(rubric: Rubric, test: Test) -> Iterator[str]:
    yield from _comment(test.title, "  ")
    for question in test.questions:
        yield from wrap(question, WIDTH, "  #     ", "  #   - ").split("\n")
    for name, text in rubric.guidance(test).items():
        yield from _comment(f"{name}: {text}", "  ")
    yield f"  {test.id}:"


def _comment(text: str, indent: str = "") -> Iterator[str]:
    yield from wrap(text, WIDTH, f"{indent}#   ", f"{indent}# ").split("\n")


def _quoted(text: str) -> str:
    """Return text as a YAML scalar that is text in every reader: plain where plain is safe."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    escaped = one_line(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
