"""`mlscore init`: a project file to start from."""

import json
import os
import re
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from formats.samples import RUBRIC
from mlscore import load_project, load_rubric
from mlscore.text import visible

SCALES = ("ml-test-score-2016", "ml-test-score-2017")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    path = tmp_path / "churn-model"
    path.mkdir()
    monkeypatch.chdir(path)
    return path


def test_it_writes_a_project_and_the_schema_beside_it(mlscore, folder):
    run = mlscore("init")

    assert run.code == 0
    assert sorted(os.listdir()) == ["mlscore.schema.json", "project.yaml"]
    assert load_project("project.yaml").project == "churn-model"
    assert Path("mlscore.schema.json").read_text() == mlscore("schema").out


def test_it_says_what_to_do_next_on_stderr(mlscore, folder):
    """Data goes to stdout, talk to stderr; the data went to the files."""
    run = mlscore("init")

    assert run.out == ""
    assert "mlscore assess project.yaml" in run.err


def test_every_test_is_unanswered_and_the_score_is_0(mlscore, folder):
    mlscore("init")

    run = mlscore("assess", "project.yaml", "-f", "json")

    report = json.loads(run.out)
    assert run.code == 0
    assert report["claimed"]["score"] == 0
    assert {status: count for status, count in report["counts"].items() if count} == {"unanswered": 28}


def test_a_project_file_is_never_overwritten_without_force(mlscore, folder):
    (folder / "project.yaml").write_text("mine")

    run = mlscore("init")

    assert (run.code, run.out) == (2, "")
    assert run.err == "mlscore: project.yaml: already there; --force overwrites\n"
    assert (folder / "project.yaml").read_text() == "mine"
    assert os.listdir() == ["project.yaml"]


def test_force_overwrites(mlscore, folder):
    (folder / "project.yaml").write_text("mine")

    assert mlscore("init", "--force").code == 0
    assert load_project("project.yaml").project == "churn-model"


def test_another_schema_is_not_overwritten_either_and_nothing_is_half_written(mlscore, folder):
    (folder / "mlscore.schema.json").write_text("{}")

    run = mlscore("init")

    assert run.code == 2
    assert "mlscore.schema.json: already there" in run.err
    assert os.listdir() == ["mlscore.schema.json"]


def test_a_second_project_in_a_folder_shares_the_schema(mlscore, folder):
    assert mlscore("init", "one.yaml").code == 0
    assert mlscore("init", "two.yaml").code == 0
    assert sorted(os.listdir()) == ["mlscore.schema.json", "one.yaml", "two.yaml"]


def test_the_path_may_lead_elsewhere_and_the_name_is_that_folder_s(mlscore, folder):
    (folder / "fraud").mkdir()

    assert mlscore("init", "fraud/answers.yaml").code == 0
    assert sorted(os.listdir("fraud")) == ["answers.yaml", "mlscore.schema.json"]
    assert load_project("fraud/answers.yaml").project == "fraud"


def test_a_folder_that_is_not_there_is_exit_2_and_leaves_nothing(mlscore, folder):
    run = mlscore("init", "missing/project.yaml")

    assert (run.code, run.out) == (2, "")
    assert "not written: no such file or directory" in run.err
    assert os.listdir() == []


@pytest.mark.parametrize(
    "name",
    ["no", "null", "12", "1.0", "a: b", "# x", "'quoted'", 'say "hi"', "-", "Übung", "[x]", "back\\slash"],
)
def test_any_name_comes_back_as_it_was(mlscore, folder, name):
    assert mlscore("init", "--project", name).code == 0
    assert load_project("project.yaml").project == name


@pytest.mark.parametrize("name", ["", " ", "\t\n"])
def test_a_blank_name_never_makes_a_file_that_cannot_be_read(mlscore, folder, name):
    run = mlscore("init", "--project", name)

    assert run.code == 2 or load_project("project.yaml").project.strip()


def test_a_name_of_the_folder_that_yaml_would_read_otherwise_is_quoted(mlscore, tmp_path, monkeypatch):
    path = tmp_path / "on"
    path.mkdir()
    monkeypatch.chdir(path)

    mlscore("init")

    assert load_project("project.yaml").project == "on"


