"""`mlscore diff`: two files, or the same file at two commits."""

import json
import os
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from formats.samples import PROJECT, RUBRIC, project_with
from git_repository import all_files

OLD = project_with({"data": 5, "model": 4, "infra": 8, "monitor": 6})
NEW = project_with({"data": 5, "model": 6, "infra": 7, "monitor": 6})
NONE = "project: x\nanswers: {data-1: none}\n"
MANUAL = "project: x\nanswers: {data-1: manual}\n"
AUTOMATED = "project: x\nanswers: {data-1: automated}\n"


def data(run):
    assert (run.code, run.err) == (0, "")
    return json.loads(run.out)


@pytest.fixture
def compared(mlscore):
    """Compare two sides; what changed of data-1, from JSON."""

    def compare(old, new, *options):
        return [
            (test["old"], test["new"]) for test in data(mlscore("diff", old, new, "-f", "json", *options))["tests"]
        ]

    return compare


@pytest.fixture
def files(write):
    write("old.yaml", OLD)
    write("new.yaml", NEW)


class TestFormats:
    def test_the_table(self, mlscore, files):
        assert mlscore("diff", "old.yaml", "new.yaml").out == snapshot("""\
churn: 4 → 5 of 14, First pass at production → Reasonably tested
old.yaml → new.yaml, ml-test-score-2016 version 1 (sha256:aa42b87851da).

  Model           4 → 6
  Infrastructure  8 → 7

  model-3  unanswered → automated: All hyperparameters have been tuned
  infra-4  automated → manual: Quality is validated before serving
""")

    def test_markdown(self, mlscore, files):
        assert mlscore("diff", "old.yaml", "new.yaml", "-f", "markdown").out == snapshot("""\
<!-- mlscore -->
## ML Test Score, churn: 4 → 5 of 14, First pass at production → Reasonably tested

old.yaml → new.yaml, ml-test-score-2016 version 1 (sha256:aa42b87851da).

| Category | Old | New |
| --- | --- | --- |
| Model | 4 | 6 |
| Infrastructure | 8 | 7 |

| Test | Old | New | Title |
| --- | --- | --- | --- |
| model-3 | unanswered | automated | All hyperparameters have been tuned |
| infra-4 | automated | manual | Quality is validated before serving |
""")

    def test_json_has_the_keys_that_are_promised(self, mlscore, files):
        found = data(mlscore("diff", "old.yaml", "new.yaml", "-f", "json"))

        assert {"schema", "project", "rubric", "comparable", "old", "new", "tests"} <= set(found)
        assert (found["schema"], found["comparable"], found["rescored"]) == ("mlscore/diff/1", True, False)
        assert found["project"] == {"name": "churn", "path": "new.yaml"}
        assert found["old"] == {
            "score": 4,
            "tier": "basic",
            "verified": None,
            "categories": {"data": 5, "model": 4, "infra": 8, "monitor": 6},
        }
        assert (found["new"]["score"], found["new"]["tier"]) == (5, "reasonable")
        assert [(test["id"], test["old"], test["new"]) for test in found["tests"]] == [
            ("model-3", "unanswered", "automated"),
            ("infra-4", "automated", "manual"),
        ]

    def test_a_page(self, mlscore, files):
        assert mlscore("diff", "old.yaml", "new.yaml", "-f", "html", "-o", "diff.html") == (0, "", "")
        assert "model-3" in Path("diff.html").read_text(encoding="utf-8")

    @pytest.mark.parametrize("name", ["table", "markdown", "json", "html"])
    def test_nothing_changed(self, mlscore, files, name):
        run = mlscore("diff", "old.yaml", "old.yaml", "-f", name)

        assert (run.code, run.err) == (0, "")
        assert "No answer changed" in run.out or data(run)["tests"] == []

    def test_output_goes_to_a_file(self, mlscore, files):
        assert mlscore("diff", "old.yaml", "new.yaml", "-o", "diff.txt") == (0, "", "")
        assert Path("diff.txt").read_text(encoding="utf-8") == mlscore("diff", "old.yaml", "new.yaml").out

    def test_the_same_sides_give_the_same_bytes(self, process, files):
        runs = {
            process("diff", "old.yaml", "new.yaml", "-f", "html", env={"PYTHONHASHSEED": seed}).stdout
            for seed in "012"
        }

        assert len(runs) == 1


