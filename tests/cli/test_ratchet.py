"""`assess --no-regress REF` and `--prove`: a gate that no edit of the change under review gets around."""

import io
import json
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from inline_snapshot import snapshot

from formats.samples import RUBRIC
from git_repository import all_files, script

BASE = (
    """\
project: x
answers:
  data-1: automated
  data-2: manual
  model-1: manual
  infra-1: manual
  infra-2: manual
  monitor-1: manual
gate: {fail_under: 1, min_tier: gaps, require: [data-1], categories: {data: 2}}
"""
    + "# a line that stays, so that a rename is seen\n" * 9
)
SMALL = "rubric: small.yaml\nproject: x\nanswers: {data-1: automated, data-3: manual, serving-1: manual}\n"


@pytest.fixture
def base(repo):
    """A branch, at the same commit as main, on which a change is under review."""
    repo.commit({"p.yaml": BASE})
    repo.branch("change")
    return repo


@pytest.fixture
def held(mlscore):
    """Hold p.yaml, or other files, to main; only talk and verdict."""

    def run(*arguments):
        return mlscore("assess", *(arguments or ("p.yaml",)), "--no-regress", "main", "-q")

    return run


def edited(*pairs):
    text = BASE
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


class TestWhatGoesDown:
    """Each is exit 1, and named."""

    @pytest.mark.parametrize(
        ("old", "new", "says"),
        [
            ("data-1: automated", "data-1: manual", "data-1 went down from automated to manual"),
            ("data-1: automated", "data-1: manual", "Data went down from 3 to 2"),
            ("infra-2: manual", "infra-2: none", "infra-2 went down from manual to none"),
            ("  infra-2: manual\n", "", "infra-2 was manual and has no answer any more"),
            ("infra-2: manual", "infra-2:", "infra-2 was manual and has no answer any more"),
            (
                "infra-2: manual",
                "infra-2: {status: not_applicable, reason: none}",
                "infra-2 went down from manual to not_applicable",
            ),
            ("  model-1: manual\n", "", "the score went down from 1 to 0"),
            ("fail_under: 1, ", "", "fail_under of the gate is gone; it was 1"),
            ("fail_under: 1", "fail_under: 0.5", "fail_under of the gate went down from 1 to 0.5"),
            ("min_tier: gaps", "min_tier: research", "min_tier of the gate went down from gaps to research"),
            ("require: [data-1]", "require: []", "the gate does not require data-1 any more"),
            ("categories: {data: 2}", "categories: {data: 1}", "data in the gate went down from 2 to 1"),
            ("gate: ", "# ", "min_tier of the gate went down from gaps to nothing"),
        ],
    )
    def test_a_line_of_the_file(self, base, held, old, new, says):
        base.commit({"p.yaml": edited((old, new))})

        code, out, err = held()

        assert (code, out) == (1, "")
        assert f"p.yaml: gate: {says}\n" in err

    def test_what_went_down_is_down_whatever_went_up(self, base, held):
        more = ("data-2: manual", "data-2: automated\n  data-3: automated\n  data-4: automated")
        base.commit({"p.yaml": edited(more, ("data-1: automated", "data-1: manual"))})

        assert held() == (1, "", "p.yaml: gate: data-1 went down from automated to manual\n")

    def test_an_answer_under_an_alias_that_is_lowered_too(self, base, held):
        base.commit({"p.yaml": edited(("infra-2: manual", "infrastructure-2: none"))})

        assert "infra-2 went down from manual to none" in held().err

    def test_what_is_not_committed_counts_as_well(self, base, held):
        base.write("p.yaml", edited(("data-1: automated", "data-1: manual")))

        code, _, err = held()

        assert code == 1
        assert "p.yaml: main holds all of HEAD, so only what is not committed is compared\n" in err
        assert "data-1 went down" in err

    def test_the_gate_of_the_verified_basis(self, base, held):
        base.commit({"p.yaml": edited(("gate: {", "gate: {basis: verified, "))})
        base.git("branch", "-f", "main", "HEAD")
        base.commit({"p.yaml": BASE})

        assert "p.yaml: gate: basis of the gate went down from verified to claimed\n" in held().err

    def test_a_file_that_was_renamed_and_lowered(self, base, held):
        base.rename("p.yaml", "sub/q.yaml")
        assert held("sub/q.yaml") == (0, "", "")

        base.commit({"sub/q.yaml": edited(("data-1: automated", "data-1: manual"))})
        code, _, err = held("sub/q.yaml")

        assert code == 1
        assert "sub/q.yaml: gate: data-1 went down from automated to manual\n" in err

    def test_a_merge_of_a_pull_request_as_ci_makes_it(self, base, held):
        base.commit({"p.yaml": edited(("data-1: automated", "data-1: manual"))})
        base.go("main")
        base.commit({"other": "x"})
        base.git("checkout", "-q", "--detach")
        base.merge("change")

        assert "data-1 went down from automated to manual" in held().err

    def test_main_went_on_and_up_meanwhile(self, base, held):
        """What others raised on main since is nothing that the change took away."""
        base.commit({"other": "x"})
        base.go("main")
        base.commit({"p.yaml": edited(("model-1: manual", "model-1: automated"))})
        base.go("change")

        assert held() == (0, "", "")

    def test_a_merge_that_takes_the_raise_back(self, base, held):
        base.commit({"other": "x"})
        base.go("main")
        base.commit({"p.yaml": edited(("model-1: manual", "model-1: automated"))})
        base.go("change")
        base.merge("main", files={"p.yaml": BASE})

        assert "model-1 went down from automated to manual" in held().err