def test_a_built_in_rubric_is_named_by_its_id(mlscore, folder):
    mlscore("init", "--rubric", "ml-test-score-2017")

    assert load_project("project.yaml").rubric == "ml-test-score-2017"


def test_a_rubric_of_one_s_own_is_named_by_its_path_from_the_file(mlscore, folder):
    (folder / "rubrics").mkdir()
    (folder / "sub").mkdir()
    (folder / "rubrics" / "our own.yaml").write_text(RUBRIC)

    assert mlscore("init", "sub/project.yaml", "--rubric", "rubrics/our own.yaml").code == 0

    project = load_project("sub/project.yaml")
    assert project.rubric == "../rubrics/our own.yaml"
    assert list(project.answers) == ["data-1", "data-2", "data-3", "serving-1", "serving-2"]
    assert load_rubric(project.rubric, relative_to="sub/project.yaml").id == "small"


def test_a_file_with_the_name_of_a_built_in_rubric_does_not_shadow_it(mlscore, folder):
    (folder / "sub").mkdir()
    (folder / "ml-test-score-2017").write_text("mine")

    assert mlscore("init", "sub/p.yaml", "--rubric", "ml-test-score-2017").code == 0

    assert load_project("sub/p.yaml").rubric == "ml-test-score-2017"
    assert mlscore("assess", "sub/p.yaml").code == 0


@pytest.mark.parametrize("target", ["r.yaml", "./sub/../r.yaml", "link.yaml", "mine.yaml"])
def test_the_rubric_is_never_overwritten(mlscore, folder, target):
    (folder / "r.yaml").write_text(RUBRIC)
    (folder / "mine.yaml").write_text("id: mine\nextends: r.yaml\n")
    (folder / "link.yaml").symlink_to("r.yaml")
    (folder / "sub").mkdir()
    before = {file: (folder / file).read_bytes() for file in ("r.yaml", "mine.yaml")}

    run = mlscore("init", target, "--rubric", "mine.yaml", "--force")

    assert (run.code, run.out) == (2, "")
    assert "not written: it is an input" in run.err
    assert {file: (folder / file).read_bytes() for file in before} == before
    assert sorted(os.listdir()) == ["link.yaml", "mine.yaml", "r.yaml", "sub"]


def test_an_unknown_rubric_is_exit_2_and_leaves_nothing(mlscore, folder):
    assert mlscore("init", "--rubric", "ml-test-score-2018").code == 2
    assert os.listdir() == []


def test_a_dash_prints_the_template_alone(mlscore, folder):
    run = mlscore("init", "-")

    assert run.code == 2 or run.out.endswith("monitor-7:\n")
    assert "-" not in os.listdir()


# --from: what another file already tells

HOSTILE = [
    "a\nb\n\nc",
    "::error::x\n::warning::y",
    'say "hi" \\ bye',
    "# not a comment",
    "a # b",
    "key: value",
    "- a",
    "status: none",
    "'",
    "{a: [b",
    "no",
    "~",
    "2026-01-01",
    "0.5",
    "😀 übung 日本",
    "\x1b[31mred\x07",
    "\u202eabc\u2028def\x85ghi",
    "##[group]x",
    "x" * 1000,
    "many words " * 60,
    "%YAML 1.2",
    "--- a",
    "&a *b !c",
    "tab\tand  two blanks ",
]


def scalar(text):
    return '"' + "".join(f"\\U{ord(character):08x}" for character in text) + '"'


def comments(path="project.yaml"):
    """The lines of the comments that are suggestions, without those that explain."""
    return re.findall(r"(?m)^    # (?:status|date|owner|reason|note): .*$", Path(path).read_text())


def accept(path="project.yaml"):
    """Take the `# ` away, as whoever agrees with every suggestion does."""
    file = Path(path)
    file.write_text(re.sub(r"(?m)^    # (?=[a-z]+: )", "    ", file.read_text()))
    return load_project(path)


def answered(project):
    """The answers there are, as plain data."""
    return {
        name: {key: str(value) for key, value in answer.model_dump(exclude_defaults=True).items()}
        for name, answer in project.answers.items()
        if answer is not None
    }


