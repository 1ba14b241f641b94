"""The table for people."""

import re

import pytest
from inline_snapshot import snapshot

from formats.samples import PROJECT, RUBRIC, in_yaml, project_with
from mlscore.formats import Style, render
from mlscore.loading import load_rubric

FULL = project_with({"data": 5, "model": 4, "infra": 8, "monitor": 6})


def table(*reports, **style):
    return render("table", reports, Style(**{"width": 80} | style))


def column(text, place):
    """What one column of the tests says, folds undone and without blanks."""
    rows = [line.split("│") for line in text.splitlines()]
    return "".join(cells[place] for cells in rows if len(cells) == 4).replace(" ", "")


def test_all_28_tests_fit_80_columns_one_line_each(assessed):
    assert table(assessed(FULL)) == snapshot("""\
          │ Data                                         │                  │  5
data-1    │ Feature expectations in a schema             │ ● automated      │  2
data-2    │ All features are beneficial                  │ ● automated      │  2
data-3    │ No feature's cost is too much                │ ◐ manual         │  1
data-4    │ Features meet meta-level requirements        │ · unanswered     │  0
data-5    │ Privacy controls across the pipeline         │ · unanswered     │  0
data-6    │ New features can be added quickly            │ · unanswered     │  0
data-7    │ All input feature code is tested             │ · unanswered     │  0
──────────┼──────────────────────────────────────────────┼──────────────────┼───
          │ Model                                        │                  │  4
model-1   │ Model specs are reviewed and submitted       │ ● automated      │  2
model-2   │ Offline and online metrics correlate         │ ● automated      │  2
model-3   │ All hyperparameters have been tuned          │ · unanswered     │  0
model-4   │ The impact of model staleness is known       │ · unanswered     │  0
model-5   │ A simpler model is not better                │ · unanswered     │  0
model-6   │ Quality is sufficient on data slices         │ · unanswered     │  0
model-7   │ Model is tested for inclusion                │ · unanswered     │  0
──────────┼──────────────────────────────────────────────┼──────────────────┼───
          │ Infrastructure                               │                  │  8
infra-1   │ Training is reproducible                     │ ● automated      │  2
infra-2   │ Model specs are unit tested                  │ ● automated      │  2
infra-3   │ The ML pipeline is integration tested        │ ● automated      │  2
infra-4   │ Quality is validated before serving          │ ● automated      │  2
infra-5   │ The model is debuggable                      │ · unanswered     │  0
infra-6   │ Models are canaried before serving           │ · unanswered     │  0
infra-7   │ Serving models can be rolled back            │ · unanswered     │  0
──────────┼──────────────────────────────────────────────┼──────────────────┼───
          │ Monitoring                                   │                  │  6
monitor-1 │ Dependency changes are notified              │ ● automated      │  2
monitor-2 │ Data invariants hold for inputs              │ ● automated      │  2
monitor-3 │ Training and serving are not skewed          │ ● automated      │  2
monitor-4 │ Models are not too stale                     │ · unanswered     │  0
monitor-5 │ Models are numerically stable                │ · unanswered     │  0
monitor-6 │ Computing performance has not regressed      │ · unanswered     │  0
monitor-7 │ Prediction quality has not regressed         │ · unanswered     │  0
╭─ ml-test-score-2016, version 1 ──────────────────────────────────────────────╮
│ churn  project.yaml                                                          │
│ 4 of 14  First pass at production                                            │
│ A first round of hardening is done; more may be needed before other systems  │
│ come to rely on it.                                                          │
│                                                                              │
│    Data            5 of 14  ●●◐····                                          │
│ ▶  Model           4 of 14  ●●·····  limits the score                        │
│    Infrastructure  8 of 14  ●●●●···                                          │
│    Monitoring      6 of 14  ●●●····                                          │
│                                                                              │
│ ◐ manual 1, ● automated 11, · unanswered 16                                  │
│ Next: model-3 to manual (4 → 5)                                              │
╰──────────────────────────────────────────── sha256:aa42b87851da  2026-11-21 ─╯
""")