class TestRevisions:
    @pytest.fixture
    def three(self, repo):
        """None, manual and, not committed, automated; the first is tagged."""
        repo.commit({"p.yaml": NONE, "sub/p.yaml": NONE, "c:d.yaml": NONE})
        repo.git("tag", "v1")
        repo.commit({"p.yaml": MANUAL, "sub/p.yaml": MANUAL, "c:d.yaml": MANUAL})
        for name in ("p.yaml", "sub/p.yaml", "c:d.yaml"):
            repo.write(name, AUTOMATED)
        return repo

    @pytest.mark.parametrize(
        ("old", "new", "change"),
        [
            ("v1:p.yaml", "main:p.yaml", ("none", "manual")),
            ("main:p.yaml", "v1:p.yaml", ("manual", "none")),
            ("HEAD:p.yaml", "p.yaml", ("manual", "automated")),
            ("p.yaml", "HEAD~1:p.yaml", ("automated", "none")),
            ("v1:sub/p.yaml", "sub/p.yaml", ("none", "automated")),
            ("v1:./p.yaml", "p.yaml", ("none", "automated")),
            ("v1:sub/../p.yaml", "p.yaml", ("none", "automated")),
            ("v1:c:d.yaml", "c:d.yaml", ("none", "automated")),
            ("v1:c:d.yaml", "HEAD:c:d.yaml", ("none", "manual")),
            ("@:p.yaml", "p.yaml", ("manual", "automated")),
        ],
    )
    def test_sides(self, compared, three, old, new, change):
        assert compared(old, new) == [change]

    def test_an_absolute_path(self, compared, three):
        path = os.path.abspath("sub/p.yaml")

        assert compared(f"v1:{path}", path) == [("none", "automated")]

    def test_from_a_subfolder_a_path_is_taken_from_the_top_first(self, compared, three, monkeypatch):
        three.commit({"sub/p.yaml": AUTOMATED, "sub/own.yaml": MANUAL})
        monkeypatch.chdir("sub")

        assert compared("v1:p.yaml", "HEAD:own.yaml") == [("none", "manual")]
        assert compared("HEAD:p.yaml", "own.yaml") == [("automated", "manual")]

    def test_a_file_that_is_gone_today(self, compared, three):
        three.commit({"p.yaml": None})

        assert compared("v1:p.yaml", "HEAD~1:p.yaml") == [("none", "manual")]

    def test_a_file_that_is_called_like_a_revision_wins(self, compared, three):
        three.write("v1:p.yaml", AUTOMATED)

        assert compared("v1:p.yaml", "HEAD:p.yaml") == [("automated", "manual")]

    @pytest.mark.parametrize(
        ("side", "says"),
        [
            ("nope:p.yaml", "mlscore: 'nope' is no commit of this repository"),
            ("v1:none.yaml", "mlscore: v1 has no file none.yaml"),
            ("v1:sub", "mlscore: v1 has no file sub"),
            ("--help:p.yaml", "Error: "),
            ("v1~5:p.yaml", "mlscore: 'v1~5' is no commit of this repository"),
            (":p.yaml", ":p.yaml: cannot be read"),
            ("v1:", "v1:: cannot be read"),
            ("none.yaml", "none.yaml: cannot be read: no such file or directory"),
            ("v1\n::error::x:p.yaml", "is no commit of this repository"),
            ("a\0:p.yaml", "mlscore: "),
            ("v1:a\0b", "mlscore: v1 has no file a\\x00b"),
            ("v1:a\nb", "mlscore: v1 has no file a"),
            ("v1:\udcff.yaml", "mlscore: v1 has no file \\udcff.yaml"),
        ],
    )
    def test_what_there_is_not(self, mlscore, three, side, says):
        for sides in ((side, "p.yaml"), ("p.yaml", side)):
            code, out, err = mlscore("diff", *sides)

            assert (code, out) == (2, "")
            assert says in err
            assert "Traceback" not in err
            assert not [line for line in err.splitlines() if line.startswith("::")]

    def test_a_shallow_clone_says_how_to_get_more(self, mlscore, three, monkeypatch):
        first = three.git("rev-parse", "v1")
        three.git("clone", "-q", "--depth=1", f"file://{three.folder}", "../clone")
        monkeypatch.chdir("../clone")

        run = mlscore("diff", f"{first}:p.yaml", "p.yaml")

        assert (run.code, run.out) == (2, "")
        assert "is no commit of this repository; the clone is shallow, fetch more of it" in run.err

    def test_outside_a_repository(self, mlscore, three, monkeypatch):
        monkeypatch.chdir("..")

        run = mlscore("diff", "main:p.yaml", "repo/p.yaml")

        assert (run.code, run.out) == (2, "")
        assert run.err == "mlscore: git: not a git repository (or any of the parent directories): .git\n"

    def test_git_is_needed_for_revisions_only(self, process, three, tmp_path):
        env = {"PATH": str(tmp_path)}

        assert process("diff", "p.yaml", "sub/p.yaml", env=env).returncode == 0
        assert process("diff", "v1:p.yaml", "p.yaml", env=env).returncode == 2

    def test_nothing_is_written(self, mlscore, three):
        before = all_files(three.folder)

        mlscore("diff", "v1:p.yaml", "p.yaml")

        assert all_files(three.folder) == before

    def test_a_file_of_a_commit_that_is_wrong_is_located_there(self, mlscore, three):
        three.commit({"p.yaml": "project: x\nansers: {}\n"})

        run = mlscore("diff", "HEAD:p.yaml", "v1:p.yaml")

        assert (run.code, run.out) == (2, "")
        assert run.err.startswith("HEAD:p.yaml:1:1: the key 'answers' is missing\nHEAD:p.yaml:2:1: ")