@pytest.fixture
def other(folder):
    """Another project's file, in a folder of its own."""
    (folder / "other").mkdir()

    def write(answers, rubric="ml-test-score-2016"):
        path = folder / "other" / "answers.yaml"
        path.write_text(f"rubric: {rubric}\nproject: churn deluxe\nanswers:\n{answers}")
        return "other/answers.yaml"

    return write


def test_what_is_known_is_suggested_in_comments_and_nothing_is_answered(mlscore, other):
    file = other(
        "  data-1: automated\n  model-5: {status: manual, date: 2026-10-01, owner: Anna, note: In the wiki}\n"
    )

    run = mlscore("init", "--rubric", "production-checklist", "--from", file)

    assert (run.code, run.out) == (0, "")
    assert run.err == (
        "other/answers.yaml has answers related to 2 tests: see the comments in project.yaml\n"
        "Wrote project.yaml. Answer the tests in it, then run: mlscore assess project.yaml\n"
    )
    assert set(load_project("project.yaml").answers.values()) == {None}
    report = json.loads(mlscore("assess", "project.yaml", "-f", "json").out)
    assert report["claimed"]["score"] == 0
    assert report["counts"]["unanswered"] == 11


def test_a_suggestion_is_an_answer_once_its_comments_are_taken_away(mlscore, other):
    file = other("  model-5: {status: manual, date: 2026-10-01, owner: Anna, note: In the wiki}\n")
    mlscore("init", "--rubric", "production-checklist", "--from", file)

    assert answered(accept()) == {
        "ms-1": {"status": "done", "date": "2026-10-01", "owner": "Anna", "note": "In the wiki"}
    }


def test_a_suggestion_stands_below_its_test_with_where_it_comes_from(mlscore, other):
    file = other("  model-5: {status: manual, date: 2026-10-01, owner: Anna, note: In the wiki}\n")
    mlscore("init", "--rubric", "production-checklist", "--from", file)

    text = Path("project.yaml").read_text()
    below = text[text.index("\n  ms-1:\n") :].partition("\n\n")[0]
    assert below == snapshot("""\

  ms-1:
    # In other/answers.yaml model-5 is manual:
    # status: done
    # date: 2026-10-01
    # owner: Anna
    # note: In the wiki\
""")


def test_several_related_answers_give_one_suggestion_with_the_oldest_date(mlscore, other, folder):
    (folder / "ours.yaml").write_text(
        RUBRIC.replace("title: Roll back is quick", "title: Roll back, related: {ml-test-score: [data-1, data-2]}")
    )
    file = other("""\
  data-1: {status: automated, date: 2026-10-01, owner: Anna, note: First}
  data-2: {status: manual, date: 2026-09-01, owner: Anna, note: Second}
""")
    mlscore("init", "--rubric", "ours.yaml", "--from", file)

    assert "In other/answers.yaml data-1 is automated and data-2 is manual:" in Path("project.yaml").read_text()
    assert answered(accept()) == {
        "serving-1": {"status": "manual", "date": "2026-09-01", "owner": "Anna", "note": "First; Second"}
    }


def test_long_notes_are_shortened_so_that_the_suggestion_still_loads(mlscore, other, folder):
    (folder / "ours.yaml").write_text(
        RUBRIC.replace("title: Roll back is quick", "title: Roll back, related: {ml-test-score: [data-1, data-2]}")
    )
    long = [f"{word} ".ljust(15_000, letter) for word, letter in (("First", "a"), ("Second", "b"))]
    answers = (f"  data-{place}: {{status: manual, note: {note}}}\n" for place, note in enumerate(long, 1))

    assert mlscore("init", "--rubric", "ours.yaml", "--from", other("".join(answers))).code == 0

    (found,) = answered(accept()).values()
    assert len(found["note"]) == 1_000
    assert found["note"].startswith("First aaa")
    assert found["note"].endswith("a…")


@pytest.mark.parametrize(
    "answer",
    ["none", "{status: none, note: Not yet.}", "{status: not_applicable, reason: No baseline.}"],
)
def test_an_answer_that_earns_nothing_is_told_but_suggests_nothing(mlscore, other, answer):
    mlscore("init", "--rubric", "production-checklist", "--from", other(f"  model-5: {answer}\n"))

    assert comments() == []
    assert answered(accept()) == {}
    assert "In other/answers.yaml model-5 is no" in Path("project.yaml").read_text()