def test_wide_terminals_get_the_full_titles(assessed):
    assert table(assessed(FULL), width=200) == snapshot("""\
          │ Data                                                                                 │                  │  5
data-1    │ Feature expectations are captured in a schema                                        │ ● automated      │  2
data-2    │ All features are beneficial                                                          │ ● automated      │  2
data-3    │ No feature's cost is too much                                                        │ ◐ manual         │  1
data-4    │ Features adhere to meta-level requirements                                           │ · unanswered     │  0
data-5    │ The data pipeline has appropriate privacy controls                                   │ · unanswered     │  0
data-6    │ New features can be added quickly                                                    │ · unanswered     │  0
data-7    │ All input feature code is tested                                                     │ · unanswered     │  0
──────────┼──────────────────────────────────────────────────────────────────────────────────────┼──────────────────┼───
          │ Model                                                                                │                  │  4
model-1   │ Every model specification undergoes a code review and is checked in to a repository  │ ● automated      │  2
model-2   │ Offline proxy metrics correlate with actual online impact metrics                    │ ● automated      │  2
model-3   │ All hyperparameters have been tuned                                                  │ · unanswered     │  0
model-4   │ The impact of model staleness is known                                               │ · unanswered     │  0
model-5   │ A simpler model is not better                                                        │ · unanswered     │  0
model-6   │ Model quality is sufficient on all important data slices                             │ · unanswered     │  0
model-7   │ The model has been tested for considerations of inclusion                            │ · unanswered     │  0
──────────┼──────────────────────────────────────────────────────────────────────────────────────┼──────────────────┼───
          │ Infrastructure                                                                       │                  │  8
infra-1   │ Training is reproducible                                                             │ ● automated      │  2
infra-2   │ Model specification code is unit tested                                              │ ● automated      │  2
infra-3   │ The full ML pipeline is integration tested                                           │ ● automated      │  2
infra-4   │ Model quality is validated before attempting to serve it                             │ ● automated      │  2
infra-5   │ The model allows debugging by observing the step-by-step computation of training or  │ · unanswered     │  0
          │ inference on a single example                                                        │                  │
infra-6   │ Models are tested via a canary process before they enter production serving          │ · unanswered     │  0
          │ environments                                                                         │                  │
infra-7   │ Models can be quickly and safely rolled back to a previous serving version           │ · unanswered     │  0
──────────┼──────────────────────────────────────────────────────────────────────────────────────┼──────────────────┼───
          │ Monitoring                                                                           │                  │  6
monitor-1 │ Dependency changes result in notification                                            │ ● automated      │  2
monitor-2 │ Data invariants hold in training and serving inputs                                  │ ● automated      │  2
monitor-3 │ Training and serving features compute the same values                                │ ● automated      │  2
monitor-4 │ Models are not too stale                                                             │ · unanswered     │  0
monitor-5 │ The model is numerically stable                                                      │ · unanswered     │  0
monitor-6 │ The model has not experienced a dramatic or slow-leak regressions in training speed, │ · unanswered     │  0
          │ serving latency, throughput, or RAM usage                                            │                  │
monitor-7 │ The model has not experienced a regression in prediction quality on served data      │ · unanswered     │  0
╭─ ml-test-score-2016, version 1 ──────────────────────────────────────────────────────────────────────────────────────╮
│ churn  project.yaml                                                                                                  │
│ 4 of 14  First pass at production                                                                                    │
│ A first round of hardening is done; more may be needed before other systems come to rely on it.                      │
│                                                                                                                      │
│    Data            5 of 14  ●●◐····                                                                                  │
│ ▶  Model           4 of 14  ●●·····  limits the score                                                                │
│    Infrastructure  8 of 14  ●●●●···                                                                                  │
│    Monitoring      6 of 14  ●●●····                                                                                  │
│                                                                                                                      │
│ ◐ manual 1, ● automated 11, · unanswered 16                                                                          │
│ Next: model-3 to manual (4 → 5)                                                                                      │
╰──────────────────────────────────────────────────────────────────────────────────── sha256:aa42b87851da  2026-11-21 ─╯
""")  # noqa: E501


def test_60_columns(assessed):
    assert table(assessed(PROJECT), width=60) == snapshot("""\
          │ Data quality            │                  │ 1.5
data-1    │ Feature schema          │ ● automated      │   1
data-2    │ Features are beneficial │ ◐ manual         │ 0.5
data-3    │ Features are cheap      │ ○ none           │   0
──────────┼─────────────────────────┼──────────────────┼────
          │ Serving                 │                  │   0
serving-1 │ Roll back is quick      │ – not_applicable │   0
serving-2 │ Models are canaried     │ · unanswered     │   0
╭─ small, version 3 ───────────────────────────────────────╮
│ churn  project.yaml                                      │
│ 0 of 2  Low                                              │
│ Not there yet.                                           │
│                                                          │
│    Data quality  1.5 of 3  ●◐○                           │
│ ▶  Serving         0 of 2  –·   limits the score, at     │
│                                 most 1                   │
│                                                          │
│ ○ none 1, ◐ manual 1, ● automated 1, – not_applicable 1, │
│ · unanswered 1                                           │
│ Next: serving-2 to manual (0 → 0.5)                      │
│ Gate: not met                                            │
│ - the score 0 is below 1 (limited by Serving)            │
╰──────────────────────── sha256:eecb825c5c19  2026-11-21 ─╯
""")


