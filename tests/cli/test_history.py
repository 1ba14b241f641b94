"""`mlscore history` and `mlscore blame`: what git knows of a project file."""

import csv
import io
import json
import os
import sys
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from formats.samples import RUBRIC
from git_repository import GitFolder, all_files, spied
from mlscore.cli import progress
from mlscore.loading import projects

HEAD = "rubric: small.yaml\nproject: churn\nanswers:\n"
LONG = "# a line that stays, so that a rename is seen\n" * 5


def small(**answers):
    """A project on the small rubric: small(data_1="manual")."""
    return HEAD + "".join(f"  {name.replace('_', '-')}: {status}\n" for name, status in answers.items()) + LONG


NONE = small(data_1="none", serving_1="none")
LOW = small(data_1="manual", serving_1="manual")
HIGH = small(data_1="automated", serving_1="automated")
TREBLED = RUBRIC.replace("automated: {points: 1,", "automated: {points: 3,")


@pytest.fixture
def told(repo):
    """Four commits: created, raised by Zoë under another name, broken, mended and raised."""
    repo.commit({"small.yaml": RUBRIC, "sub/old.yaml": NONE.replace("small.yaml", "../small.yaml")})
    repo.rename("sub/old.yaml", "p.yaml", author="Zoë")
    repo.commit({"p.yaml": LOW}, author="Zoë")
    repo.commit({"p.yaml": "project: churn\n"})
    repo.commit({"p.yaml": HIGH})
    return repo


def data(run):
    assert (run.code, run.err) == (0, "")
    return json.loads(run.out)


