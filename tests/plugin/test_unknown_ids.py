"""Marks that name what is no id: a warning for people, an entry in the file, never a crash."""

import pytest

WRONG = """
    import enum

    class Id(str, enum.Enum):
        OWN = "fairness-1"

    @pytest.mark.parametrize("x", [1, 2])
    @mark("data-11")
    def test_typo(x): pass

    @mark("Data-1")
    def test_capital(): pass

    @mark(Id.OWN)
    def test_own(): pass

    @mark("\\x1b[31m", "x" * 500)
    def test_odd(): pass

    @mark
    def test_bare(): pass

    @mark()
    def test_empty(): pass

    @mark(7, ["data-1"])
    def test_not_text(): pass

    @mark("data-1", owner="me")
    def test_keyword(): pass
"""
UNKNOWN = {
    "data-11": ["test_it.py::test_typo[1]", "test_it.py::test_typo[2]"],
    "Data-1": ["test_it.py::test_capital"],
    "fairness-1": ["test_it.py::test_own"],
    "\\x1b[31m": ["test_it.py::test_odd"],
    "x" * 64: ["test_it.py::test_odd"],
    "": ["test_it.py::test_bare", "test_it.py::test_empty"],
    "(int)": ["test_it.py::test_not_text"],
    "(list)": ["test_it.py::test_not_text"],
    "owner=": ["test_it.py::test_keyword"],
}
MESSAGES = [
    "unknown id 'data-11' in the mlscore mark of test_it.py::test_typo[1] and 1 more; did you mean 'data-1'?",
    "unknown id 'Data-1' in the mlscore mark of test_it.py::test_capital; did you mean 'data-1'?",
    (
        "unknown id 'fairness-1' in the mlscore mark of test_it.py::test_own; "
        "ids of a rubric of your own belong in the setting mlscore_ids"
    ),
    "unknown id '' in the mlscore mark of test_it.py::test_bare and 1 more; write ids as text, such as 'data-1'",
]
BOTH = pytest.mark.parametrize("options", [[], ["-n", "2"]], ids=["serial", "xdist"])


@BOTH
def test_unknown_ids_are_in_the_file_with_their_tests(suite, options):
    document = suite(WRONG).record(*options)

    assert document["unknown_ids"] == UNKNOWN
    assert (document["exitstatus"], document["complete"]) == (0, True)


def test_an_id_that_could_be_one_stays_with_its_test_and_in_junit(suite):
    """The rubric of the project decides in the end. What cannot be an id is left out."""
    run = suite(WRONG).run("--mlscore-json", "mlscore.json", "--junitxml", "junit.xml")

    ids = {name.split("::")[1]: test["ids"] for name, test in run.document["tests"].items()}
    assert ids == {
        "test_typo[1]": ["data-11"],
        "test_typo[2]": ["data-11"],
        "test_capital": [],
        "test_own": ["fairness-1"],
        "test_odd": [],
        "test_bare": [],
        "test_empty": [],
        "test_not_text": [],
        "test_keyword": ["data-1"],
    }
    assert run.properties == {name: [values] for name, values in ids.items()}


@BOTH
def test_each_unknown_id_is_warned_of_once(suite, options):
    run = suite(WRONG).run(*options)

    counts = {message: run.out.count(f"MlscoreWarning: {message}\n") for message in MESSAGES}
    assert (run.code, counts) == (0, dict.fromkeys(MESSAGES, 1))
    assert f"{len(UNKNOWN)} warnings" in run.out


@BOTH
def test_warnings_as_errors_fail_the_run_without_crashing_it(suite, options):
    run = suite(WRONG).run("--mlscore-json", "mlscore.json", "-W", "error", *options)

    assert "INTERNALERROR" not in run.out
    assert (run.code, run.document["exitstatus"]) == (1, 1)
    assert f"mlscore: error: {MESSAGES[0]}\n" in run.out
    assert run.document["unknown_ids"] == UNKNOWN


def test_the_warning_can_be_ignored(suite):
    run = suite(WRONG).run("-W", "error", "-W", "ignore:unknown id")

    assert (run.code, "unknown id" in run.out) == (0, False)


def test_known_ids_are_silent_under_warnings_as_errors(suite):
    run = suite("@mark('data-1')\ndef test_a(): pass").run("-W", "error", "--mlscore-json", "mlscore.json")

    assert (run.code, run.document["unknown_ids"]) == (0, {}), run.out


@BOTH
def test_ids_of_a_rubric_of_one_s_own_are_named_in_the_settings(suite, options):
    made = suite("@mark('fairness-1', 'latency')\ndef test_a(): pass")
    made.write("pytest.ini", "[pytest]\nmlscore_ids = fairness-1\n  latency\n")

    document = made.record("-W", "error", *options)

    assert (document["exitstatus"], document["unknown_ids"]) == (0, {})
    assert document["tests"]["test_it.py::test_a"]["ids"] == ["fairness-1", "latency"]


def test_a_setting_that_cannot_be_an_id_is_a_usage_error(suite):
    made = suite("def test_a(): pass")
    made.write("pytest.ini", "[pytest]\nmlscore_ids = Fairness\n")

    run = made.run()

    assert (run.code, run.out.strip()) == (4, "ERROR: mlscore_ids: 'Fairness' cannot be an id")


def test_looking_at_the_tests_is_enough_to_be_warned(suite):
    assert MESSAGES[0] in suite(WRONG).run("--collect-only").out
