"""`mlscore portfolio`: what is found, what is left out, what is asked for, and how it ends."""

import csv
import io
import json
import os
import sys
from pathlib import Path

import pytest

from formats.samples import RUBRIC, project_with
from formats.test_html import Page
from mlscore import bulk
from mlscore.cli import progress

CHURN = project_with({"data": 5, "model": 4, "infra": 8, "monitor": 6})  # scores 4, tier basic
BEST = project_with(dict.fromkeys(("data", "model", "infra", "monitor"), 14)).replace("churn", "best")
POOR = "project: poor\nowner: ana\nanswers: {data-1: {status: manual, date: 2026-10-01}}\n"
BROKEN = "project: broken\nanswers: {data-1: done}\n"
TEN = [
    "",
    "project: [\n",
    "project: x\n",
    "answers: {}\n",
    "project: x\nanswers: {data-99: manual}\n",
    "project: x\nanswers: {data-1: done}\n",
    "project: x\nanswers: {data-1: manual, data-1: manual}\n",
    "project: x\nrubric: none.yaml\nanswers: {}\n",
    b"project: \xff\nanswers: {}\n",
    "project: x\nowners: y\nanswers: {data-1: not_applicable}\n",
]


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch):
    """A process remembers what it read, by names from its folder; each test is in another."""
    for name in ("_files", "_known", "_placed"):
        monkeypatch.setattr(bulk, name, {})
    for function in (bulk._read, bulk._builtin):
        function.cache_clear()


@pytest.fixture
def found(mlscore):
    """Run and return the JSON."""

    def run(*arguments, code=0):
        done = mlscore("portfolio", *arguments, "-f", "json")
        assert done.code == code, done.err
        return json.loads(done.out)

    return run


@pytest.fixture
def paths(found):
    return lambda *arguments, **keys: [
        item["path"] for item in found(*arguments, "--sort", "path", **keys)["projects"]
    ]


@pytest.fixture
def three(write):
    for name, text in (("a", CHURN), ("b", BEST), ("c", POOR)):
        write(f"{name}/project.yaml", text)


# What is found


def test_folders_are_searched_for_project_files(write, paths):
    for name in ("project.yaml", "x/mlscore.yaml", "x/y/churn.mlscore.yaml", "x/other.yaml", "x/project.yml"):
        write(f"all/{name}", CHURN)

    assert paths("all") == ["all/project.yaml", "all/x/mlscore.yaml", "all/x/y/churn.mlscore.yaml"]
    assert paths("all/x/other.yaml") == ["all/x/other.yaml"]
    assert paths("all/x", "all/project.yaml") == [
        *("all/project.yaml", "all/x/mlscore.yaml", "all/x/y/churn.mlscore.yaml")
    ]


def test_patterns_take_the_place_of_the_usual_names(write, paths):
    for name in ("project.yaml", "a.score.yml", "b/score.yaml"):
        write(f"all/{name}", CHURN)

    assert paths("all", "--pattern", "*.score.yml", "--pattern", "score.yaml") == [
        *("all/a.score.yml", "all/b/score.yaml")
    ]


def test_globs_are_expanded(write, paths):
    for name in ("a/p.yaml", "b/p.yaml", "b/c/p.yaml", "b/q.yaml"):
        write(name, CHURN)

    assert paths("*/p.yaml") == ["a/p.yaml", "b/p.yaml"]
    assert paths("**/p.yaml") == ["a/p.yaml", "b/c/p.yaml", "b/p.yaml"]
    assert paths("[a]/p.yaml", "b/?.yaml") == ["a/p.yaml", "b/p.yaml", "b/q.yaml"]


def test_a_file_whose_name_looks_like_a_glob_is_itself(write, paths):
    write("a[1].yaml", CHURN)

    assert paths("a[1].yaml") == ["a[1].yaml"]


def test_a_glob_may_give_folders(three, paths):
    assert paths("[ab]") == ["a/project.yaml", "b/project.yaml"]


def test_a_list_of_paths(three, write, paths):
    write("list.txt", "# these\na\n\n  b/project.yaml  \nc*\r\n")

    assert paths("@list.txt") == ["a/project.yaml", "b/project.yaml", "c/project.yaml"]
    assert paths("@list.txt", "a/project.yaml") == ["a/project.yaml", "b/project.yaml", "c/project.yaml"]


def test_a_list_that_is_not_there(mlscore):
    run = mlscore("portfolio", "@none.txt")

    assert (run.code, run.out) == (2, "")
    assert "none.txt" in run.err


