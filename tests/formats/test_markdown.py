"""Markdown for pull requests and READMEs."""

import pytest
from inline_snapshot import snapshot
from markdown_it import MarkdownIt

from formats.samples import PROJECT, RUBRIC, in_yaml, project_with
from mlscore.formats import Style, render
from mlscore.formats.markdown import MARKER

EVERY = dict.fromkeys(("data", "model", "infra", "monitor"), 4)


def markdown(*reports):
    return render("markdown", reports, Style())


def tokens(text):
    """What a Markdown reader makes of a text, inline things too."""
    found = MarkdownIt("commonmark").enable("table").parse(text)
    return [inner for token in found for inner in (token, *(token.children or ()))]


def kinds(text):
    return {token.type for token in tokens(text)}


def cells(text):
    """Every table as rows of what its cells show."""
    row, rows = [], []
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            rows.append(row)
        elif token.type == "inline" and token.level >= 4:
            row.append("".join(inner.content for inner in token.children))
    return rows


def test_the_whole_report(assessed):
    assert markdown(assessed(PROJECT)) == snapshot("""\
<!-- mlscore -->
## Small rubric: 0 of 2 · Low

**churn** (project.yaml), 2026-11-21. Not there yet.

| Category | Points |  |
| --- | ---: | --- |
| Data quality | 1.5 / 3 |  |
| **Serving** | **0 / 2** | **limits the score** · at most 1 |

Gate: **not met**.

- the score 0 is below 1 (limited by Serving)

Answers: none 1, manual 1, automated 1, not\\_applicable 1, unanswered 1.

Next: serving-2 to manual (0 → 0.5).

### Data quality: 1.5 of 3

| Test | Title | Status | Points | Remarks |
| --- | --- | --- | ---: | --- |
| data-1 | Features are described in a schema | automated | 1 |  |
| data-2 | Features are beneficial | manual | 0.5 | a\\|b, by hand · owner: Anna · date: 2026-10-01 · url https://wiki.example.org/x: inconclusive, it was not read · file docs/ablation.md: inconclusive, it was not read |
| data-3 | Features are cheap | none | 0 |  |

### Serving: 0 of 2

| Test | Title | Status | Points | Remarks |
| --- | --- | --- | ---: | --- |
| serving-1 | Roll back is quick | not\\_applicable | 0 | batch only |
| serving-2 | Models are canaried | *unanswered* | 0 |  |

Rubric: Small rubric (`small`, version 3, `sha256:eecb825c5c19`).
""")  # noqa: E501


def test_the_default_rubric(assessed):
    assert markdown(assessed(project_with(EVERY | {"model": 3}))) == snapshot("""\
<!-- mlscore -->
## ML Test Score: 3 of 14 · First pass at production

**churn** (project.yaml), 2026-11-21. A first round of hardening is done; more may be needed before other systems come to rely on it.

| Category | Points |  |
| --- | ---: | --- |
| Data | 4 / 14 |  |
| **Model** | **3 / 14** | **limits the score** |
| Infrastructure | 4 / 14 |  |
| Monitoring | 4 / 14 |  |

Answers: manual 1, automated 7, unanswered 20.

Next: model-2 to automated (3 → 4).

### Data: 4 of 14

| Test | Title | Status | Points | Remarks |
| --- | --- | --- | ---: | --- |
| data-1 | Feature expectations are captured in a schema | automated | 2 |  |
| data-2 | All features are beneficial | automated | 2 |  |
| data-3 | No feature's cost is too much | *unanswered* | 0 |  |
| data-4 | Features adhere to meta-level requirements | *unanswered* | 0 |  |
| data-5 | The data pipeline has appropriate privacy controls | *unanswered* | 0 |  |
| data-6 | New features can be added quickly | *unanswered* | 0 |  |
| data-7 | All input feature code is tested | *unanswered* | 0 |  |

### Model: 3 of 14

| Test | Title | Status | Points | Remarks |
| --- | --- | --- | ---: | --- |
| model-1 | Every model specification undergoes a code review and is checked in to a repository | automated | 2 |  |
| model-2 | Offline proxy metrics correlate with actual online impact metrics | manual | 1 |  |
| model-3 | All hyperparameters have been tuned | *unanswered* | 0 |  |
| model-4 | The impact of model staleness is known | *unanswered* | 0 |  |
| model-5 | A simpler model is not better | *unanswered* | 0 |  |
| model-6 | Model quality is sufficient on all important data slices | *unanswered* | 0 |  |
| model-7 | The model has been tested for considerations of inclusion | *unanswered* | 0 |  |

### Infrastructure: 4 of 14

| Test | Title | Status | Points | Remarks |
| --- | --- | --- | ---: | --- |
| infra-1 | Training is reproducible | automated | 2 |  |
| infra-2 | Model specification code is unit tested | automated | 2 |  |
| infra-3 | The full ML pipeline is integration tested | *unanswered* | 0 |  |
| infra-4 | Model quality is validated before attempting to serve it | *unanswered* | 0 |  |
| infra-5 | The model allows debugging by observing the step-by-step computation of training or inference on a single example | *unanswered* | 0 |  |
| infra-6 | Models are tested via a canary process before they enter production serving environments | *unanswered* | 0 |  |
| infra-7 | Models can be quickly and safely rolled back to a previous serving version | *unanswered* | 0 |  |

### Monitoring: 4 of 14

| Test | Title | Status | Points | Remarks |
| --- | --- | --- | ---: | --- |
| monitor-1 | Dependency changes result in notification | automated | 2 |  |
| monitor-2 | Data invariants hold in training and serving inputs | automated | 2 |  |
| monitor-3 | Training and serving features compute the same values | *unanswered* | 0 |  |
| monitor-4 | Models are not too stale | *unanswered* | 0 |  |
| monitor-5 | The model is numerically stable | *unanswered* | 0 |  |
| monitor-6 | The model has not experienced a dramatic or slow-leak regressions in training speed, serving latency, throughput, or RAM usage | *unanswered* | 0 |  |
| monitor-7 | The model has not experienced a regression in prediction quality on served data | *unanswered* | 0 |  |

Rubric: ML Test Score, 2016 scale (`ml-test-score-2016`, version 1, `sha256:aa42b87851da`).
""")  # noqa: E501


