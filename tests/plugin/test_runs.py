"""What becomes of marked tests, however pytest is run and however the run ends."""

import pytest

from plugin.conftest import attempts, outcomes

XDIST = ["-n", "2"]
EVERY_OUTCOME = """
    pytestmark = mark("data-1")

    @pytest.fixture
    def broken(): raise OSError

    @pytest.fixture
    def unclean():
        yield
        raise OSError

    def attempt(name):
        with open(f"{name}-{os.environ.get('PYTEST_XDIST_WORKER', '')}", "a+") as file:
            file.write(".")
            return file.tell()

    def test_pass(): pass
    def test_fail(): assert False
    def test_setup(broken): pass
    def test_teardown(unclean): pass
    def test_both(unclean): assert False
    @pytest.mark.skip
    def test_skip(): pass
    def test_skip_inside(): pytest.skip()
    @pytest.mark.parametrize("nothing", [])
    def test_no_parameters(nothing): pass
    @pytest.mark.xfail
    def test_xfail(): assert False
    @pytest.mark.xfail(run=False)
    def test_xfail_not_run(): pass
    @pytest.mark.xfail
    def test_xpass(): pass
    @pytest.mark.xfail(strict=True)
    def test_xpass_strict(): pass
    @pytest.mark.xfail(raises=OSError)
    def test_xfail_otherwise(): assert False
    @pytest.mark.flaky(reruns=2)
    def test_flaky(): assert attempt("flaky") == 2
    @pytest.mark.flaky(reruns=2)
    def test_flaky_no_more(): assert False
    @pytest.mark.flaky(reruns=1)
    def test_flaky_setup(broken): pass
    @pytest.mark.xdist_group("g")
    def test_group(): pass
"""
OUTCOMES = {
    "test_pass": "passed",
    "test_fail": "failed",
    "test_setup": "error",
    "test_teardown": "error",
    "test_both": "error",
    "test_skip": "skipped",
    "test_skip_inside": "skipped",
    "test_no_parameters[NOTSET]": "skipped",
    "test_xfail": "xfailed",
    "test_xfail_not_run": "xfailed",
    "test_xpass": "xpassed",
    "test_xpass_strict": "failed",
    "test_xfail_otherwise": "failed",
    "test_flaky": "passed",
    "test_flaky_no_more": "failed",
    "test_flaky_setup": "error",
    "test_group": "passed",
}
ATTEMPTS = {"test_flaky": 2, "test_flaky_no_more": 3, "test_flaky_setup": 2}
THREE = """
    @mark("data-1")
    def test_a(): pass
    @mark("data-2")
    def test_b(): {}
    @mark("data-3")
    def test_c(): pass
"""


@pytest.mark.parametrize(
    "options",
    [[], XDIST, [*XDIST, "--dist", "loadscope"], [*XDIST, "--dist", "worksteal"], ["-p", "no:xdist"]],
    ids=" ".join,
)
def test_every_outcome_is_told_apart(suite, options):
    document = suite(EVERY_OUTCOME.replace('@pytest.mark.xdist_group("g")', "")).record(*options)

    assert outcomes(document) == OUTCOMES
    assert attempts(document) == {name: ATTEMPTS.get(name, 1) for name in OUTCOMES}
    assert (document["complete"], document["exitstatus"], document["collected"]) == (True, 1, len(OUTCOMES))


def test_groups_of_xdist_do_not_lose_their_tests(suite):
    """pytest-xdist 3.8 renames `test_group` to `test_group@g`, with pytest up to 8 in the reports too."""
    document = suite(EVERY_OUTCOME).record(*XDIST, "--dist", "loadgroup")

    assert {name.removesuffix("@g"): end for name, end in outcomes(document).items()} == OUTCOMES
    assert (document["complete"], document["not_run"]) == (True, [])


