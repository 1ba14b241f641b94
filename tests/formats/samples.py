"""A rubric and a project small enough to read whole in every format."""

from datetime import date

AS_OF = date(2026, 11, 21)

RUBRIC = """
id: small
version: 3
title: Small rubric
source: The tests, 2026
levels:
  none: {points: 0, meaning: Not done.}
  manual: {points: 0.5, meaning: Done by hand.}
  automated: {points: 1, meaning: Done by a system.}
  not_applicable: {points: 0, reason_required: true, meaning: Does not fit.}
tiers:
  - {id: low, from: 0, to: 0.5, label: Low, meaning: Not there yet.}
  - {id: high, from: 2, label: High, meaning: As good as it gets.}
categories:
  - id: data
    aliases: [input]
    title: Data quality
    tests:
      - {id: data-1, title: Features are described in a schema, short_title: Feature schema}
      - {id: data-2, title: Features are beneficial}
      - {id: data-3, title: Features are cheap, aliases: [input-3]}
  - id: serving
    title: Serving
    tests:
      - {id: serving-1, title: Roll back is quick}
      - {id: serving-2, title: Models are canaried}
"""

PROJECT = """
rubric: small.yaml
project: churn
answers:
  data-1: automated
  data-2:
    status: manual
    date: 2026-10-01
    owner: Anna
    note: "a|b, by hand"
    evidence: [{url: https://wiki.example.org/x}, {file: docs/ablation.md}]
  data-3: none
  serving-1: {status: not_applicable, reason: batch only}
gate: {fail_under: 1}
"""


def in_yaml(text: str) -> str:
    """Return any text but lone surrogates as a YAML scalar that is that text."""
    return '"' + "".join(f"\\U{ord(character):08x}" for character in text) + '"'


def project_with(sums: dict[str, int]) -> str:
    """Return a project on the default rubric whose categories earn `sums`."""
    lines = ["project: churn", "answers:"]
    for category, points in sums.items():
        statuses = ["automated"] * (points // 2) + ["manual"] * (points % 2)
        lines += [f"  {category}-{place}: {status}" for place, status in enumerate(statuses, start=1)]
    return "\n".join(lines) + "\n"