def test_a_passed_gate_is_said(assessed):
    assert "\nGate: passed.\n" in markdown(assessed(PROJECT.replace("fail_under: 1", "fail_under: 0")))


def test_without_a_gate_none_is_mentioned(assessed):
    assert "Gate" not in markdown(assessed(project_with(EVERY)))


def test_the_gap_of_the_published_table_is_noted(assessed):
    text = markdown(assessed(project_with(dict.fromkeys(EVERY, 11))))

    assert "\nNote: the published table gives 11 no tier" in text


def test_it_reads_back_as_tables_of_every_test(assessed):
    report = assessed(project_with(EVERY))
    rows = cells(markdown(report))

    assert [row for row in rows if len(row) == 5 and row[0] != "Test"] == [
        [test.test.id, test.test.title, test.status, f"{test.points}", ""]
        for item in report.categories
        for test in item.tests
    ]


def test_several_reports_each_begin_with_the_marker(assessed):
    text = markdown(assessed(PROJECT), assessed(project_with(EVERY)))

    assert text.count(f"{MARKER}\n## ") == 2
    assert sum(token.type == "table_open" for token in tokens(text)) == 3 + 5


@pytest.mark.parametrize(
    "note",
    [
        "a|b",
        "a\\|b",
        "ends with \\",
        "`code|x`",
        "**bold** _em_ ~~gone~~",
        "<script>alert(1)</script>",
        "<!-- hidden -->",
        "&lt;b&gt; &#60; &amp;",
        "![x](https://example.org/x.png)",
        "[click](javascript:alert(1))",
        "<javascript:alert(1)>",
        "<https://example.org>",
        "[x]: https://example.org",
        "# heading",
        "- item",
        "> quote",
        "1. one",
        "---",
        "===",
        "{{ template }}",
        "$x$",
    ],
)
def test_text_is_shown_as_it_is(assessed, note):
    plain = markdown(assessed(PROJECT.replace('"a|b, by hand"', "plain")))
    text = markdown(assessed(PROJECT.replace('"a|b, by hand"', in_yaml(note)).replace("churn", in_yaml(note))))

    assert kinds(text) - {"text_special"} == kinds(plain) - {"text_special"}
    assert next(row for row in cells(text) if row[0] == "data-2")[4].startswith(f"{note} · owner: Anna")


def test_newlines_stay_inside_the_cell(assessed):
    text = markdown(assessed(PROJECT.replace('"a|b, by hand"', in_yaml("one\n\n| two |\n# three"))))

    assert "| one \\| two \\| \\# three · owner: Anna" in text


def test_passwords_in_addresses_are_hidden(assessed):
    text = markdown(assessed(PROJECT.replace("https://wiki", "https://anna:secret@wiki")))

    assert "secret" not in text


def test_no_line_ends_with_blanks(assessed, write):
    """The meaning of a tier is optional."""
    write("small.yaml", RUBRIC.replace(", meaning: Not there yet.", ""))
    text = markdown(assessed(PROJECT))

    assert [line for line in text.splitlines() if line != line.rstrip()] == []