class TestFormats:
    def test_the_table(self, mlscore, told):
        assert mlscore("history", "p.yaml").out == snapshot("""\
churn: 0 of 2 → 1 of 2 in 4 commits, scored with small
▁▁▃▅

2026-01-02 67515fb7  0 of 2 low: data 0, serving 0
2026-01-03 f7dc91e8  0 of 2 low: data 0, serving 0
2026-01-04 1b589556  0.5 of 2 low: data 0.5, serving 0.5
2026-01-06 0a8dc7b8  1 of 2 low: data 1, serving 1
2026-01-05 10e44c14  not scored: 10e44c146298:p.yaml:1:1: the key 'answers' is
                     missing
""")

    def test_json_has_the_keys_that_are_promised(self, mlscore, told):
        found = data(mlscore("history", "p.yaml", "-f", "json"))
        broken = told.git("rev-parse", "HEAD~1")

        assert {"schema", "mlscore", "project", "rubric", "points", "errors"} == set(found)
        assert found["schema"] == "mlscore/history/1"
        assert found["project"] == {"name": "churn", "path": "p.yaml"}
        assert found["rubric"]["id"] == "small"
        assert [set(point) for point in found["points"]] == [
            {
                *("commit", "date", "score", "tier", "categories"),
                *("author", "path", "rubric", "max_score", "lost"),
            }
        ] * 4
        last = found["points"][-1]
        assert (last["commit"], last["date"]) == (told.head, "2026-01-06T12:00:00+00:00")
        assert (last["score"], last["tier"], last["categories"]) == (1, "low", {"data": 1, "serving": 1})
        assert [point["score"] for point in found["points"]] == [0, 0, 0.5, 1]
        assert [point["path"] for point in found["points"]] == ["sub/old.yaml", "p.yaml", "p.yaml", "p.yaml"]
        assert [point["author"] for point in found["points"]] == ["Anna", "Zoë", "Zoë", "Anna"]
        (error,) = found["errors"]
        assert (error["commit"], error["date"]) == (broken, "2026-01-05T12:00:00+00:00")
        assert error["messages"] == [f"{broken[:12]}:p.yaml:1:1: the key 'answers' is missing"]

    def test_csv(self, mlscore, told):
        rows = list(csv.DictReader(io.StringIO(mlscore("history", "p.yaml", "-f", "csv").out)))

        assert [row["score"] for row in rows] == ["0", "0", "0.5", "1"]
        assert rows[-1] == {
            "commit": told.head,
            "date": "2026-01-06T12:00:00+00:00",
            "author": "Anna",
            "rubric": "small",
            "score": "1",
            "max_score": "2",
            "tier": "low",
            "data": "1",
            "serving": "1",
        }

    def test_a_page(self, mlscore, told):
        assert mlscore("history", "p.yaml", "-o", "../history.html") == (0, "", "")
        page = Path("../history.html").read_text(encoding="utf-8")
        assert "<svg" in page
        assert "0 of 2 &#8594; 1 of 2" in page
        assert told.head[:8] in page
        assert "Not scored" in page

    @pytest.mark.parametrize(("name", "start"), [("h.json", "{"), ("h.csv", "commit,"), ("h.html", "<!")])
    def test_the_suffix_chooses_the_format(self, mlscore, told, name, start):
        assert mlscore("history", "p.yaml", "-o", name) == (0, "", "")
        assert Path(name).read_text(encoding="utf-8").lower().startswith(start)

    def test_the_same_history_gives_the_same_bytes(self, process, told):
        runs = {
            process("history", "p.yaml", "-f", "html", env=env).stdout
            for env in ({"PYTHONHASHSEED": "0", "TZ": "UTC"}, {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo"})
        }

        assert len(runs) == 1

    def test_names_of_strangers_are_made_visible(self, mlscore, repo):
        repo.commit({"small.yaml": RUBRIC, "p.yaml": LOW}, author="\x1b[31m\u202e=1+1<script>")

        for name in ("table", "json", "csv", "html"):
            out = mlscore("history", "p.yaml", "-f", name).out + mlscore("blame", "p.yaml", "-f", name).out
            assert "\x1b" not in out
            assert "\u202e" not in out
            assert name != "html" or "<script>" not in out


class TestWhatCounts:
    """Which commits there are, and what each is scored with."""

    def test_all_commits_are_scored_with_the_rubric_of_today(self, mlscore, repo):
        repo.commit({"small.yaml": RUBRIC, "p.yaml": HIGH})
        repo.commit({"small.yaml": TREBLED})

        assert [point["score"] for point in data(mlscore("history", "p.yaml", "-f", "json"))["points"]] == [3]

    def test_a_rubric_of_the_command_line_wins(self, mlscore, told):
        told.commit({"p.yaml": small(data_1="automated")})
        found = data(mlscore("history", "p.yaml", "-f", "json", "-r", "ml-test-score-2017"))

        assert found["rubric"]["id"] == "ml-test-score-2017"
        assert [point["lost"] for point in found["points"]] == [["serving-1"]] * 4 + [[]]
        assert [point["categories"]["data"] for point in found["points"]] == [0, 0, 0.5, 1, 1]

    def test_each_commit_with_the_rubric_that_lay_beside_it_then(self, mlscore, repo):
        repo.commit({"small.yaml": RUBRIC, "p.yaml": HIGH})
        repo.commit({"small.yaml": TREBLED, "p.yaml": HIGH + "# again\n"})
        repo.commit({"p.yaml": LOW})
        repo.commit({"p.yaml": HIGH})
        found = data(mlscore("history", "p.yaml", "-f", "json", "--rubric-of-then"))

        assert found["rubric"] is None
        assert [point["score"] for point in found["points"]] == [1, 3, 0.5, 3]
        assert [point["max_score"] for point in found["points"]] == [2, 6, 6, 6]
        assert len({point["rubric"]["digest"] for point in found["points"]}) == 2
        assert "each scored with the rubric of its time" in mlscore("history", "p.yaml", "--rubric-of-then").out

    def test_a_rubric_of_then_extends_another_file_of_then(self, mlscore, repo):
        extending = "id: ours\nversion: 1\nextends: ../base.yaml\n"
        project = LOW.replace("small.yaml", "rules/own.yaml")
        repo.commit({"base.yaml": RUBRIC, "rules/own.yaml": extending, "p.yaml": project})
        repo.commit({"base.yaml": "not a rubric", "p.yaml": project + "#\n"})
        repo.commit({"base.yaml": None, "p.yaml": project + "##\n"})
        repo.write("base.yaml", RUBRIC)
        found = data(mlscore("history", "p.yaml", "-f", "json", "--rubric-of-then"))

        assert [point["score"] for point in found["points"]] == [0.5]
        assert any("the commit has no such file" in line for line in found["errors"][1]["messages"])

    def test_a_rubric_outside_the_repository_belongs_to_no_commit(self, mlscore, repo):
        Path("../small.yaml").write_text(RUBRIC)
        repo.commit({"p.yaml": LOW})
        repo.commit({"p.yaml": LOW.replace("small.yaml", "../small.yaml")})
        repo.commit({"p.yaml": LOW.replace("small.yaml", os.path.abspath("../small.yaml"))})
        repo.commit({"p.yaml": "project: churn\nanswers: {data-1: manual}\n"})
        found = data(mlscore("history", "p.yaml", "-f", "json", "--rubric-of-then"))

        assert len(found["points"]) == 1
        assert len(found["errors"]) == 3
        assert ["outside the repository" in " ".join(error["messages"]) for error in found["errors"]] == [
            False,
            True,
            True,
        ]

    def test_answers_that_the_rubric_does_not_know_are_named(self, mlscore, repo):
        repo.commit({"small.yaml": RUBRIC, "p.yaml": NONE})
        repo.commit({"p.yaml": small(data_1="manual", gone_1="manual")})
        repo.commit({"p.yaml": LOW})

        run = mlscore("history", "p.yaml")

        assert "without gone-1" in run.out

    def test_a_merge_stands_for_its_branch(self, mlscore, repo):
        first = repo.commit({"small.yaml": RUBRIC, "p.yaml": NONE})
        repo.branch("side")
        repo.commit({"p.yaml": LOW})
        repo.commit({"p.yaml": HIGH})
        repo.go("main")
        merged = repo.merge("side")

        points = data(mlscore("history", "p.yaml", "-f", "json"))["points"]

        assert [(point["commit"], point["score"]) for point in points] == [(first, 0), (merged, 1)]

    def test_a_change_that_is_not_committed_is_not_part_of_it(self, mlscore, told):
        told.write("p.yaml", NONE)

        assert data(mlscore("history", "p.yaml", "-f", "json"))["points"][-1]["score"] == 1

    @pytest.mark.parametrize("command", ["history", "blame"])
    def test_a_shallow_clone_says_so(self, mlscore, told, monkeypatch, command):
        told.git("clone", "-q", "--depth=1", f"file://{told.folder}", "../clone")
        monkeypatch.chdir("../clone")

        run = mlscore(command, "p.yaml")

        assert run.code == 0
        assert (
            run.err == "p.yaml: the clone is shallow: what is older than it is not seen (git fetch --unshallow)\n"
        )
        assert told.head[:8] in run.out

    @pytest.mark.parametrize("place", ["worktree", "submodule"])
    def test_in_a_worktree_and_in_a_submodule(self, mlscore, told, monkeypatch, tmp_path, place):
        if place == "worktree":
            told.git("worktree", "add", "-q", "-b", "side", tmp_path / "there")
            monkeypatch.chdir(tmp_path / "there")
        else:
            outer = GitFolder(tmp_path / "outer")
            outer.git("-c", "protocol.file.allow=always", "submodule", "-q", "add", str(told.folder), "in")
            monkeypatch.chdir(outer.folder / "in")

        points = data(mlscore("history", "p.yaml", "-f", "json"))["points"]

        assert [point["score"] for point in points] == [0, 0, 0.5, 1]
        assert "Zoë" not in mlscore("blame", "p.yaml").out


class TestRefusals:
    @pytest.mark.parametrize("command", ["history", "blame"])
    def test_standard_input(self, mlscore, repo, command):
        assert mlscore(command, "-") == (2, "", "mlscore: standard input has no history; name a file\n")

    @pytest.mark.parametrize("command", ["history", "blame"])
    def test_a_file_outside_git(self, mlscore, repo, write, command):
        write("p.yaml", "project: x\nanswers: {}\n")

        code, out, err = mlscore(command, "../p.yaml")

        assert (code, out) == (2, "")
        assert err.startswith("mlscore: git: not a git repository")

    def test_a_file_that_was_never_committed(self, mlscore, told):
        told.write("new.yaml", LOW)

        why = "no commit has it as a project that can be read"
        assert mlscore("history", "new.yaml") == (2, "", f"mlscore: new.yaml: {why}\n")
        assert "not committed yet" in mlscore("blame", "new.yaml").out

    def test_a_repository_without_commits(self, mlscore, repo):
        repo.write("p.yaml", "project: x\nanswers: {}\n")

        code, out, err = mlscore("history", "p.yaml")

        assert (code, out) == (2, "")
        assert err.startswith("mlscore: ")
        assert err.count("\n") == 1

    @pytest.mark.parametrize("command", ["history", "blame"])
    def test_a_file_that_is_wrong_now(self, mlscore, told, command):
        told.write("p.yaml", "project: x\nansers: {}\n")

        code, out, err = mlscore(command, "p.yaml")

        assert (code, out) == (2, "")
        assert err.startswith("p.yaml:1:1: ")

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            ("history none.yaml", "none.yaml: cannot be read: no such file or directory"),
            ("history p.yaml -f jsn", "did you mean json?"),
            ("history p.yaml -f markdown", "is not one of table, json, csv or html"),
            ("history p.yaml --color red", "--color"),
            ("history p.yaml -r nope", "nope"),
            ("history p.yaml -r small.yaml --rubric-of-then", "give --rubric or --rubric-of-then, not both"),
            ("history p.yaml -o p.yaml", "p.yaml: not written: it is an input"),
            ("history p.yaml -o none/x.json", "none/x.json: not written: no such file or directory"),
            ("blame p.yaml -f xml", "is not one of table, json, csv or html"),
            ("blame p.yaml -o p.yaml", "p.yaml: not written: it is an input"),
            ("blame", "Missing argument"),
            ("history", "Missing argument"),
        ],
    )
    def test_what_does_not_make_sense(self, mlscore, told, arguments, says):
        run = mlscore(*arguments.split())

        assert (run.code, run.out) == (2, "")
        assert says in run.err

    def test_git_is_missing(self, process, told, tmp_path):
        for command in ("history", "blame"):
            run = process(command, "p.yaml", env={"PATH": str(tmp_path)})

            assert (run.returncode, run.stdout) == (2, b"")
            assert run.stderr.startswith(b"mlscore: git is needed for this, but it is not installed")


