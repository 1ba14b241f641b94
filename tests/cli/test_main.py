"""What all commands share: version, help, exit codes, start-up."""

import subprocess
import sys

import pytest

import mlscore as package
from formats.samples import project_with

COMMANDS = ["init", "assess", "explain", "rubric", "schema"]
CHURN = project_with({"data": 5, "model": 4, "infra": 8, "monitor": 6})


@pytest.mark.parametrize("arguments", [["--version"], ["--version", "assess"]])
def test_version(process, arguments):
    run = process(*arguments)

    assert (run.returncode, run.stdout.decode(), run.stderr) == (0, f"mlscore {package.__version__}\n", b"")


def test_the_module_runs_as_the_command_does():
    run = subprocess.run([sys.executable, "-I", "-m", "mlscore", "--version"], capture_output=True, check=True)

    assert run.stdout.decode() == f"mlscore {package.__version__}\n"


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_names_every_command_and_the_exit_codes(mlscore, flag):
    run = mlscore(flag)

    assert (run.code, run.err) == (0, "")
    assert [name for name in COMMANDS if f"\n  {name} " not in run.out] == []
    for words in ("0 passed or no gate", "1 the gate is not met", "2 mlscore could not run"):
        assert words in " ".join(run.out.split())


def test_the_help_of_a_command_in_the_list_is_a_whole_sentence(mlscore):
    commands = mlscore("--help").out.partition("Commands:")[2]

    assert [line for line in commands.splitlines() if line.endswith("...")] == []


@pytest.mark.parametrize(
    "command",
    [[], *([name] for name in COMMANDS), ["rubric", "show"], ["rubric", "list"], ["rubric", "check"]],
)
def test_every_command_has_help_that_fits_80_columns(mlscore, command):
    run = mlscore(*command, "--help")

    assert (run.code, run.err) == (0, "")
    assert run.out.startswith(f"Usage: {' '.join(['mlscore', *command])}")
    assert max(map(len, run.out.splitlines())) <= 80


@pytest.mark.parametrize("arguments", [[], ["bogus"], ["--bogus"], ["asses"], ["rubric"], ["assess"], [""]])
def test_usage_errors_are_exit_2_with_help_on_stderr_and_an_empty_stdout(mlscore, arguments):
    run = mlscore(*arguments)

    assert (run.code, run.out) == (2, "")
    assert "Usage: mlscore" in run.err


def test_a_mistyped_command_is_answered_with_the_nearest(mlscore):
    assert "Did you mean 'assess'?" in mlscore("asses", "project.yaml").err


def test_no_command_lists_the_commands(mlscore):
    assert [name for name in COMMANDS if name not in mlscore().err] == []


@pytest.mark.parametrize(
    "arguments", [["assess", "project.yaml"], ["assess", "project.yaml", "-f", "json", "-o", "report.json"]]
)
def test_an_internal_error_is_exit_2_with_one_line_and_no_traceback(mlscore, write, monkeypatch, arguments):
    def fail(*_):
        raise ZeroDivisionError("the secret of\nthe project")

    monkeypatch.setattr("mlscore.scoring.score", fail)
    write("project.yaml", CHURN)

    run = mlscore(*arguments)

    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("mlscore: internal error, please report it")
    assert run.err.count("\n") == 1
    assert "secret" not in run.err


@pytest.mark.parametrize("error", [RecursionError, MemoryError, SystemExit, AssertionError])
def test_whatever_breaks_is_never_taken_for_a_failed_gate(mlscore, write, monkeypatch, error):
    def fail(*_):
        raise error(1)

    monkeypatch.setattr("mlscore.scoring.score", fail)
    write("project.yaml", CHURN)

    assert mlscore("assess", "project.yaml", "--fail-under", "14").code == 2


def test_an_internal_error_shows_where_when_asked(mlscore, write, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError

    monkeypatch.setenv("MLSCORE_DEBUG", "1")
    monkeypatch.setattr("mlscore.scoring.score", fail)
    write("project.yaml", CHURN)

    with pytest.raises(ZeroDivisionError):
        mlscore("assess", "project.yaml")


def test_ctrl_c_is_130_without_a_word(mlscore, write, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("mlscore.scoring.score", interrupt)
    write("project.yaml", CHURN)

    assert mlscore("assess", "project.yaml") == (130, "", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_script_is_printed(process, shell):
    environment = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}  # or it finds the shell pytest runs in

    run = process("--show-completion", shell, env=environment)

    assert (run.returncode, run.stderr) == (0, b"")
    assert f"_MLSCORE_COMPLETE=complete_{shell}" in run.stdout.decode()


@pytest.mark.parametrize(
    ("words", "completions"),
    [
        ("mlscore as", ["assess"]),
        ("mlscore assess --fail", ["--fail-under"]),
        ("mlscore assess --format ma", ["markdown"]),
        ("mlscore assess --require infra-", [f"infra-{place}" for place in range(1, 8)]),
        ("mlscore explain data-", [f"data-{place}" for place in range(1, 8)]),
        ("mlscore rubric sh", ["show"]),
    ],
)
def test_words_are_completed(process, words, completions):
    place = str(len(words.split(" ")) - 1)

    run = process(env={"_MLSCORE_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": place})

    assert sorted(run.stdout.decode().split()) == sorted(completions)


@pytest.mark.parametrize(
    ("arguments", "banned"),
    [
        (["--version"], {"typer", "pydantic", "yaml", "rich", "importlib.metadata"}),
        (["--help"], {"pydantic", "yaml", "rich"}),
        (["assess", "--help"], {"pydantic", "yaml", "rich"}),
        (["bogus"], {"pydantic", "yaml", "rich"}),
        (["explain", "data-1"], {"rich"}),
        (["schema"], {"rich"}),
        (["init"], {"rich"}),
        *((["assess", "project.yaml", "-f", name], {"rich"}) for name in ("json", "markdown", "csv", "value")),
        (["assess", "project.yaml", "-q"], {"rich"}),
        (
            ["assess", "project.yaml"],
            {"rich.markdown", "rich.syntax", "pygments", "asyncio", "typer.rich_utils"},
        ),
    ],
)
def test_a_command_imports_no_more_than_it_needs(write, arguments, banned):
    """Start-up is most of what a run costs."""
    write("project.yaml", CHURN)
    code = f"""
import atexit, sys
atexit.register(lambda: print(sorted(set({sorted(banned)!r}) & sys.modules.keys()), file=sys.stderr))
sys.argv = ["mlscore", *{arguments!r}]
from mlscore.cli import run
run()
"""

    run = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, check=False)

    assert run.stderr.decode().splitlines()[-1] == "[]"