def test_one_related_answer_of_none_is_enough_to_suggest_nothing(mlscore, other, folder):
    (folder / "ours.yaml").write_text(
        RUBRIC.replace("title: Roll back is quick", "title: Roll back, related: {ml-test-score: [data-1, data-2]}")
    )

    mlscore("init", "--rubric", "ours.yaml", "--from", other("  data-1: automated\n  data-2: none\n"))

    assert comments() == []
    assert "data-1 is automated and data-2 is none" in Path("project.yaml").read_text()


def test_a_file_that_knows_nothing_related_suggests_nothing(mlscore, other):
    run = mlscore("init", "--rubric", "production-checklist", "--from", other("  infra-1:\n  data-2:\n"))

    assert run.code == 0
    assert "other/answers.yaml has no answer related to these tests, so nothing is suggested\n" in run.err
    assert comments() == []


@pytest.mark.parametrize(("old", "new"), [SCALES, SCALES[::-1]])
def test_from_one_scale_to_the_other_every_answer_comes_back_with_its_level(mlscore, other, old, new):
    tests = list(load_rubric(old).tests)
    levels = ["none", "manual", "automated", "{status: not_applicable, reason: Batch only.}"]
    lines = [f"  {test}: {levels[place % 4]}\n" for place, test in enumerate(tests)]
    file = other("".join(lines), old)

    assert mlscore("init", "--rubric", new, "--from", file).code == 0

    assert len(tests) == 28
    assert answered(accept()) == answered(load_project(file))


def test_a_decision_keeps_its_reason_between_rubrics_that_share_the_test(mlscore, other):
    file = other(
        "  data-6: {status: not_applicable, reason: 'Batch only: no features', date: 2026-10-01, owner: Jo}\n"
    )

    mlscore("init", "--rubric", "ml-test-score-2017", "--from", file)

    assert answered(accept()) == {
        "data-6": {
            "status": "not_applicable",
            "reason": "Batch only: no features",
            "date": "2026-10-01",
            "owner": "Jo",
        }
    }


@pytest.mark.parametrize("note", HOSTILE, ids=lambda note: ascii(note[:20]))
def test_any_note_owner_and_reason_stay_one_comment_each_and_load_back(mlscore, other, note):
    answer = f"{{status: not_applicable, reason: {scalar(note)}, owner: {scalar(note)}, note: {scalar(note)}}}"

    assert mlscore("init", "--rubric", "ml-test-score-2017", "--from", other(f"  data-1: {answer}\n")).code == 0

    assert [line.partition(":")[0] for line in comments()] == [
        f"    # {key}" for key in ("status", "owner", "reason", "note")
    ]
    assert set(load_project("project.yaml").answers.values()) == {None}
    shown = " ".join(visible(note).split())
    assert answered(accept()) == {
        "data-1": {"status": "not_applicable", "owner": shown, "reason": shown, "note": shown}
    }


@pytest.mark.parametrize("note", HOSTILE, ids=lambda note: ascii(note[:20]))
def test_a_note_beside_an_answer_of_none_never_leaves_its_comment(mlscore, other, note):
    file = other(f"  model-5: {{status: none, note: {scalar(note)}}}\n")

    assert mlscore("init", "--rubric", "production-checklist", "--from", file).code == 0

    assert set(load_project("project.yaml").answers.values()) == {None}
    assert answered(accept()) == {}


@pytest.mark.parametrize("name", ["a # b.yaml", "key: value.yaml", "two\nlines.yaml", "'.yaml", "\x1b[31m.yaml"])
def test_any_name_of_the_file_stays_in_its_comments(mlscore, folder, name):
    (folder / name).write_text("project: churn\nanswers: {data-1: manual, model-5: none}\n")

    assert mlscore("init", "--rubric", "production-checklist", "--from", name).code == 0

    assert set(load_project("project.yaml").answers.values()) == {None}
    assert list(answered(accept())) == ["ms-5"]