class TestThousandCommits:
    """The whole history costs one process a phase, and each content is read once."""

    @pytest.fixture
    def long(self, repo):
        texts = [NONE, LOW, HIGH, "project: [\n", LOW + "# other\n"]
        repo.commit({"small.yaml": RUBRIC})
        repo.git("checkout", "-q", "--orphan", "x")
        repo.git("branch", "-D", "main")
        repo.many("p.yaml", [texts[place % 5] for place in range(1000)])
        repo.go("main")
        repo.write("p.yaml", HIGH)
        repo.write("small.yaml", RUBRIC)
        return repo

    @pytest.mark.parametrize("command", ["history", "blame"])
    def test_git_is_called_once_a_phase(self, process, long, tmp_path, command):
        path, log = spied(tmp_path)

        assert process(command, "p.yaml", env={"PATH": path}).returncode == 0

        calls = [next(word for word in line.split() if word in VERBS) for line in log.read_text().splitlines()]
        assert sorted(set(calls)) == ["cat-file", "log", "rev-parse"]
        assert len(calls) <= (3 if command == "history" else 4)

    def test_each_content_is_scored_once(self, mlscore, long, monkeypatch):
        read = []
        whole = projects.parse_answers
        monkeypatch.setattr(projects, "parse_answers", lambda raw, name: (read.append(raw), whole(raw, name))[1])

        found = data(mlscore("history", "p.yaml", "-f", "json"))

        assert (len(found["points"]), len(found["errors"])) == (800, 200)
        assert len(read) == len(set(read)) == 5

    def test_progress_on_a_terminal_only_and_never_on_stdout(self, mlscore, long, monkeypatch):
        monkeypatch.setattr(progress, "PATIENCE", 0)
        monkeypatch.setattr(progress, "PAUSE", 0)
        quiet = mlscore("history", "p.yaml", "-f", "csv")
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
        loud = mlscore("history", "p.yaml", "-f", "csv")

        assert quiet.err == ""
        assert loud.out == quiet.out
        assert "\r[##########..........] 500 of 1,000 commits" in loud.err
        assert loud.err.endswith("\r\x1b[K")
        assert "\n" not in loud.err

    def test_no_progress_where_it_is_quick(self, mlscore, told, monkeypatch):
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

        assert mlscore("history", "p.yaml").err == ""