def test_ascii_where_unicode_cannot_be_shown(assessed):
    assert table(assessed(PROJECT), unicode=False) == snapshot("""\
          | Data quality                                |                  | 1.5
data-1    | Feature schema                              | # automated      |   1
data-2    | Features are beneficial                     | + manual         | 0.5
data-3    | Features are cheap                          | o none           |   0
----------+---------------------------------------------+------------------+----
          | Serving                                     |                  |   0
serving-1 | Roll back is quick                          | - not_applicable |   0
serving-2 | Models are canaried                         | . unanswered     |   0
+- small, version 3 -----------------------------------------------------------+
| churn  project.yaml                                                          |
| 0 of 2  Low                                                                  |
| Not there yet.                                                               |
|                                                                              |
|    Data quality  1.5 of 3  #+o                                               |
| >  Serving         0 of 2  -.   limits the score, at most 1                  |
|                                                                              |
| o none 1, + manual 1, # automated 1, - not_applicable 1, . unanswered 1      |
| Next: serving-2 to manual (0 -> 0.5)                                         |
| Gate: not met                                                                |
| - the score 0 is below 1 (limited by Serving)                                |
+-------------------------------------------- sha256:eecb825c5c19  2026-11-21 -+
""")


def test_several_reports_follow_one_another(assessed):
    first, second = assessed(PROJECT), assessed("rubric: small.yaml\nproject: fraud\nanswers: {}\n")

    assert table(first, second) == snapshot("""\
          │ Data quality                                │                  │ 1.5
data-1    │ Feature schema                              │ ● automated      │   1
data-2    │ Features are beneficial                     │ ◐ manual         │ 0.5
data-3    │ Features are cheap                          │ ○ none           │   0
──────────┼─────────────────────────────────────────────┼──────────────────┼────
          │ Serving                                     │                  │   0
serving-1 │ Roll back is quick                          │ – not_applicable │   0
serving-2 │ Models are canaried                         │ · unanswered     │   0
╭─ small, version 3 ───────────────────────────────────────────────────────────╮
│ churn  project.yaml                                                          │
│ 0 of 2  Low                                                                  │
│ Not there yet.                                                               │
│                                                                              │
│    Data quality  1.5 of 3  ●◐○                                               │
│ ▶  Serving         0 of 2  –·   limits the score, at most 1                  │
│                                                                              │
│ ○ none 1, ◐ manual 1, ● automated 1, – not_applicable 1, · unanswered 1      │
│ Next: serving-2 to manual (0 → 0.5)                                          │
│ Gate: not met                                                                │
│ - the score 0 is below 1 (limited by Serving)                                │
╰──────────────────────────────────────────── sha256:eecb825c5c19  2026-11-21 ─╯

          │ Data quality                                │                  │   0
data-1    │ Feature schema                              │ · unanswered     │   0
data-2    │ Features are beneficial                     │ · unanswered     │   0
data-3    │ Features are cheap                          │ · unanswered     │   0
──────────┼─────────────────────────────────────────────┼──────────────────┼────
          │ Serving                                     │                  │   0
serving-1 │ Roll back is quick                          │ · unanswered     │   0
serving-2 │ Models are canaried                         │ · unanswered     │   0
╭─ small, version 3 ───────────────────────────────────────────────────────────╮
│ fraud  project.yaml                                                          │
│ 0 of 2  Low                                                                  │
│ Not there yet.                                                               │
│                                                                              │
│ ▶  Data quality  0 of 3  ···  limits the score                               │
│ ▶  Serving       0 of 2  ··   limits the score                               │
│                                                                              │
│ · unanswered 5                                                               │
│ Next: data-1 and serving-1 to manual (0 → 0.5)                               │
╰──────────────────────────────────────────── sha256:eecb825c5c19  2026-11-21 ─╯
""")


def test_a_score_between_tiers_is_explained(assessed):
    text = PROJECT.replace("not_applicable, reason: batch only", "automated")

    assert "Note: the published table gives 1 no tier" in " ".join(table(assessed(text)).split())


@pytest.mark.parametrize("unicode", [True, False])
@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_no_line_is_wider_than_the_terminal_and_the_frame_is_straight(assessed, width, unicode):
    lines = table(assessed(FULL), width=width, unicode=unicode).splitlines()

    assert max(map(len, lines)) == min(width, 120)
    assert {len(line) for line in lines if line[0] in "│╭╰|+"} == {min(width, 120)}


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_nothing_is_cut_at_any_width(assessed, width):
    report = assessed(FULL)
    text = table(report, width=width)
    titles = [test.title if width == 200 else test.name for test in report.rubric.tests.values()]

    assert "…" not in text
    assert [test_id for test_id in report.rubric.tests if test_id not in text] == []
    assert [item.points for item in report.categories if f"{item.points} of 14" not in text] == []
    assert [title for title in titles if title.replace(" ", "") not in column(text, 1)] == []