class TestWhatHolds:
    @pytest.mark.parametrize(
        "pairs",
        [
            [],
            [("data-2: manual", "data-2: automated")],
            [("infra-1: manual", "infrastructure-1: manual"), ("monitor-1", "monitoring-1")],
            [("  data-1: automated\n  data-2: manual\n", "  data-2: manual\n  data-1: automated\n")],
            [
                ("project: x", "project: y"),
                ("fail_under: 1", "fail_under: 2.0"),
                ("model-1: manual", "model-1: automated"),
            ],
            [("gate: {fail_under: 1, min_tier: gaps", "gate: {min_tier: gaps, fail_under: 1.0")],
            [("categories: {data: 2}", "categories: {data: 2, model: 1}")],
            [("require: [data-1]", "require: [data-1, data-2]")],
            [("data-2: manual", "data-2: {status: manual, note: new, owner: Zoë}")],
            [("infra-1: manual", "infra-1: manual\n  infra-3: none")],
        ],
        ids=[
            "same",
            "raised",
            "aliases",
            "reordered",
            "raised gate",
            "gate",
            "category",
            "require",
            "long",
            "added",
        ],
    )
    def test_a_change_that_lowers_nothing(self, base, held, pairs):
        base.commit({"p.yaml": edited(*pairs)})
        code, out, err = held()

        assert "went down" not in err
        assert (code, out) == (int("fail_under: 2.0" in str(pairs)), "")

    def test_ref_equal_to_head_is_said(self, base, held):
        assert held() == (
            0,
            "",
            "p.yaml: main holds all of HEAD, so only what is not committed is compared\n",
        )

    @pytest.mark.parametrize("ref", ["main", "refs/heads/main", "v1", "HEAD~1", "@{-1}"])
    def test_names_of_the_base(self, base, mlscore, ref):
        base.git("tag", "-a", "-m", "x", "v1")
        base.git("checkout", "-q", "main")
        base.git("checkout", "-q", "change")
        base.commit({"p.yaml": edited(("data-2: manual", "data-2: automated"))})

        assert mlscore("assess", "p.yaml", "--no-regress", ref, "-q") == (0, "", "")

    def test_the_report_is_that_of_today(self, base, mlscore):
        base.commit({"p.yaml": edited(("data-1: automated", "data-1: manual"))})

        assert mlscore("assess", "p.yaml", "--no-regress", "main", "-f", "value").out == "1\n"

    def test_nothing_is_written(self, base, held):
        base.commit({"p.yaml": edited(("data-1: automated", "data-1: manual"))})
        before = all_files(base.folder)

        held()

        assert all_files(base.folder) == before