def test_the_project_s_name_is_taken_over_unless_one_is_given(mlscore, other):
    file = other("  data-1: manual\n")

    mlscore("init", "one.yaml", "--from", file)
    mlscore("init", "two.yaml", "--from", file, "--project", "churn 2")

    assert load_project("one.yaml").project == "churn deluxe"
    assert load_project("two.yaml").project == "churn 2"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("project: churn\nanswers: {data-1: done}\n", "other/answers.yaml:2:19: 'done' "),
        ("", "other/answers.yaml: the file is empty"),
        (None, "other/answers.yaml: cannot be read"),
    ],
)
def test_a_broken_file_suggests_nothing_and_nothing_is_written(mlscore, folder, other, content, words):
    file = Path(other(""))
    file.unlink() if content is None else file.write_text(content)

    run = mlscore("init", "--from", file)

    assert (run.code, run.out) == (2, "")
    assert run.err.startswith(words)
    assert os.listdir() == ["other"]


@pytest.mark.parametrize("target", ["other/answers.yaml", "./other/../other/answers.yaml", "link.yaml"])
def test_the_file_it_suggests_from_is_never_overwritten(mlscore, folder, other, target):
    file = Path(other("  data-1: manual\n"))
    (folder / "link.yaml").symlink_to(file)
    before = file.read_bytes()

    run = mlscore("init", target, "--from", file, "--force")

    assert (run.code, run.out) == (2, "")
    assert "not written: it is an input" in run.err
    assert file.read_bytes() == before
    assert sorted(os.listdir()) == ["link.yaml", "other"]
    assert os.listdir("other") == ["answers.yaml"]


# Several rubrics in one folder


def schema_of(path):
    """The schema that the modeline of a file names, beside it."""
    modeline = Path(path).read_text().partition("\n")[0]
    return json.loads(Path(path).with_name(modeline.partition("$schema=./")[2]).read_text())


def test_two_rubrics_in_a_folder_have_a_schema_each_that_their_files_name(mlscore, folder):
    assert mlscore("init").code == 0
    assert mlscore("init", "checklist.yaml", "--rubric", "production-checklist").code == 0

    assert sorted(os.listdir()) == [
        "checklist.yaml",
        "mlscore.production-checklist.schema.json",
        "mlscore.schema.json",
        "project.yaml",
    ]
    assert "data-1" in schema_of("project.yaml")["properties"]["answers"]["properties"]
    assert "ms-1" in schema_of("checklist.yaml")["properties"]["answers"]["properties"]


def test_the_first_rubric_is_no_conflict_after_the_second(mlscore, folder):
    mlscore("init")
    mlscore("init", "checklist.yaml", "--rubric", "production-checklist")

    assert mlscore("init", "second.yaml").code == 0
    assert mlscore("init", "second-checklist.yaml", "--rubric", "production-checklist").code == 0

    assert len([name for name in os.listdir() if name.endswith(".json")]) == 2
    assert schema_of("second.yaml") == schema_of("project.yaml")
    assert schema_of("second-checklist.yaml") == schema_of("checklist.yaml")


def test_ids_that_begin_alike_do_not_share_a_schema(mlscore, folder):
    (folder / "a.yaml").write_text(RUBRIC)
    (folder / "b.yaml").write_text(RUBRIC.replace("id: small", "id: small-er").replace("data-3", "data-4"))

    assert mlscore("init", "one.yaml", "--rubric", "b.yaml").code == 0
    assert mlscore("init", "two.yaml", "--rubric", "a.yaml").code == 0

    assert "data-4" in schema_of("one.yaml")["properties"]["answers"]["properties"]
    assert "data-3" in schema_of("two.yaml")["properties"]["answers"]["properties"]


def test_a_related_test_without_an_answer_is_named_and_nothing_is_suggested(mlscore, write):
    write("other.yaml", "project: x\nanswers: {monitor-2: automated}\n")

    mlscore("init", "checklist.yaml", "--rubric", "production-checklist", "--from", "other.yaml")

    text = Path("checklist.yaml").read_text()
    assert "    # In other.yaml monitor-2 is automated:\n    # status: done\n" in text
    assert "    # In other.yaml monitor-2 is automated and monitor-4 is unanswered\n" in text
    assert text.count("# status: done") == 1