def test_words_are_not_broken_where_a_narrow_terminal_has_room_for_them(assessed):
    text = table(assessed(FULL), width=60)

    assert [word for word in ("hyperparameters", "meta-level", "beneficial") if word not in text] == []


def test_colours_are_the_only_difference_of_a_terminal(assessed):
    plain, colored = table(assessed(FULL)), table(assessed(FULL), color=True)

    assert "\x1b[" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == plain


def test_colours_are_from_the_terminal_s_own_sixteen(assessed):
    codes = re.findall(r"\x1b\[([0-9;]*)m", table(assessed(FULL), color=True))

    assert sorted({code for sequence in codes for code in sequence.split(";")}) == snapshot(
        ["0", "1", "2", "3", "31", "36"]
    )


@pytest.mark.parametrize(
    "title",
    [
        "[red]alarm[/red]",
        "[/]",
        "[link=file:///etc/passwd]x[/link]",
        ":smile: stays",
        "データの品質",
        "e\u0301clair \U0001f469\u200d\U0001f52c",
        "\\[bold]",
    ],
)
def test_titles_are_text_never_markup(assessed, write, title):
    rubric = RUBRIC.replace("title: Serving", f"title: {in_yaml(title)}")
    write("small.yaml", rubric.replace("Features are beneficial", "X").replace("X}", in_yaml(title) + "}"))

    text = table(assessed(PROJECT), width=100)

    assert text.count(title) >= 3  # the test, its category above and below, and the gate where it limits


@pytest.mark.parametrize("width", [40, 60, 80])
def test_wide_characters_do_not_bend_the_frame(assessed, width):
    from rich.cells import cell_len

    text = table(assessed(PROJECT.replace("churn", "データ品質の監視と検証" * 4)), width=width)

    frame = [line for line in text.splitlines() if line[0] in "╭│╰"]
    assert {cell_len(line) for line in frame} == {width}


@pytest.mark.parametrize("width", [40, 80])
def test_long_words_fold(assessed, write, width):
    long = "x" * 300
    write(
        "small.yaml",
        RUBRIC.replace("Features are beneficial", long).replace("title: Serving", f"title: {long}"),
    )

    text = table(assessed(PROJECT.replace("churn", long)), width=width)

    assert text.count("x") - text.count("fix") >= 4 * 300
    assert max(map(len, text.splitlines())) == width


@pytest.mark.parametrize("width", [40, 80, 120])
def test_ids_and_levels_of_64_characters_leave_room_for_titles_and_points(assessed, write, width):
    test_id, level, title = "q" * 64, "z" * 64, "W" * 64
    rubric = RUBRIC.replace("automated:", f"{level}:").replace("data-2", test_id)
    write("small.yaml", rubric.replace("Features are beneficial", title))
    project = PROJECT.replace("data-1: automated", f"data-1: {level}").replace("data-2", test_id)

    text, _ = table(assessed(project), width=width).split("small, version 3")

    # "quality" and "quick" stand in other titles; in narrow terminals a mark alone stands for the status.
    assert (text.count("q"), text.count("z"), text.count("W")) == (66, 64 if width >= 60 else 0, 64)
    assert "0.5" in text


@pytest.mark.parametrize(
    "field", ["title: Serving", "title: Roll back is quick", "label: Low", "meaning: Not there yet."]
)
@pytest.mark.parametrize(
    "command", ["::error::x", "##[error]x", "x " * 37 + "::error::x", "x" * 76 + "::error::x"]
)
def test_no_line_is_a_command_of_a_ci_log(assessed, write, field, command):
    write("small.yaml", RUBRIC.replace(field, f"{field.partition(':')[0]}: {in_yaml(command)}"))

    lines = table(assessed(PROJECT)).splitlines()

    assert [line for line in lines if line.lstrip().startswith("::") or "##[" in line] == []


def test_a_failed_gate_says_why(assessed):
    """A table in a file is all its reader has: stderr is gone."""
    text = table(assessed(PROJECT))

    assert "Gate: not met" in text
    assert "the score 0 is below 1" in text


def test_without_a_gate_none_is_mentioned(assessed):
    assert "Gate" not in table(assessed(FULL))


def test_categories_with_very_many_tests_are_drawn_without_a_strip(assessed, write):
    tests = "\n".join(f"      - {{id: t-{place}, title: Test {place}}}" for place in range(40))
    write(
        "small.yaml",
        RUBRIC[: RUBRIC.index("categories:")] + f"categories:\n  - id: a\n    title: A\n    tests:\n{tests}\n",
    )

    text = table(assessed("rubric: small.yaml\nproject: x\nanswers: {}\n"))

    (line,) = (line for line in text.splitlines() if "limits the score" in line)
    assert "·" not in line


def test_the_default_rubric_has_a_short_title_where_80_columns_are_too_few():
    rubric = load_rubric()

    assert [test.id for test in rubric.tests.values() if len(test.name) > 39] == []
