"""Where marks may stand, and what they give to JUnit and to the file."""

import pytest

from mlscore.loading import load_rubric
from mlscore.pytest_plugin import IDS

EVERYWHERE = """
    import enum

    class Id(str, enum.Enum):
        DRIFT = "monitor-2"

    pytestmark = mark("data-1")

    def test_module(): pass

    @mark("data-2", "model-1")
    @mark("data-2")
    def test_function(): pass

    @mark("infra-1")
    class TestClass:
        @mark("infra-2")
        def test_method(self): pass

    @pytest.mark.parametrize("x", ["a", pytest.param("b", marks=mark("monitor-1"))])
    def test_parameter(x): pass

    @mark("infrastructure-3", "infra-3", "monitoring-7")
    def test_alias(): pass

    @mark(Id.DRIFT)
    def test_enum(): pass
"""
IDS_EVERYWHERE = {
    "test_module": ["data-1"],
    "test_function": ["data-1", "data-2", "model-1"],
    "test_method": ["data-1", "infra-1", "infra-2"],
    "test_parameter[a]": ["data-1"],
    "test_parameter[b]": ["data-1", "monitor-1"],
    "test_alias": ["data-1", "infra-3", "monitor-7"],
    "test_enum": ["data-1", "monitor-2"],
}
NEVER_CALLED = """
    @pytest.fixture
    def broken(): raise OSError

    @mark("data-1")
    @pytest.mark.skip
    def test_skipped(): pass

    @mark("data-1")
    def test_setup(broken): pass

    @mark("data-1")
    @pytest.mark.xfail(run=False)
    def test_xfail(): pass

    @mark("data-1")
    def test_rerun(): assert False

    def test_unmarked(): pass
"""


def test_the_ids_known_without_a_rubric_are_those_of_the_default_rubric():
    assert load_rubric("ml-test-score").test_ids == IDS


@pytest.mark.parametrize("options", [[], ["-n", "2"]], ids=["serial", "xdist"])
def test_marks_add_up_from_module_class_function_and_parameter(suite, options):
    """Aliases are resolved, and an id counts once however often it is given."""
    run = suite(EVERYWHERE).run("--mlscore-json", "mlscore.json", "--junitxml", "junit.xml", *options)

    assert run.code == 0, run.out
    assert {name.split("::")[-1]: test["ids"] for name, test in run.document["tests"].items()} == IDS_EVERYWHERE
    assert run.properties == {name: [ids] for name, ids in IDS_EVERYWHERE.items()}


@pytest.mark.parametrize("options", [[], ["-n", "2"]], ids=["serial", "xdist"])
def test_junit_has_the_ids_of_tests_that_are_never_called_and_of_every_attempt(suite, options):
    run = suite(NEVER_CALLED).run("--junitxml", "junit.xml", "--reruns", "1", "--only-rerun", "assert", *options)

    assert run.properties == {
        "test_skipped": [["data-1"]],
        "test_setup": [["data-1"]],
        "test_xfail": [["data-1"]],
        "test_rerun": [["data-1"], ["data-1"]],
        "test_unmarked": [[]],
    }


@pytest.mark.parametrize("hook", ["trylast=True", "hookwrapper=True"])
def test_a_conftest_may_mark_tests_while_they_are_collected(suite, hook):
    """As in `item.add_marker`, however late that hook asks to be called and however late it is found."""
    made = suite("")
    (made.folder / "sub").mkdir()
    made.write("sub/test_sub.py", "def test_a(): pass\ndef test_b(): pass")
    made.write(
        "sub/conftest.py",
        f"""
        import pytest

        @pytest.hookimpl({hook})
        def pytest_collection_modifyitems(items):
            {"yield" if "wrapper" in hook else ""}
            items[0].add_marker(pytest.mark.mlscore("data-3"))
        """,
    )

    tests = made.record()["tests"]

    assert {nodeid: test["ids"] for nodeid, test in tests.items()} == {"sub/test_sub.py::test_a": ["data-3"]}


def test_a_test_that_a_plugin_runs_twice_has_its_ids_once(suite):
    conftest = "def pytest_collection_modifyitems(items): items *= 2"

    run = suite("@mark('data-1')\ndef test_a(): pass", conftest=conftest).run("--junitxml", "junit.xml")

    assert run.properties == {"test_a": [["data-1"], ["data-1"]]}


def test_only_marked_tests_are_in_the_file(suite):
    document = suite("def test_a(): assert False\n@mark('data-1')\ndef test_b(): pass").record()

    assert (list(document["tests"]), document["collected"]) == (["test_it.py::test_b"], 2)


def test_the_marker_is_registered(suite):
    assert "@pytest.mark.mlscore(id, ...)" in suite("").run("--markers").out


def test_the_plugin_comes_with_the_package(suite):
    """Installed is enough: nothing has to be named."""
    run = suite("@mark('data-1')\ndef test_a(): pass").run("--mlscore-json", "mlscore.json", plugins=None)

    assert (run.code, list(run.document["tests"])) == (0, ["test_it.py::test_a"]), run.out