def test_a_test_that_runs_on_each_worker_is_what_it_came_to_on_the_worst(suite):
    """An attempt that one worker repeats must not wipe out the failure of another."""
    test = """
        import time

        worker = os.environ["PYTEST_XDIST_WORKER"]
        before = []

        @mark("data-1")
        def test_one(): assert worker == "gw0"

        @mark("data-1")
        @pytest.mark.flaky(reruns=1)
        def test_two():
            before.append(1)
            time.sleep(worker == "gw0")  # it fails when the other has done with it
            assert worker == "gw0" and len(before) == 2

        @mark("data-1")
        def test_three(): pass
    """

    document = suite(test).record("--dist", "each", "--tx", "2*popen")

    assert outcomes(document) == {"test_one": "failed", "test_two": "failed", "test_three": "passed"}
    assert attempts(document)["test_two"] == 3


@pytest.mark.skipif(pytest.version_tuple < (9, 0), reason="subtests are part of pytest from 9 on")
@pytest.mark.parametrize("options", [[], XDIST], ids=["serial", "xdist"])
def test_a_failing_subtest_fails_its_test_and_other_subtests_say_nothing(suite, options):
    test = """
        pytestmark = mark("data-1")

        def test_fails(subtests):
            with subtests.test(): assert False
            with subtests.test(): pass

        def test_skips(subtests):
            with subtests.test(): pytest.skip()
            with subtests.test(): pytest.xfail()
            with subtests.test(): pass

        def test_is_cut_off(subtests):
            with subtests.test(): pass
            pytest.exit("enough", 0)
    """

    document = suite(test).record(*options, "--deselect", "test_it.py::test_is_cut_off" if options else "nothing")

    cut_off = {} if options else {"test_is_cut_off": "not_run"}
    assert outcomes(document) == {"test_fails": "failed", "test_skips": "passed", **cut_off}


@pytest.mark.skipif(pytest.version_tuple < (9, 0), reason="subtests are part of pytest from 9 on")
@pytest.mark.parametrize("options", [[], XDIST], ids=["serial", "xdist"])
def test_a_subtest_that_failed_in_an_attempt_before_is_forgotten(suite, options):
    test = """
        attempts = []

        @mark("data-1")
        def test_a(subtests):
            attempts.append(1)
            with subtests.test(): assert len(attempts) == 2
    """

    document = suite(test).record("--reruns", "1", *options)

    assert (outcomes(document), attempts(document)) == ({"test_a": "passed"}, {"test_a": 2})


@pytest.mark.parametrize(("options", "exitstatus"), [([], 1), (["-n", "1"], 2)], ids=["serial", "xdist"])
def test_what_x_leaves_out_is_not_run(suite, options, exitstatus):
    """`-x` ends with 1, and under pytest-xdist with 2."""
    fourth = "\n    @mark('data-4')\n    def test_d(): pass\n"

    document = suite(THREE.format("assert False") + fourth).record("-x", *options)

    assert (outcomes(document)["test_a"], outcomes(document)["test_b"]) == ("passed", "failed")
    assert (document["complete"], document["exitstatus"]) == (False, exitstatus)
    assert "test_it.py::test_d" in document["not_run"]


@pytest.mark.parametrize(
    ("ending", "exitstatus"),
    [
        ("pytest.exit('enough')", 2),
        ("pytest.exit('enough', 0)", 0),
        ("pytest.exit('enough', 7)", 7),
        ("raise KeyboardInterrupt", 2),
    ],
)
def test_a_run_that_is_broken_off_is_incomplete_whatever_its_exit_status(suite, ending, exitstatus):
    made = suite(THREE.format(ending))

    document = made.record()

    assert outcomes(document) == {"test_a": "passed", "test_b": "not_run", "test_c": "not_run"}
    assert document["not_run"] == ["test_it.py::test_b", "test_it.py::test_c"]
    assert (document["complete"], document["exitstatus"]) == (False, exitstatus)
    assert document["finished"] is not None


def test_a_run_broken_off_behind_the_last_marked_test_is_incomplete(suite):
    document = suite("@mark('data-1')\ndef test_a(): pass\ndef test_b(): pytest.exit('enough', 0)").record()

    assert outcomes(document) == {"test_a": "passed"}
    assert (document["complete"], document["exitstatus"]) == (False, 0)


def test_a_test_that_is_never_torn_down_has_no_result(suite):
    test = """
        @pytest.fixture
        def resource():
            yield
            pytest.exit("enough", 0)

        @mark("data-1")
        def test_a(resource): pass
    """

    document = suite(test).record()

    assert (outcomes(document), document["not_run"]) == ({"test_a": "not_run"}, ["test_it.py::test_a"])