def test_a_file_that_is_not_there_is_left_out_and_said(three, mlscore):
    run = mlscore("portfolio", "a", "none.yaml")

    assert run.code == 2
    assert "churn" in run.out
    assert run.err.splitlines() == [
        *("none.yaml: cannot be read: no such file or directory", "left out, because something is wrong: 1 file")
    ]


def test_the_same_file_twice_and_by_a_link_is_one_project(three, paths):
    Path("link.yaml").symlink_to("a/project.yaml")
    Path("folder").symlink_to("b", target_is_directory=True)

    assert paths("a", "a/project.yaml", "./a/../a", "link.yaml", Path("a").resolve(), "folder") == [
        *("a/project.yaml", "folder/project.yaml")
    ]


def test_the_same_content_in_two_files_is_two_projects(write, paths):
    write("a/project.yaml", CHURN)
    write("b/project.yaml", CHURN)

    assert paths("a", "b") == ["a/project.yaml", "b/project.yaml"]


def test_links_that_loop_are_not_followed(three, paths, mlscore):
    Path("a/up").symlink_to("..", target_is_directory=True)
    Path("a/self").symlink_to("self")
    Path("c/mlscore.yaml").symlink_to("mlscore.yaml")

    assert paths("a", "b") == ["a/project.yaml", "b/project.yaml"]
    run = mlscore("portfolio", "c")
    assert run.code == 2
    assert run.err.startswith("c/mlscore.yaml: cannot be read: ")
    assert "poor" in run.out


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_cannot_be_searched_is_said(three, mlscore):
    Path("c").chmod(0)

    run = mlscore("portfolio", ".")

    Path("c").chmod(0o755)
    assert run.code == 2
    assert "best" in run.out
    assert run.err.startswith("./c: cannot be searched: permission denied\n")


def test_a_folder_that_cannot_be_searched_is_said_to_root_too(three, mlscore, monkeypatch):
    def scandir(path, real=os.scandir):
        if os.path.basename(path) == "c":
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)

    run = mlscore("portfolio", ".", "-f", "json")

    assert run.code == 2
    assert len(json.loads(run.out)["projects"]) == 2
    assert json.loads(run.out)["errors"] == [
        {"path": "./c", "messages": ["./c: cannot be searched: permission denied"]}
    ]


def test_hidden_folders_and_those_of_others_are_not_searched(write, paths):
    for name in ("a", ".hidden", "node_modules", "venv", "x/__pycache__", "x/.git"):
        write(f"all/{name}/project.yaml", CHURN)

    assert paths("all") == ["all/a/project.yaml"]
    assert paths("all/.hidden") == ["all/.hidden/project.yaml"]


def test_what_git_ignores_is_not_searched(repo, paths):
    repo.write(".gitignore", "build/\nold.mlscore.yaml\n")
    for name in (
        "a/project.yaml",
        "build/project.yaml",
        "a/build/project.yaml",
        "old.mlscore.yaml",
        "new.mlscore.yaml",
    ):
        repo.write(name, CHURN)

    assert paths(".") == ["./a/project.yaml", "./new.mlscore.yaml"]
    assert paths("a") == ["a/project.yaml"]
    assert paths("build/project.yaml") == ["build/project.yaml"]


@pytest.mark.parametrize("argument", ["empty", "*.none", "@list.txt"])
def test_nothing_found_is_an_error(write, mlscore, argument):
    Path("empty").mkdir()
    write("list.txt", "# nothing\n")

    run = mlscore("portfolio", argument)

    assert (run.code, run.out) == (2, "")
    assert "no project file in " in run.err
    assert argument in run.err


def test_without_a_path_it_is_a_usage_error(mlscore):
    assert mlscore("portfolio").code == 2


# What is broken