class TestRubrics:
    """An edit of the rubric does not get to choose what the answers are worth."""

    @pytest.fixture
    def small(self, repo):
        repo.commit({"small.yaml": RUBRIC, "p.yaml": SMALL})
        repo.branch("change")
        return repo

    def test_levels_that_are_made_equal_hide_no_downgrade(self, small, held):
        rubric = RUBRIC.replace("automated: {points: 1,", "automated: {points: 0.6,").replace("0.5,", "0.6,", 1)
        equal = rubric.replace("manual: {points: 0.6,", "manual: {points: 0.59,")
        small.commit({"small.yaml": equal, "p.yaml": SMALL.replace("automated", "manual")})

        code, _, err = held()

        assert code == 1
        assert "p.yaml: the rubric changed; both states were scored with the old and with the new one\n" in err
        assert "data-1 went down from automated to manual" in err

    def test_points_that_are_lowered_for_both_hide_nothing_and_fail_nothing(self, small, held):
        small.commit({"small.yaml": RUBRIC.replace("automated: {points: 1,", "automated: {points: 0.75,")})

        assert held() == (
            0,
            "",
            "p.yaml: the rubric changed; both states were scored with the old and with the new one\n",
        )

    def test_what_is_down_only_under_the_new_rubric_is_down(self, small, held):
        """The change makes a level worth something, and gives it up."""
        decided = "data-3: {status: not_applicable, reason: batch}"
        small.commit({"p.yaml": SMALL.replace("data-3: manual", "data-3: none")})
        small.git("branch", "-f", "main", "HEAD")
        rubric = RUBRIC.replace("none: {points: 0,", "none: {points: 0.25,")
        small.commit({"small.yaml": rubric, "p.yaml": SMALL.replace("data-3: manual", decided)})

        code, _, err = held()

        assert code == 1
        assert "data-3 went down from none to not_applicable" in err

    def test_a_test_that_is_taken_out_of_the_rubric_with_its_answer_is_not_comparable(self, small, held):
        rubric = RUBRIC.replace("      - {id: data-3, title: Features are cheap, aliases: [input-3]}\n", "")
        small.commit({"small.yaml": rubric, "p.yaml": SMALL.replace(" data-3: manual,", "")})

        why = "not comparable: the rubric changed, and not both can score data-3"
        assert held() == (2, "", f"p.yaml: --no-regress: {why}\n")

    def test_a_test_that_is_new_in_the_rubric(self, small, held):
        rubric = RUBRIC.replace("  - id: serving\n", "      - {id: data-4, title: New}\n  - id: serving\n")
        small.commit({"small.yaml": rubric})

        assert held().code == 0

    def test_a_rubric_that_no_longer_requires_a_test(self, small, held):
        required = f"{RUBRIC}require: [data-1]\n"
        small.commit({"small.yaml": required})
        small.git("branch", "-f", "main", "HEAD")
        small.commit({"small.yaml": RUBRIC})

        assert "p.yaml: gate: the gate does not require data-1 any more\n" in held().err

    def test_another_scale(self, base, held):
        base.commit({"p.yaml": f"rubric: ml-test-score-2017\n{edited(('min_tier: gaps, ', ''))}"})
        said = held().err

        assert "both states were scored with the old and with the new one" in said
        assert "min_tier of the gate went down" in said
        assert "data-" not in said

    def test_another_scale_that_hides_a_downgrade(self, base, held):
        new = edited(("data-1: automated", "data-1: manual"), (", min_tier: gaps", ""))
        base.commit({"p.yaml": f"rubric: ml-test-score-2017\n{new}"})

        code, _, err = held()

        assert code == 1
        assert "data-1 went down from automated to manual" in err

    def test_another_rubric_altogether(self, base, held):
        base.commit({"small.yaml": RUBRIC, "p.yaml": SMALL})

        code, out, err = held()

        assert (code, out) == (2, "")
        assert "p.yaml: --no-regress: not comparable: the rubric changed, and not both can score" in err

    def test_a_rubric_of_the_command_line_holds_for_both(self, small, mlscore):
        small.commit({"small.yaml": RUBRIC.replace("points: 1,", "points: 2,"), "p.yaml": SMALL})
        run = mlscore("assess", "p.yaml", "--no-regress", "main", "-q", "-r", "small.yaml")

        assert run == (0, "", "")


