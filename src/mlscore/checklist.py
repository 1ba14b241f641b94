"""A rubric as a document: one test explained, the whole checklist as text, Markdown or CSV. Pure."""

from collections.abc import Callable, Iterable, Iterator

from mlscore.formats import csv, markdown
from mlscore.rubric import Category, Rubric, Test
from mlscore.text import listing, number, one_line, paragraphs, plural, points, wrap


def explain(rubric: Rubric, test_id: str, width: int) -> str:
    """Explain one test: why it matters, what each level asks for, examples and sources."""
    test = rubric.tests[test_id]
    category = next(category for category in rubric.categories if test in category.tests)
    blocks = [
        wrap(f"{test.id}: {test.title}", width, "  ", ""),
        wrap(f"{category.title}, {rubric.title}", width, "  ", "In "),
    ]
    if test.alternative_title:
        blocks.append(wrap(test.alternative_title, width, "  ", "Also: "))
    if test.purpose:
        blocks.append(_block("Why it matters", test.purpose, width))
    if test.questions:
        blocks.append(_list("Questions to ask", test.questions, width))
    blocks += [_block(heading, text, width) for heading, text in _guidance(rubric, test)]
    if compared := comparison(rubric, category, test):
        blocks.append(_block("What others score", compared, width))
    related = [f"{', '.join(ids)} in {name}" for name, ids in test.related.items() if ids]
    for heading, items in (("Examples", test.examples), ("Related", related), ("References", test.references)):
        if items:
            blocks.append(_list(heading, items, width))
    return "\n".join(blocks) + "\n"


def comparison(rubric: Rubric, category: Category, test: Test) -> str:
    """Say what the systems of the rubric's comparison earned on average, and what that does not tell."""
    study, average, whole = rubric.comparison, rubric.average([test]), rubric.average(category.tests)
    if study is None or average is None:
        return ""
    text = f"{study.label} averaged {number(average)} of {points(rubric.top)} here"
    if whole is not None:
        text += f", and {number(whole)} of {number(rubric.top * len(category.tests))} in {category.title}"
    source = f" ({study.source})" if study.source else ""
    return f"{text}{source}. {study.caveat}".strip()


def outline(rubric: Rubric, width: int) -> str:
    """Write the rubric for a terminal: levels, tiers and the titles of all tests."""
    lines = [
        wrap(rubric.title, width, "  ", ""),
        wrap(f"{rubric.id}, version {rubric.version}: {_scale(rubric)}", width, "  ", ""),
    ]
    if rubric.source:
        lines.append(wrap(rubric.source, width, "  ", "Source: "))
    if rubric.required:
        lines.append(wrap(listing(rubric.required, "and"), width, "  ", "Required in every project: "))
    for paragraph in paragraphs(rubric.introduction):
        lines += ["", wrap(paragraph, width)]
    lines += ["", "Levels"]
    for name, level in rubric.levels.items():
        reason = ", needs a reason" if level.reason_required else ""
        meaning = f": {level.meaning}" if level.meaning else ""
        lines.append(wrap(f"{name} ({points(level.points)}{reason}){meaning}", width, "    ", "  "))
    lines += ["", "Tiers"]
    for tier in rubric.tiers:
        lines.append(wrap(f"{tier.id} ({tier.band}): {tier.label}. {tier.meaning}", width, "    ", "  "))
    for category in rubric.categories:
        lines += ["", wrap(f"{category.title} ({category.id})", width, "  ", "")]
        indent = " " * (max(len(test.id) for test in category.tests) + 4)
        for test in category.tests:
            lines.append(wrap(test.title, width, indent, f"  {test.id}".ljust(len(indent))))
    return "\n".join(lines) + "\n"


def as_csv(rubric: Rubric) -> str:
    """Write the checklist as the CSV of the article it comes from: type, description, sample test."""
    rows = [
        (category.title, test.title, " | ".join(test.examples))
        for category in rubric.categories
        for test in category.tests
    ]
    return csv.table([("Test Type", "Description", "Sample Test"), *rows])


def as_markdown(rubric: Rubric) -> str:
    """Write the whole checklist as a Markdown document."""
    escape = markdown.escape
    levels = [(f"`{name}`", number(level.points), escape(level.meaning)) for name, level in rubric.levels.items()]
    tiers = [
        (f"`{tier.id}`", escape(tier.band), escape(tier.label), escape(tier.meaning)) for tier in rubric.tiers
    ]
    parts = [
        f"# {escape(rubric.title)}\n",
        f"`{rubric.id}`, version {rubric.version}: {_scale(rubric)}.\n",
        f"Source: {escape(rubric.source)}\n" if rubric.source else "",
        *(f"{markdown.paragraph(paragraph)}\n" for paragraph in paragraphs(rubric.introduction)),
        "## Levels\n",
        markdown.table(("Level", "Points", "Meaning"), levels, "lrl"),
        "## Tiers\n",
        markdown.table(("Tier", "Score", "Label", "Meaning"), tiers),
        *(part for category in rubric.categories for part in _markdown_category(rubric, category)),
    ]
    return "\n".join(part for part in parts if part)


def rubric_table(rubrics: list[Rubric]) -> str:
    """List rubrics for a terminal, one a line."""
    rows = [
        (
            rubric.id,
            f"0 to {number(rubric.max_score)}",
            plural(len(rubric.tests), "test"),
            f"version {rubric.version}",
            one_line(rubric.title),
        )
        for rubric in rubrics
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n"
        for row in rows
    )


_AGGREGATES = {
    "min": "the lowest category sum",
    "sum": "the sum of the categories",
    "mean": "the mean of the categories",
}


def _scale(rubric: Rubric) -> str:
    tests = plural(len(rubric.tests), "test")
    return f"{tests}; the score is {_AGGREGATES[rubric.aggregate]}, 0 to {number(rubric.max_score)}"


def _block(heading: str, text: str, width: int) -> str:
    return f"\n{heading}\n{wrap(text, width, '  ')}"


def _list(heading: str, items: Iterable[str], width: int) -> str:
    return "\n".join([f"\n{heading}", *(wrap(item, width, "    ", "  - ") for item in items)])


def _guidance(rubric: Rubric, test: Test) -> Iterator[tuple[str, str]]:
    """What counts as each level, under the level's own name and points."""
    for name, text in rubric.guidance(test).items():
        yield f"{name.capitalize().replace('_', ' ')} ({points(rubric.levels[name].points)})", text


def _markdown_category(rubric: Rubric, category: Category) -> Iterator[str]:
    escape: Callable[[str], str] = markdown.escape
    yield f"## {escape(category.title)}\n"
    if category.purpose:
        yield f"{markdown.paragraph(category.purpose)}\n"
    for test in category.tests:
        yield f"### {test.id}: {escape(test.title)}\n"
        if test.purpose:
            yield f"{markdown.paragraph(test.purpose)}\n"
        if test.questions:
            yield "".join(f"- {markdown.paragraph(question)}\n" for question in test.questions)
        for heading, text in _guidance(rubric, test):
            yield f"- [ ] **{heading}**: {escape(text)}"
        if test.examples:
            yield "\nExamples:\n\n" + "".join(f"- {markdown.paragraph(item)}\n" for item in test.examples)
        if test.references:
            yield f"References: {escape('; '.join(test.references))}.\n"