VERBS = {"rev-parse", "log", "cat-file", "diff", "merge-base", "show", "rev-list", "status"}


class TestBlame:
    def test_the_table(self, mlscore, told):
        assert mlscore("blame", "p.yaml").out == snapshot("""\
data-1     automated, 2026-01-06 0a8dc7b8 Anna (Feature schema)
serving-1  automated, 2026-01-06 0a8dc7b8 Anna (Roll back is quick)
""")

    def test_json(self, mlscore, told):
        found = data(mlscore("blame", "p.yaml", "-f", "json"))

        assert list(found) == ["schema", "mlscore", "project", "rubric", "answers"]
        assert found["schema"] == "mlscore/blame/1"
        assert found["answers"][0] == {
            "test": "data-1",
            "status": "automated",
            "commit": told.head,
            "date": "2026-01-06T12:00:00+00:00",
            "author": "Anna",
        }

    def test_csv_and_a_page(self, mlscore, told):
        rows = list(csv.DictReader(io.StringIO(mlscore("blame", "p.yaml", "-f", "csv").out)))

        assert [row["test"] for row in rows] == ["data-1", "serving-1"]
        assert mlscore("blame", "p.yaml", "-f", "html", "-o", "blame.html").code == 0
        assert told.head[:8] in Path("blame.html").read_text(encoding="utf-8")

    def who(self, mlscore, *options):
        answers = data(mlscore("blame", "p.yaml", "-f", "json", *options))["answers"]
        return {item["test"]: (item["commit"], item["author"]) for item in answers}

    def test_each_answer_has_its_own_author(self, mlscore, repo):
        first = repo.commit({"small.yaml": RUBRIC, "p.yaml": NONE}, author="Anna")
        second = repo.commit({"p.yaml": small(data_1="none", serving_1="manual")}, author="Ben")
        repo.commit({"p.yaml": small(data_1="none", serving_1="manual") + "# a remark\n"}, author="Carla")

        assert self.who(mlscore) == {"data-1": (first, "Anna"), "serving-1": (second, "Ben")}

    def test_an_answer_that_went_down_and_up_again_is_the_last_one_s(self, mlscore, repo):
        repo.commit({"small.yaml": RUBRIC, "p.yaml": LOW}, author="Anna")
        repo.commit({"p.yaml": NONE}, author="Ben")
        last = repo.commit({"p.yaml": LOW}, author="Carla")

        assert self.who(mlscore)["data-1"] == (last, "Carla")

    def test_what_is_not_committed_is_nobody_s_yet(self, mlscore, told):
        told.write("p.yaml", small(data_1="automated", serving_1="manual", serving_2="none"))

        assert self.who(mlscore) == {
            "data-1": (told.head, "Anna"),
            "serving-1": (None, None),
            "serving-2": (None, None),
        }
        assert "serving-1  manual, not committed yet" in mlscore("blame", "p.yaml").out

    def test_renames_are_followed(self, mlscore, repo):
        first = repo.commit({"small.yaml": RUBRIC, "old.yaml": LOW}, author="Ben")
        repo.rename("old.yaml", "p.yaml", author="Carla")

        assert set(self.who(mlscore).values()) == {(first, "Ben")}

    def test_a_merge_is_not_the_author_of_what_its_branches_did(self, mlscore, repo):
        repo.commit({"small.yaml": RUBRIC, "p.yaml": HEAD + "  data-1: none\n" + LONG + "  serving-1: none\n"})
        repo.branch("side")
        side = repo.commit({"p.yaml": HEAD + "  data-1: none\n" + LONG + "  serving-1: manual\n"}, author="Ben")
        repo.go("main")
        main = repo.commit({"p.yaml": HEAD + "  data-1: manual\n" + LONG + "  serving-1: none\n"}, author="Carla")
        repo.merge("side", author="Dora")

        assert self.who(mlscore) == {"data-1": (main, "Carla"), "serving-1": (side, "Ben")}

    def test_a_merge_is_the_author_of_what_neither_branch_had(self, mlscore, repo):
        repo.commit({"small.yaml": RUBRIC, "p.yaml": NONE})
        repo.branch("side")
        repo.commit({"p.yaml": LOW}, author="Ben")
        repo.go("main")
        repo.commit({"p.yaml": NONE + "#\n"}, author="Carla")
        merged = repo.merge("side", author="Dora", files={"p.yaml": HIGH})

        assert set(self.who(mlscore).values()) == {(merged, "Dora")}

    def test_an_alias_is_the_same_answer(self, mlscore, repo):
        first = repo.commit({"small.yaml": RUBRIC, "p.yaml": small(data_3="manual")}, author="Ben")
        repo.commit({"p.yaml": small(input_3="manual")}, author="Carla")

        assert self.who(mlscore) == {"data-3": (first, "Ben")}

    def test_a_commit_that_cannot_be_read_is_passed_over(self, mlscore, repo):
        first = repo.commit({"small.yaml": RUBRIC, "p.yaml": LOW}, author="Ben")
        repo.commit({"p.yaml": LOW + "<<<<<<< HEAD\n"}, author="Carla")
        repo.commit({"p.yaml": LOW + "# mended\n"}, author="Dora")

        assert set(self.who(mlscore).values()) == {(first, "Ben")}

    def test_a_file_that_was_taken_away_and_came_back_is_a_new_one(self, mlscore, repo):
        repo.commit({"small.yaml": RUBRIC, "p.yaml": LOW}, author="Ben")
        repo.commit({"p.yaml": None}, author="Carla")
        last = repo.commit({"p.yaml": LOW}, author="Dora")

        assert set(self.who(mlscore).values()) == {(last, "Dora")}

    def test_no_answer_yet(self, mlscore, repo):
        repo.commit({"p.yaml": "project: x\nanswers: {}\n"})

        assert mlscore("blame", "p.yaml") == (0, "There is no answer yet.\n", "")


@pytest.mark.parametrize("command", ["history p.yaml", "history p.yaml --rubric-of-then", "blame p.yaml"])
def test_nothing_is_written(mlscore, told, command):
    told.write("p.yaml", LOW)
    os.utime("p.yaml", (0, 0))
    before = all_files(told.folder)

    for name in ("table", "json", "csv", "html"):
        assert mlscore(*command.split(), "-f", name).code == 0

    assert all_files(told.folder) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_read_only(mlscore, told):
    for path in (told.folder, told.folder / ".git"):
        path.chmod(0o555)
    try:
        assert mlscore("history", "p.yaml").code == 0
        assert mlscore("blame", "p.yaml").code == 0
    finally:
        for path in (told.folder, told.folder / ".git"):
            path.chmod(0o755)