class TestNothingToCompare:
    """Exit 2, and why: never a pass."""

    def refused(self, run, says):
        code, out, err = run

        assert (code, out) == (2, "")
        assert says in err
        assert err.count("\n") <= 2
        assert "Traceback" not in err

    def test_the_base_does_not_have_the_file(self, base, held):
        base.commit({"new.yaml": "project: x\nanswers: {}\n"})

        self.refused(held("new.yaml"), "new.yaml: --no-regress: ")

    def test_the_base_has_a_broken_file(self, base, held):
        base.commit({"p.yaml": "project: x\nansers: {}\n"})
        base.git("branch", "-f", "main", "HEAD")
        base.commit({"p.yaml": BASE})

        self.refused(
            held(), f"{base.git('rev-parse', '--short=12', 'main')}:p.yaml:1:1: the key 'answers' is missing"
        )

    def test_the_base_s_rubric_is_missing(self, base, held):
        base.commit({"p.yaml": SMALL})
        base.git("branch", "-f", "main", "HEAD")
        base.commit({"small.yaml": RUBRIC})

        self.refused(held(), "small.yaml: the commit has no such file")

    @pytest.mark.parametrize("ref", ["nope", "", "HEAD:p.yaml", "a\nb", "a\0b", "x" * 100_000, "main..HEAD"])
    def test_the_ref_is_unknown(self, base, mlscore, ref):
        run = mlscore("assess", "p.yaml", "--no-regress", ref)

        self.refused(run, " is no commit of this repository\n")
        assert run.err.startswith("p.yaml: --no-regress: '")

    @pytest.mark.parametrize("ref", ["--help", "-x", "--upload-pack=touch x"])
    def test_a_ref_that_looks_like_an_option(self, base, mlscore, ref):
        run = mlscore("assess", "p.yaml", f"--no-regress={ref}")

        self.refused(run, f"p.yaml: --no-regress: '{ref}' is no commit of this repository\n")
        assert not Path("x").exists()

    def test_no_common_history(self, base, held):
        base.git("checkout", "-q", "--orphan", "other")
        base.commit()

        self.refused(
            held(), "p.yaml: --no-regress: 'main' and HEAD have no common commit: they share no history\n"
        )

    def test_a_repository_without_commits(self, repo, held):
        repo.write("p.yaml", BASE)

        self.refused(held(), "p.yaml: --no-regress: 'HEAD' is no commit of this repository\n")

    def test_no_repository(self, base, held, monkeypatch):
        monkeypatch.chdir("..")
        Path("p.yaml").write_text(BASE)

        self.refused(held(), "p.yaml: --no-regress: git: not a git repository")

    def test_a_shallow_clone_without_the_base(self, base, mlscore, monkeypatch):
        first = base.head
        base.commit({"p.yaml": edited(("data-1: automated", "data-1: manual"))})
        base.go("main")
        base.commit({"other": "x"})
        base.git("clone", "-q", "--depth=1", "--no-single-branch", f"file://{base.folder}", "../clone")
        monkeypatch.chdir("../clone")

        self.refused(
            mlscore("assess", "p.yaml", "--no-regress", "origin/change"), "the clone is shallow, fetch more of it"
        )
        self.refused(mlscore("assess", "p.yaml", "--no-regress", first), "the clone is shallow, fetch more of it")

    def test_standard_input(self, base, mlscore, monkeypatch):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BASE.encode())))

        self.refused(
            mlscore("assess", "-", "--no-regress", "main"),
            "--no-regress: standard input has no history\n",
        )

    def test_git_is_missing_or_fails(self, base, process, tmp_path):
        run = process("assess", "p.yaml", "--no-regress", "main", env={"PATH": f"{tmp_path}/none"})
        assert (run.returncode, run.stdout) == (2, b"")
        assert run.stderr.startswith(b"p.yaml: --no-regress: git is needed for this, but it is not installed")

        script(tmp_path / "bin" / "git", "exit 1")
        run = process("assess", "p.yaml", "--no-regress", "main", env={"PATH": f"{tmp_path}/bin"})
        assert (run.returncode, run.stdout) == (2, b"")

    def test_exit_zero_does_not_hide_it(self, base, mlscore):
        assert mlscore("assess", "p.yaml", "--no-regress", "nope", "--exit-zero").code == 2


