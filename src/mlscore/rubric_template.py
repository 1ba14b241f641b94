"""The rubric file an organisation starts from: complete and small, or on top of another rubric. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import count

from mlscore.rubric import Rubric, Tier
from mlscore.template import quoted
from mlscore.text import number

SCHEMA_FILE = "mlscore.rubric.schema.json"
"""Where the modeline looks for the schema: beside the rubric file."""
_NUMBERED = re.compile(r"(.{1,50}?)-?([0-9]{1,6})")

_HEAD = f"""\
# yaml-language-server: $schema=./{SCHEMA_FILE}
# A rubric of your own. Change what you like, then run: mlscore rubric check FILE
# A project uses it with `rubric: FILE`, a path relative to the project file.
id: {{id}}
version: 1            # raise it when an answer could score differently
title: {{title}}
"""

_COMPLETE = """\
source: Our own work.
aggregate: min        # the final score is the lowest category; or sum, or mean of the categories

# The answers a team can give, in ascending order.
levels:
  none:
    points: 0
    meaning: Not done.
  manual:
    points: 1
    backed_by: document         # what counts as evidence for it: a document, or the result of a run
    meaning: Done by hand; the results are written down and shared.
  automated:
    points: 2
    backed_by: result
    meaning: A system does it by itself, again and again.
  not_applicable:
    points: 0
    reason_required: true       # a decision: the answer needs a reason, and plans leave it alone
    meaning: Does not fit this system; the reason says why.

# The bands of the final score, ascending. One begins at its `from` and ends where the next begins. Use `above`
# instead of `from` for a band that begins just above a score.
tiers:
  - {id: started, from: 0, label: Started, meaning: In at least one category nothing is tested.}
  - {id: partial, from: 1, label: Partly tested, meaning: "Every category is tested, but not throughout."}
  - {id: full, from: 4, label: Fully tested, meaning: Every test runs by itself.}

max_age: {manual: 180d, automated: 30d}   # how long evidence for a level stays fresh: hours, days or weeks
# require: [data-1]                       # tests that must earn points in every project

categories:
  - id: data
    title: Data
    purpose: What goes into the model.
    tests:
      - id: data-1
        title: Training data is checked against a schema
        purpose: A changed column spoils the model, and nobody notices.
        manual: Someone compared a sample with the expected types and ranges, and wrote the result down.
        automated: Every batch is checked before training; a violation stops the run.
      - id: data-2
        title: Personal data is kept out of the features
        purpose: What a model has learned cannot be deleted.
        manual: Someone reviewed the list of features, and wrote the result down.
        automated: A check in CI refuses features that are not on the approved list.
  - id: serving
    title: Serving
    purpose: What the model does once it is in use.
    tests:
      - id: serving-1
        title: A model can be rolled back quickly
        purpose: The first aid when a new model misbehaves.
        manual: Someone has practised it this year, and noted how long it took.
        automated: A scheduled job rolls a staging model back and forth, and measures the time.
      - id: serving-2
        title: A silent failure raises an alert
        purpose: A model that stops answering well seldom stops answering.
        manual: Someone looks at the quality of predictions every week, and notes what was found.
        automated: An alert fires when quality falls below its limit; it has been seen to fire.
"""


def complete(rubric_id: str, title: str) -> str:
    """Write a complete rubric of four tests, with every common key explained."""
    return _HEAD.format(id=rubric_id, title=quoted(title)) + _COMPLETE


def extension(rubric_id: str, title: str, base: Rubric, ref: str) -> str:
    """Write a rubric that adds a test to `base`; `ref` is the id or the path that names it."""
    return _HEAD.format(id=rubric_id, title=quoted(title)) + "\n".join(_added(base, ref)) + "\n"


def identifier(name: str) -> str:
    """Make an id out of any name."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9_-]+", "-", plain).lstrip("-_0123456789")[:60].rstrip("-_") or "rubric"


def _added(base: Rubric, ref: str) -> Iterator[str]:
    category = base.categories[-1]
    first = category.tests[0].id
    yield f"extends: {quoted(ref)}"
    yield "# What is not said here is as there. Levels merge by name, categories and tests by id; tiers are"
    yield "# replaced."
    yield ""
    yield f"# remove: [{first}]           # tests to take out"
    yield f"# require: [{first}]          # tests that must earn points in every project"
    yield ""
    yield "# Other points for a level; name all levels to change their order."
    yield "# levels:"
    yield from (f"#   {name}: {{points: {number(level.points)}}}" for name, level in base.levels.items())
    yield ""
    yield f"# Other bands of the final score, 0 to {number(base.max_score)}; write all of them."
    yield "# tiers:"
    yield from (f"#   - {_tier(tier)}" for tier in base.tiers)
    yield ""
    yield "categories:"
    yield f"  - id: {category.id}              # its tests stay; a new id makes a new category, with a title"
    yield "    tests:"
    yield f"      # - {{id: {first}, title: Another title}}     # changes a test that is there"
    yield f"      - id: {_next_id(base)}"
    yield "        title: Say in a sentence what must hold"
    yield "        purpose: Say what goes wrong without it."
    yield "        guidance:"
    for name in base.ladder:
        if base.levels[name].points:
            yield f"          {name}: Say what counts as {name}, so that two people agree."


def _next_id(base: Rubric) -> str:
    """The id after that of the last test."""
    match = _NUMBERED.fullmatch(base.categories[-1].tests[-1].id)
    prefix, start = (match[1], int(match[2])) if match else (base.categories[-1].id[:50], 0)
    names = (f"{prefix}-{place}" for place in count(start + 1))
    return next(name for name in names if name not in base.test_ids)


def _tier(tier: Tier) -> str:
    bound = f"above: {number(tier.above)}" if tier.above is not None else f"from: {number(tier.bound[0])}"
    return f"{{id: {tier.id}, {bound}, label: {quoted(tier.label)}}}"
