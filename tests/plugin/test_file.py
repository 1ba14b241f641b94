"""The file that `--mlscore-json` writes."""

import os
import platform
from datetime import datetime, timedelta

import pytest

import mlscore
from plugin.conftest import outcomes

ONE = "@mark('data-1')\ndef test_a(): {}"


def test_the_file_has_this_shape(suite):
    made = suite(ONE.format("pass"))
    made.record()

    document = made.run("--mlscore-json", "mlscore.json").document

    started, finished = (datetime.fromisoformat(document.pop(name)) for name in ("started", "finished"))
    assert started.utcoffset() == finished.utcoffset() == timedelta(0)
    assert started <= finished
    assert document == {
        "schema": "mlscore/pytest/1",
        "mlscore": mlscore.__version__,
        "pytest": pytest.__version__,
        "python": platform.python_version(),
        "complete": True,
        "exitstatus": 0,
        "collected": 1,
        "deselected": [],
        "not_run": [],
        "collect_errors": [],
        "unknown_ids": {},
        "tests": {"test_it.py::test_a": {"ids": ["data-1"], "outcome": "passed", "attempts": 1}},
    }


def test_an_unmarked_suite_has_a_file_without_tests(suite):
    document = suite("def test_a(): pass").record()

    assert (document["tests"], document["collected"], document["complete"]) == ({}, 1, True)


def test_folders_are_made_and_nothing_else_is_left_in_them(suite):
    made = suite(ONE.format("pass"))

    made.run("--mlscore-json", "reports/nightly/mlscore.json")

    folder = made.folder / "reports" / "nightly"
    assert os.listdir(folder) == ["mlscore.json"]


def test_others_may_read_the_file(suite):
    made = suite(ONE.format("os.umask(0o022)"))
    made.record()

    assert made.file.stat().st_mode & 0o777 == 0o644


def test_the_path_is_taken_from_where_pytest_was_started(suite):
    document = suite(ONE.format("os.mkdir('elsewhere'); os.chdir('elsewhere')")).record()

    assert outcomes(document) == {"test_a": "passed"}


def test_during_the_run_the_file_says_incomplete(suite):
    test = """
        import json

        @mark("data-1")
        def test_a():
            with open("mlscore.json") as file:
                assert json.load(file)["complete"] is False
    """

    assert outcomes(suite(test).record()) == {"test_a": "passed"}


@pytest.mark.parametrize("option", ["--collect-only", "--fixtures", "--fixtures-per-test"])
def test_looking_at_the_tests_leaves_the_last_run_s_file_alone(suite, option):
    made = suite(ONE.format("pass"))
    made.file.write_text("as it was")

    run = made.run("--mlscore-json", "mlscore.json", option)

    assert (run.code, made.file.read_text()) == (0, "as it was"), run.out
    assert "mlscore: " not in run.out


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("test_it.py/x.json", "--mlscore-json test_it.py/x.json: "),
        (".", "--mlscore-json .: it is not a file"),
        (os.devnull, f"--mlscore-json {os.devnull}: it is not a file"),
        ("", "--mlscore-json needs the path of a file"),
    ],
)
def test_a_path_that_cannot_be_written_stops_the_run_at_its_start(suite, path, message):
    run = suite(ONE.format("open('ran', 'w')")).run(f"--mlscore-json={path}")

    assert run.code == 4
    assert f"ERROR: {message}" in run.out
    assert not (run.folder / "ran").exists()


def test_a_file_that_cannot_be_written_at_the_end_fails_the_run(suite):
    test = ONE.format("os.remove('reports/mlscore.json'); os.rmdir('reports'); open('reports', 'w').close()")

    run = suite(test).run("--mlscore-json", "reports/mlscore.json")

    assert run.code == 4
    assert "mlscore: error: reports/mlscore.json is not written: file exists\n" in run.out
    assert "mlscore: 1 test stands for 1 id: data-1; all passed\n" in run.out


def test_a_file_that_cannot_be_finished_is_not_begun(suite):
    """As on a full disk: the file of the start stays, which says incomplete, and no half of one."""
    test = ONE.format("""
        import resource
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))
    """)

    run = suite(test).run("--mlscore-json", "out/mlscore.json")

    assert "mlscore: error: out/mlscore.json is not written: file too large\n" in run.out
    assert os.listdir(run.folder / "out") == ["mlscore.json"]
    assert '"complete": false' in (run.folder / "out" / "mlscore.json").read_text()


def test_a_link_is_replaced_not_followed(suite):
    made = suite(ONE.format("pass"))
    (made.folder / "other.json").write_text("as it was")
    made.file.symlink_to("other.json")

    made.record()

    assert not made.file.is_symlink()
    assert (made.folder / "other.json").read_text() == "as it was"


@pytest.mark.parametrize("options", [[], ["-n", "1"]], ids=["serial", "xdist"])
def test_names_with_control_characters_are_written_as_escapes(suite, options):
    made = suite("")
    made.write("test_\x1b.py", "import pytest\n@pytest.mark.mlscore('data-1')\ndef test_ä(): pass")

    document = made.record(*options)

    assert document["tests"] == {"test_\\x1b.py::test_ä": {"ids": ["data-1"], "outcome": "passed", "attempts": 1}}