class TestReports:
    @pytest.fixture
    def lowered(self, base):
        base.commit({"p.yaml": edited(("data-1: automated", "data-1: manual"))})
        return base

    def test_json(self, lowered, mlscore):
        run = mlscore("assess", "p.yaml", "--no-regress", "main", "-f", "json")

        assert run.code == 1
        assert json.loads(run.out)["gate"] == {
            **json.loads(run.out)["gate"],
            "passed": False,
            "failures": ["Data went down from 3 to 2", "data-1 went down from automated to manual"],
        }

    def test_a_gate_that_is_met_otherwise_is_none_set(self, repo, mlscore):
        """The file sets no gate: there is one all the same."""
        repo.commit({"p.yaml": "project: x\nanswers: {}\n"})

        run = mlscore("assess", "p.yaml", "--no-regress", "main", "-f", "json")

        assert run.code == 0
        assert json.loads(run.out)["gate"]["passed"] is True

    @pytest.mark.parametrize("name", ["github", "junit", "markdown", "html", "table"])
    def test_other_formats_tell_it(self, lowered, mlscore, name):
        run = mlscore("assess", "p.yaml", "--no-regress", "main", "-f", name)

        assert run.code == 1
        text = "".join(ET.fromstring(run.out).itertext()) + run.out if name == "junit" else run.out
        assert "data-1 went down from automated to manual" in text

    def test_failures_of_the_thresholds_come_first(self, lowered, mlscore):
        run = mlscore("assess", "p.yaml", "--no-regress", "main", "--fail-under", "3", "-q")

        assert run.err.splitlines() == [
            "p.yaml: gate: the score 1 is below 3 (limited by Model and Monitoring)",
            "p.yaml: gate: Data went down from 3 to 2",
            "p.yaml: gate: data-1 went down from automated to manual",
        ]

    def test_exit_zero_still_says_it(self, lowered, mlscore):
        code, _, err = mlscore("assess", "p.yaml", "--no-regress", "main", "-q", "--exit-zero")

        assert code == 0
        assert "data-1 went down" in err

    def test_of_several_files_a_refused_one_wins_over_a_lowered_one(self, lowered, mlscore, held):
        lowered.commit({"new.yaml": "project: y\nanswers: {}\n", "same.yaml": BASE})
        code, _, err = held("p.yaml", "new.yaml")

        assert code == 2
        assert "p.yaml: gate: data-1 went down from automated to manual\n" in err
        assert "new.yaml: --no-regress: " in err

    def test_several_files_are_each_held_to_their_own_past(self, base, held):
        base.commit({"q.yaml": BASE})
        base.git("branch", "-f", "main", "HEAD")
        base.commit({"q.yaml": edited(("data-1: automated", "data-1: manual"))})

        code, _, err = held("p.yaml", "q.yaml")

        assert code == 1
        assert "q.yaml: gate: data-1 went down" in err
        assert "p.yaml: gate" not in err