@pytest.fixture
def thousand(write):
    for place in range(1000):
        text = TEN[place // 100] if place % 100 == 7 else CHURN.replace("churn", f"p {place}")
        write(f"all/{place:03}/project.yaml", text)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_thousand_files_of_which_ten_are_broken(thousand, mlscore, jobs):
    run = mlscore("portfolio", "all", "-f", "json", "--jobs", jobs)
    data = json.loads(run.out)
    broken = [f"all/{place:03}/project.yaml" for place in range(7, 1000, 100)]

    assert run.code == 2
    assert len(data["projects"]) == 990
    assert [item["path"] for item in data["errors"]] == broken
    for item in data["errors"]:
        assert item["messages"][0].startswith(f"{item['path']}:") or "none.yaml" in item["messages"][-1]
        for message in item["messages"]:
            assert message in run.err.splitlines()
    assert run.err.splitlines()[-1] == "left out, because something is wrong: 10 files"
    assert data["rubrics"][0]["projects"] == 990


def test_with_keep_going_they_are_said_and_that_is_all(thousand, mlscore):
    run = mlscore("portfolio", "all", "--keep-going")

    assert run.code == 0
    assert run.err.splitlines()[-1] == "left out, because something is wrong: 10 files"
    assert "Left out: 10 files" in run.out
    assert ": 990 projects" in run.out


@pytest.mark.parametrize("name", ["table", "json", "csv", "markdown", "openmetrics", "html"])
def test_only_broken_files(write, mlscore, name):
    write("project.yaml", BROKEN)

    assert mlscore("portfolio", "project.yaml", "-f", name).code == 2
    assert mlscore("portfolio", "project.yaml", "-f", name, "--keep-going").code == 0


# Gates


def test_a_gate_applies_to_each_and_failures_are_listed(three, mlscore):
    run = mlscore("portfolio", "a", "b", "c", "--fail-under", 4)

    assert run.code == 1
    assert run.err.splitlines() == [
        "c/project.yaml: gate: the score 0 is below 4 (limited by Model, Infrastructure and Monitoring)"
    ]
    assert "Gate not met: 1 project" in run.out


def test_the_lowest_tier(three, mlscore):
    run = mlscore("portfolio", "a", "b", "c", "--min-tier", "strong")

    assert run.code == 1
    assert [line.partition(":")[0] for line in run.err.splitlines()] == ["c/project.yaml", "a/project.yaml"]
    assert mlscore("portfolio", "a", "b", "--min-tier", "basic", "--fail-under", "4").code == 0


def test_a_broken_file_wins_over_a_gate(three, write, mlscore):
    write("d/project.yaml", BROKEN)

    assert mlscore("portfolio", "c", "d", "--fail-under", 4).code == 2
    assert mlscore("portfolio", "c", "d", "--fail-under", 4, "--keep-going").code == 1


def test_a_file_s_own_gate_counts(write, mlscore):
    write("project.yaml", CHURN + "gate: {fail_under: 5}\n")

    assert mlscore("portfolio", "project.yaml").code == 1
    assert mlscore("portfolio", "project.yaml", "--fail-under", 4).code == 0


@pytest.mark.parametrize("value", ["x", "-1", "", "nan"])
def test_a_gate_that_is_no_number(three, mlscore, value):
    run = mlscore("portfolio", "a", f"--fail-under={value}")

    assert (run.code, run.out) == (2, "")


# Order, choice and parts


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("score", ["poor", "churn", "best"]),
        ("-score", ["best", "churn", "poor"]),
        ("project", ["best", "churn", "poor"]),
        ("-path", ["poor", "best", "churn"]),
        ("unanswered", ["best", "churn", "poor"]),
        ("oldest", ["poor", "best", "churn"]),
        ("-owner", ["poor", "best", "churn"]),
        ("tier", ["poor", "churn", "best"]),
    ],
)
def test_sorting(three, found, sort, names):
    assert [item["project"] for item in found("a", "b", "c", f"--sort={sort}")["projects"]] == names


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        (["tier=basic"], ["churn"]),
        (["owner=a*"], ["poor"]),
        (["project=*"], ["poor", "churn", "best"]),
        (["limiting=model"], ["poor", "churn", "best"]),
        (["tier=basic", "owner=ana"], []),
        (["path=b/*"], ["best"]),
        (["gate=none", "rubric=ml-*"], ["poor", "churn", "best"]),
    ],
)
def test_filters(three, found, filters, names):
    options = [part for text in filters for part in ("--filter", text)]

    assert [item["project"] for item in found("a", "b", "c", *options)["projects"]] == names


def test_a_gate_holds_only_what_is_chosen(three, mlscore):
    assert mlscore("portfolio", "a", "b", "c", "--fail-under", 4, "--filter", "tier=basic").code == 0
    assert mlscore("portfolio", "a", "b", "c", "--fail-under", 4, "--filter", "gate=failed").code == 1


