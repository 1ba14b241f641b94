"""What the plugin costs those who do not use it: next to nothing."""

import pytest

HEAVY = ("pydantic", "yaml", "rich", "typer", "jinja2", "mlscore.rubric", "mlscore.loading", "mlscore.text")
CONFTEST = """
    import sys

    def pytest_unconfigure():
        with open("modules", "w") as file:
            file.write("\\n".join(sys.modules))
"""


@pytest.mark.parametrize(
    "source",
    ["def test_a(): pass", "@mark('data-1', 'data-11')\ndef test_a(): pass"],
    ids=["unmarked", "marked"],
)
@pytest.mark.parametrize("options", [[], ["--mlscore-json", "mlscore.json"]], ids=["no-file", "file"])
def test_nothing_heavy_is_imported(suite, source, options):
    made = suite(source, conftest=CONFTEST)

    assert made.run(*options).code == 0

    modules = (made.folder / "modules").read_text().split("\n")
    assert "mlscore.pytest_plugin" in modules
    assert [name for name in HEAVY if name in modules] == []


@pytest.mark.parametrize(("mark", "stays"), [("", False), ("@mark('data-1')", True)], ids=["unmarked", "marked"])
def test_the_recorder_leaves_when_no_test_is_marked(suite, mark, stays):
    """So that no report of a suite without marks passes through it."""
    test = f"""
{mark}
def test_a(pytestconfig):
    assert pytestconfig.pluginmanager.has_plugin("mlscore-recorder") is {stays}
"""

    run = suite(test).run()

    assert run.code == 0, run.out