class TestProve:
    """A gate that cannot fail is refused."""

    def test_thresholds(self, base, mlscore):
        run = mlscore("assess", "p.yaml", "--prove", "-q")

        assert (run.code, run.out) == (0, "")
        assert run.err.startswith(
            "p.yaml: proved: without any answer the gate fails: the score 0 is below 1 (limited by Data, "
        )
        assert run.err.count("\n") == 1

    def test_no_regress(self, repo, mlscore):
        repo.commit({"p.yaml": "project: x\nanswers: {data-1: manual, data-2: automated}\n"})

        run = mlscore("assess", "p.yaml", "--prove", "--no-regress", "main", "-q")

        assert (run.code, run.out) == (0, "")
        assert run.err == snapshot("""\
p.yaml: main holds all of HEAD, so only what is not committed is compared
p.yaml: proved: with one answer taken away --no-regress fails: data-2 was automated and has no answer any more
""")

    def test_both(self, base, mlscore):
        run = mlscore("assess", "p.yaml", "--prove", "--no-regress", "main", "-q")

        assert run.code == 0
        assert run.err.count("p.yaml: proved: ") == 2

    def test_a_gate_that_fails_anyhow_is_proved_and_fails(self, base, mlscore):
        base.commit({"p.yaml": edited(("data-1: automated", "data-1: manual"))})
        code, _, err = mlscore("assess", "p.yaml", "--prove", "--no-regress", "main", "-q")

        assert code == 1
        assert err.count("p.yaml: proved: ") == 2
        assert "p.yaml: gate: data-1 went down" in err

    @pytest.mark.parametrize(
        ("gate", "options", "says"),
        [
            ("", "", "p.yaml: --prove: there is no gate"),
            ("gate: {}\n", "", "p.yaml: --prove: there is no gate"),
            ("gate: {basis: verified}\n", "", "p.yaml: --prove: there is no gate"),
            ("", "--fail-under 0", "p.yaml: --prove: this gate cannot fail: it is met without a single answer"),
            ("gate: {fail_under: 0}\n", "", "p.yaml: --prove: this gate cannot fail"),
            ("gate: {fail_under: 3}\n", "--fail-under 0", "p.yaml: --prove: this gate cannot fail"),
            ("", "--min data=0", "p.yaml: --prove: this gate cannot fail"),
            ("", "--min-tier research", "p.yaml: --prove: this gate cannot fail"),
            ("", "--fail-under 0 --no-regress main", "p.yaml: --prove: this gate cannot fail"),
        ],
    )
    def test_what_cannot_fail(self, repo, mlscore, gate, options, says):
        repo.commit({"p.yaml": f"project: x\nanswers: {{data-1: manual}}\n{gate}"})
        run = mlscore("assess", "p.yaml", "--prove", *options.split())

        assert (run.code, run.out) == (2, "")
        assert says in run.err

    @pytest.mark.parametrize("answers", ["", "data-1: "])
    def test_a_base_without_answers_has_nothing_that_could_be_lost(self, repo, mlscore, answers):
        repo.commit({"p.yaml": f"project: x\nanswers: {{{answers}}}\n"})
        run = mlscore("assess", "p.yaml", "--prove", "--no-regress", "main", "-q")

        assert (run.code, run.out) == (2, "")
        assert "p.yaml: --prove: --no-regress cannot fail: no answer was there that could be lost\n" in run.err

    @pytest.mark.parametrize(
        "options", ["--fail-under 0.5", "--min data=1", "--min-tier gaps", "--require data-1", "--fail-under 99"]
    )
    def test_each_threshold_alone(self, write, mlscore, options):
        file = write("p.yaml", "project: x\nanswers: {data-1: manual}\n")

        assert (
            "p.yaml: proved: without any answer the gate fails: "
            in mlscore("assess", file, "--prove", "-q", *options.split()).err
        )

    def test_standard_input_can_be_proved_for_thresholds(self, mlscore, monkeypatch):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BASE.encode())))

        run = mlscore("assess", "-", "--prove", "-q")

        assert run.code == 0
        assert run.err.startswith("<stdin>: proved: ")

    def test_the_report_is_not_that_of_the_planted_state(self, base, mlscore):
        run = mlscore("assess", "p.yaml", "--prove", "--no-regress", "main", "-f", "value")

        assert run.out == "1\n"