def test_parts(three, mlscore):
    run = mlscore("portfolio", "a", "b", "c", "--group-by", "owner")

    assert [line for line in run.out.splitlines() if line.startswith("owner ")] == [
        *("owner ana: 1 project", "owner none: 2 projects")
    ]


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--sort=scores", "did you mean score?"),
        ("--sort=", "--sort: "),
        ("--sort=--score", "--sort: "),
        ("--filter=teir=gaps", "did you mean tier?"),
        ("--filter=tier", "KEY=VALUE"),
        ("--filter==gaps", "KEY=VALUE"),
        ("--group-by=owners", "did you mean owner?"),
        ("--group-by=score", "--group-by: "),
        ("--jobs=0", "--jobs"),
        ("--jobs=x", "--jobs"),
        ("--as-of=today", "--as-of"),
        ("--format=xml", "xml"),
    ],
)
def test_options_that_are_wrong_are_said_before_anything_is_read(mlscore, option, said):
    run = mlscore("portfolio", "none.yaml", option)

    assert (run.code, run.out) == (2, "")
    assert said in run.err
    assert "none.yaml" not in run.err


# Rubrics, evidence, outputs


def test_mixed_rubrics_are_kept_apart(three, write, mlscore, found):
    write("small.yaml", RUBRIC)
    write("d/project.yaml", "rubric: ../small.yaml\nproject: small one\nanswers: {data-1: automated}\n")
    write("e/project.yaml", "rubric: ml-test-score-2017\nproject: paper\nanswers: {data-1: automated}\n")
    data = found("a", "c", "d", "e")

    assert [(item["id"], item["projects"]) for item in data["rubrics"]] == [
        *(("ml-test-score-2016", 2), ("ml-test-score-2017", 1), ("small", 1))
    ]
    assert [item["project"] for item in data["projects"]] == ["poor", "churn", "paper", "small one"]
    assert [sum(item["counts"].values()) for item in data["gaps"]] == [2] * 28 + [1] * 28 + [1] * 5
    assert mlscore("portfolio", "a", "d").out.count("* limits the score") == 2


def test_one_rubric_for_all(three, found):
    data = found("a", "c", "--rubric", "ml-test-score-2017")

    assert [item["rubric"] for item in data["projects"]] == ["ml-test-score-2017"] * 2


def with_evidence(write, name):
    answer = "{status: manual, date: 2026-11-20, evidence: [{file: a.md}]}"
    answers = ", ".join(f"{category}-1: {answer}" for category in ("data", "model", "infra", "monitor"))
    write(f"{name}/project.yaml", f"project: {name}\nanswers: {{{answers}}}\n")
    write(f"{name}/a.md", "x")


def test_evidence_of_a_few_files_is_read_unless_it_is_not_wanted(write, found):
    with_evidence(write, "x")
    write("y/project.yaml", "project: y\nanswers: {}\n")

    def verified(*options):
        return [
            item["verified"]
            for item in found(".", "--as-of", "2026-11-21", "--sort", "project", *options)["projects"]
        ]

    assert verified() == verified("--verify") == [1, None]
    assert verified("--no-verify") == [None, None]


def test_evidence_of_many_files_is_read_only_when_it_is_asked_for(write, mlscore):
    for number in range(201):
        with_evidence(write, f"p{number}")

    quiet = mlscore("portfolio", ".", "-f", "json", "--jobs", "1", "--as-of", "2026-11-21")
    asked = mlscore("portfolio", ".", "-f", "json", "--jobs", "1", "--as-of", "2026-11-21", "--verify")

    assert quiet.err == "evidence is not read of more than 200 files; --verify reads it\n"
    assert {item["verified"] for item in json.loads(quiet.out)["projects"]} == {None}
    assert asked.err == ""
    assert {item["verified"] for item in json.loads(asked.out)["projects"]} == {1}


def test_the_suffix_of_the_output_chooses_the_format(three, mlscore):
    for name in ("out.html", "out.csv", "out.json", "out.md"):
        run = mlscore("portfolio", "a", "c", "-o", name)
        assert (run.code, run.out, run.err) == (0, "", "")

    assert Page(Path("out.html").read_text()).texts("h1") == ["Portfolio"]
    assert len(list(csv.reader(io.StringIO(Path("out.csv").read_text())))) == 3
    assert len(json.loads(Path("out.json").read_text())["projects"]) == 2
    assert (
        Path("out.md")
        .read_text()
        .startswith("## ml\\-test" if "\\-" in Path("out.md").read_text() else "## ml-test")
    )


def test_an_input_is_not_written_over(three, mlscore):
    run = mlscore("portfolio", "a", "b", "-o", "b/project.yaml", "-f", "json")

    assert (run.code, run.out) == (2, "")
    assert Path("b/project.yaml").read_text() == BEST


def test_the_same_input_gives_the_same_bytes(three, process):
    runs = [process("portfolio", ".", "-f", name, "--jobs", jobs) for name in ("json", "html") for jobs in (1, 2)]

    assert [run.returncode for run in runs] == [0] * 4
    assert runs[0].stdout == runs[1].stdout
    assert runs[2].stdout == runs[3].stdout
    assert [run.stderr for run in runs] == [b""] * 4