def test_a_run_that_a_worker_breaks_off_is_incomplete(suite):
    document = suite(THREE.format("pytest.exit('enough', 0)")).record(*XDIST)

    assert (document["complete"], outcomes(document)["test_b"]) == (False, "not_run")


def test_a_crash_leaves_a_file_that_says_so_not_the_last_run_s(suite):
    made = suite(THREE.format("os._exit(0)"))
    made.record("-k", "test_a")

    run = made.run("--mlscore-json", "mlscore.json")

    assert run.code == 0
    assert (run.document["complete"], run.document["finished"], run.document["exitstatus"]) == (False, None, None)
    assert run.document["tests"] == {}


def test_a_test_that_takes_its_worker_down_is_an_error_with_its_ids(suite):
    document = suite(THREE.format("os._exit(1)")).record(*XDIST)

    assert outcomes(document) == {"test_a": "passed", "test_b": "error", "test_c": "passed"}
    assert document["tests"]["test_it.py::test_b"]["ids"] == ["data-2"]
    assert (document["complete"], document["exitstatus"]) == (True, 1)


def test_a_crash_that_is_run_again_counts_as_an_attempt(suite):
    """It takes a moment until pytest-rerunfailures knows that it may run the test again."""
    test = """
        import time

        @mark("data-1")
        def test_a():
            if not os.path.exists("flag"):
                open("flag", "w").close()
                time.sleep(0.5)
                os._exit(1)
    """

    document = suite(test).record(*XDIST, "--reruns", "1")

    assert (outcomes(document), attempts(document)) == ({"test_a": "passed"}, {"test_a": 2})


def test_a_crash_is_an_error_even_when_no_worker_lives_to_hand_over(suite):
    document = suite(THREE.format("os._exit(1)")).record("-n", "1", "--max-worker-restart=0")

    assert (outcomes(document)["test_b"], document["complete"]) == ("error", False)


@pytest.mark.parametrize("options", [[], XDIST], ids=["serial", "xdist"])
def test_deselected_tests_are_listed_if_they_are_marked(suite, options):
    made = suite(THREE.format("pass") + "\n    def test_unmarked(): pass\n")

    document = made.record("-k", "test_b", *options)

    assert outcomes(document) == {"test_b": "passed"}
    assert document["deselected"] == ["test_it.py::test_a", "test_it.py::test_c"]
    assert (document["complete"], document["collected"]) == (True, 4)


def test_tests_that_a_plugin_drops_without_a_word_are_deselected(suite):
    """Plugins that split a suite over machines do so."""
    conftest = "def pytest_collection_modifyitems(items): del items[1:]"

    document = suite(THREE.format("pass"), conftest=conftest).record()

    assert document["deselected"] == ["test_it.py::test_b", "test_it.py::test_c"]


def test_a_run_that_deselects_everything_has_no_tests(suite):
    document = suite(THREE.format("pass")).record("-k", "nothing")

    assert (document["tests"], len(document["deselected"]), document["exitstatus"]) == ({}, 3, 5)


@pytest.mark.parametrize(
    ("options", "exitstatus", "end"),
    [
        ([], 2, "not_run"),
        (XDIST, 1, "passed"),
        (["--continue-on-collection-errors"], 1, "passed"),
    ],
    ids=["serial", "xdist", "continued"],
)
def test_what_cannot_be_collected_is_listed_and_the_run_incomplete(suite, options, exitstatus, end):
    made = suite("@mark('data-1')\ndef test_a(): pass", test_broken="import nothing_of_this_name")

    document = made.record(*options)

    assert document["collect_errors"] == ["test_broken.py"]
    assert (document["complete"], document["exitstatus"], outcomes(document)) == (
        False,
        exitstatus,
        {"test_a": end},
    )


def test_a_run_of_a_file_that_is_not_there_is_incomplete(suite):
    document = suite("").record("nothing.py")

    assert (document["complete"], document["exitstatus"], document["tests"]) == (False, 4, {})


def test_tests_that_are_only_set_up_are_not_run(suite):
    document = suite(THREE.format("pass")).record("--setup-only")

    assert (document["complete"], set(outcomes(document).values())) == (False, {"not_run"})