class TestRubrics:
    """Both sides are scored with the rubric of the new one."""

    def test_another_scale(self, mlscore, write):
        write("old.yaml", OLD)
        write("new.yaml", f"rubric: ml-test-score-2017\n{OLD}")
        found = data(mlscore("diff", "old.yaml", "new.yaml", "-f", "json"))

        assert (found["comparable"], found["rescored"]) == (True, True)
        assert found["old_rubric"]["id"] == "ml-test-score-2016"
        assert found["rubric"]["id"] == "ml-test-score-2017"
        assert found["old"]["score"] == found["new"]["score"] == 2
        assert found["tests"] == []
        text = " ".join(mlscore("diff", "old.yaml", "new.yaml").out.split())
        assert "The rubric changed from ml-test-score-2016 version 1" in text
        assert "both sides are scored with the new one" in text

    def test_a_rubric_that_does_not_take_the_answers(self, mlscore, write):
        write("small.yaml", RUBRIC)
        write("old.yaml", OLD)
        write("new.yaml", PROJECT)
        found = data(mlscore("diff", "old.yaml", "new.yaml", "-f", "json"))

        assert found["comparable"] is False
        assert "model-1" in found["lost"]
        assert "Not comparable" in mlscore("diff", "old.yaml", "new.yaml").out

    def test_a_rubric_of_the_command_line_is_for_both(self, mlscore, files):
        found = data(mlscore("diff", "old.yaml", "new.yaml", "-f", "json", "-r", "ml-test-score-2017"))

        assert found["rubric"]["id"] == found["old_rubric"]["id"] == "ml-test-score-2017"

    def test_a_rubric_file_is_that_of_the_commit(self, mlscore, repo):
        project = "rubric: rules/small.yaml\nproject: x\nanswers: {data-1: automated, serving-1: automated}\n"
        repo.commit({"rules/small.yaml": RUBRIC, "p.yaml": project})
        repo.write("rules/small.yaml", RUBRIC.replace("automated: {points: 1,", "automated: {points: 2,"))

        there = data(mlscore("diff", "HEAD:p.yaml", "HEAD:p.yaml", "-f", "json"))
        moved = data(mlscore("diff", "HEAD:p.yaml", "p.yaml", "-f", "json"))

        assert there["new"]["score"] == 1
        assert (moved["rescored"], moved["old"]["score"], moved["new"]["score"]) == (True, 2, 2)

    @pytest.mark.parametrize("way", ["../small.yaml", "../../small.yaml", "sub/../../small.yaml", "ABSOLUTE"])
    def test_a_rubric_outside_the_repository_is_refused(self, mlscore, repo, tmp_path, way):
        (tmp_path / "small.yaml").write_text(RUBRIC)
        way = way.replace("ABSOLUTE", f"{tmp_path}/small.yaml")
        repo.commit({"p.yaml": f"rubric: {way}\nproject: x\nanswers: {{}}\n", "q.yaml": NONE})

        run = mlscore("diff", "HEAD:p.yaml", "q.yaml")

        assert (run.code, run.out) == (2, "")
        assert "outside the repository, so the commit has no such file" in run.err
        assert f"HEAD:p.yaml:1:9: the rubric '{way}'"[:40] in run.err

    def test_a_rubric_above_the_file_but_inside_the_repository(self, mlscore, repo):
        text = "rubric: ../../small.yaml\nproject: x\nanswers: {data-1: manual}\n"
        repo.commit({"small.yaml": RUBRIC, "a/b/p.yaml": text})

        assert mlscore("diff", "HEAD:a/b/p.yaml", "a/b/p.yaml").code == 0


class TestEvidence:
    def test_it_is_read_for_files_on_the_disk_only(self, mlscore, repo):
        text = "project: x\nanswers: {data-1: {status: manual, evidence: [{file: proof.md}]}}\n"
        repo.commit({"p.yaml": text, "proof.md": "proof\n"})
        options = ("-f", "json", "--as-of", "2026-11-21")

        disk = data(mlscore("diff", "p.yaml", "p.yaml", *options))
        mixed = data(mlscore("diff", "HEAD:p.yaml", "p.yaml", *options))

        assert disk["old"]["verified"] == disk["new"]["verified"] == 0
        assert (mixed["old"]["verified"], mixed["tests"]) == (None, [])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("", "Missing argument"),
        ("old.yaml", "Missing argument"),
        ("old.yaml new.yaml third.yaml", "unexpected extra argument"),
        ("old.yaml new.yaml -f xml", "is not one of table, markdown, json or html"),
        ("old.yaml new.yaml -f jsn", "did you mean json?"),
        ("old.yaml new.yaml -r nope", "nope"),
        ("old.yaml new.yaml --as-of today", "--as-of"),
        ("old.yaml new.yaml -o old.yaml", "old.yaml: not written: it is an input"),
        ("old.yaml new.yaml -o ./new.yaml", "./new.yaml: not written: it is an input"),
        ("old.yaml new.yaml -o .", ".: not written: it is a folder"),
    ],
)
def test_what_does_not_make_sense(mlscore, files, arguments, says):
    run = mlscore("diff", *arguments.split())

    assert (run.code, run.out) == (2, "")
    assert says in run.err
    assert Path("old.yaml").read_text() == OLD