# Progress, and the end before the end


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("stream", "shown"), [(Terminal, True), (io.StringIO, False)])
def test_progress_is_for_a_terminal_and_gone_at_the_end(monkeypatch, stream, shown):
    monkeypatch.setattr(sys, "stderr", stream())
    monkeypatch.setattr(progress, "PATIENCE", 0)
    monkeypatch.setattr(progress, "PAUSE", 0)

    assert list(progress.tracked(range(2000), 2000, "files")) == list(range(2000))

    said = sys.stderr.getvalue()
    assert (said != "") is shown
    assert ("\r[###################.] 1,999 of 2,000 files" in said) is shown
    assert said.endswith("\r\x1b[K") is shown


def test_short_work_shows_no_progress(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())

    assert list(progress.tracked("abc", 3, "files")) == ["a", "b", "c"]
    assert sys.stderr.getvalue() == ""


def test_progress_is_cleared_when_something_is_raised(monkeypatch):
    def broken():
        yield from range(5)
        raise KeyboardInterrupt

    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr(progress, "PATIENCE", 0)
    with pytest.raises(KeyboardInterrupt):
        list(progress.tracked(broken(), 10, "files"))

    assert sys.stderr.getvalue().endswith("\r\x1b[K")


@pytest.mark.parametrize("known", [0, 2])
def test_ctrl_c_writes_what_is_known(three, mlscore, monkeypatch, known):
    def interrupted(paths, task, jobs, rubrics, real=bulk.rows):
        for place, item in enumerate(real(paths, task, 1, rubrics)):
            if place == known:
                raise KeyboardInterrupt
            yield item

    monkeypatch.setattr(bulk, "rows", interrupted)

    run = mlscore("portfolio", "a", "b", "c", "-f", "json", "--fail-under", 99)

    assert run.code == 130
    assert len(json.loads(run.out)["projects"]) == known
    assert run.err == f"interrupted: {known} of 3 files are in it\n"


def test_a_tier_that_no_rubric_has_is_named(mlscore, write):
    write("project.yaml", "project: x\nanswers: {}\n")

    result = mlscore("portfolio", ".", "--min-tier", "strnog")

    assert result.code == 2
    assert "--min-tier: 'strnog' is not a tier of ml-test-score-2016; did you mean strong?" in result.err


def test_a_wrong_rubric_is_said_once(mlscore, write):
    for name in "abc":
        write(f"{name}/project.yaml", "project: x\nanswers: {}\n")

    result = mlscore("portfolio", ".", "--rubric", "nope")

    assert (result.code, result.out) == (2, "")
    assert result.err.count("nope") == 1


def test_a_list_may_name_paths_that_begin_with_an_at_sign(mlscore, write):
    write("@scope/project.yaml", "project: x\nanswers: {}\n")
    write("list.txt", "# ours\n@scope\n")

    result = mlscore("portfolio", "@list.txt", "-f", "csv")

    assert result.code == 0
    assert "@scope/project.yaml" in result.out


def test_only_the_asterisk_is_special_in_a_filter(mlscore, write):
    write("a/project.yaml", "project: a\nowner: team[1]\nanswers: {}\n")
    write("b/project.yaml", "project: b\nowner: team1\nanswers: {}\n")

    def chosen(value):
        return mlscore("portfolio", ".", "--filter", f"owner={value}", "-f", "csv").out.count("project.yaml")

    assert [chosen(value) for value in ("team[1]", "team?", "team*", "*1")] == [1, 0, 2, 1]


def test_a_filter_that_matches_nothing_says_so(mlscore, write):
    write("project.yaml", "project: x\nanswers: {}\n")

    result = mlscore("portfolio", ".", "--filter", "owner=nobody")

    assert (result.code, result.err) == (0, "no project matches the filter\n")


def test_two_rubrics_of_one_id_stay_two_in_openmetrics(mlscore, write):
    for name in "ab":
        write(f"{name}/r.yaml", RUBRIC.replace("title: Small rubric", f"title: Rubric {name}"))
        write(f"{name}/project.yaml", "rubric: r.yaml\nproject: x\nanswers: {}\n")

    lines = mlscore("portfolio", ".", "-f", "openmetrics").out.splitlines()

    series = [line.rpartition(" ")[0] for line in lines if not line.startswith("#")]
    assert len(series) == len(set(series)) > 0
