"""The files to copy into CI: each validates where its system has a validator, and its commands run."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml  # noqa: TID251 - reads CI files, not projects

ROOT = Path(__file__).resolve().parent.parent
CI = ROOT / "examples" / "ci"
BIN = Path(sys.executable).parent
SHELL = {"PATH": f"{BIN}:/usr/bin:/bin", "LANG": "C.UTF-8"}


def tool(name: str) -> str:
    path = BIN / name
    assert path.exists(), f"{name} is in the dev group: make test installs it"
    return str(path)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "examples" / "showcase.yaml", tmp_path / "project.yaml")
    return tmp_path


@pytest.mark.parametrize(
    ("file", "options"),
    [
        ("action.yml", ["--builtin-schema", "vendor.github-actions"]),
        ("examples/ci/github.yml", ["--builtin-schema", "vendor.github-workflows"]),
        ("examples/ci/github-ratchet.yml", ["--builtin-schema", "vendor.github-workflows"]),
        ("examples/ci/gitlab.yml", ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"]),
        (
            "examples/ci/azure-pipelines.yml",
            ["--builtin-schema", "vendor.azure-pipelines", "--data-transform", "azure-pipelines"],
        ),
    ],
)
def test_a_file_is_valid_for_its_system(file: str, options: list[str]) -> None:
    subprocess.run([tool("check-jsonschema"), *options, str(ROOT / file)], check=True)


def test_the_gitlab_component_is_valid(tmp_path: Path) -> None:
    """The part after `---` is an ordinary pipeline; the inputs it uses are the ones it declares."""
    spec, job = (ROOT / "templates" / "mlscore.yml").read_text().split("\n---\n")
    (tmp_path / "job.yml").write_text(job)
    command = [
        tool("check-jsonschema"),
        "--builtin-schema",
        "vendor.gitlab-ci",
        "--data-transform",
        "gitlab-ci",
    ]

    subprocess.run([*command, "job.yml"], check=True)
    assert set(re.findall(r"inputs\.([a-z-]+)", job)) == set(yaml.safe_load(spec)["spec"]["inputs"])
    assert "inputs." not in "".join(yaml.safe_load(job)["ml-test-score"]["script"])


def test_zizmor_finds_nothing_in_the_action() -> None:
    subprocess.run([tool("zizmor"), "--offline", "--no-progress", str(ROOT / "action.yml")], check=True)


def test_pre_commit_accepts_the_hook_and_the_example() -> None:
    subprocess.run([tool("pre-commit"), "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")], check=True)
    for config in (CI / "pre-commit-config.yaml", ROOT / ".pre-commit-config.yaml"):
        subprocess.run([tool("pre-commit"), "validate-config", str(config)], check=True)


@pytest.mark.parametrize(
    ("name", "is_project"),
    [
        *(("project.yaml", True), ("models/churn/mlscore.yaml", True), ("churn.mlscore.yaml", True)),
        *(("my-project.yaml", False), ("project.yml.bak", False), ("README.md", False)),
    ],
)
def test_the_hook_finds_project_files(name: str, is_project: bool) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())

    assert bool(re.search(hook["files"], name)) == is_project


def commands() -> list[tuple[str, str]]:
    """Every `mlscore assess` or `inject` line of the files to copy and of the page about them."""
    found = []
    for path in [*sorted(CI.iterdir()), ROOT / "docs" / "ci.md"]:
        text = path.read_text().replace("'\n", "\n")
        found += [
            (path.name, line)
            for line in re.findall(r"^[ '\w-]*?(?:- (?:script: )?|sh '|    )?(mlscore .+)$", text, re.MULTILINE)
        ]
    return found


@pytest.mark.parametrize(("name", "command"), [pytest.param(*pair, id=":".join(pair)[:60]) for pair in commands()])
def test_a_command_of_a_file_to_copy_runs(name: str, command: str, project: Path) -> None:
    (project / "README.md").write_text("<!-- mlscore:start -->\n<!-- mlscore:end -->\n")

    done = subprocess.run(["bash", "-euc", command], cwd=project, env=SHELL | {"folder": "."}, check=False)

    assert done.returncode == 0


def test_every_file_to_copy_is_on_the_page_and_run() -> None:
    page = (ROOT / "docs" / "ci.md").read_text()

    assert [path.name for path in CI.iterdir() if f"(../examples/ci/{path.name})" not in page] == []
    assert {name for name, _ in commands()} >= {
        "gitlab.yml",
        "Jenkinsfile",
        "azure-pipelines.yml",
        "prometheus.sh",
    }


def action(project: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the action's scoring step as the runner does: inputs in the environment, its own bash flags."""
    definition = yaml.safe_load((ROOT / "action.yml").read_text())
    step = definition["runs"]["steps"][1]
    given = {name: str(value["default"]) for name, value in definition["inputs"].items()} | {
        name.replace("_", "-"): value for name, value in inputs.items()
    }
    environment = {
        name: given[re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", value)[1]]  # type: ignore[index]
        for name, value in step["env"].items()
    }
    (project / "runner" / "mlscore").mkdir(parents=True, exist_ok=True)
    if not (project / "runner" / "mlscore" / "bin").exists():
        (project / "runner" / "mlscore" / "bin").symlink_to(BIN)
    runner = {
        "RUNNER_TEMP": str(project / "runner"),
        "GITHUB_OUTPUT": str(project / "output"),
        "GITHUB_STEP_SUMMARY": str(project / "summary.md"),
        "GITHUB_WORKSPACE": str(project),
        "GITHUB_ACTIONS": "true",
    }
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=project,
        env=SHELL | environment | runner,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_action_scores_and_tells_the_runner(project: Path) -> None:
    done = action(
        project,
        fail_under="6",
        min_tier="reasonable",
        require="data-1 model-1",
        html="r.html",
        sarif="r.sarif",
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("::notice title=ML Test Score::churn-model: 6 of 14")
    assert (project / "output").read_text() == "score=6\ntier=reasonable\npassed=true\nlimiting=monitor\n"
    assert "## ML Test Score: 6 of 14" in (project / "summary.md").read_text()
    assert json.loads((project / "r.sarif").read_text())["version"] == "2.1.0"
    assert (project / "r.html").read_text().lower().startswith("<!doctype html>")


def test_the_action_fails_when_the_gate_is_not_met(project: Path) -> None:
    done = action(project, fail_under="7")

    assert done.returncode == 1
    assert "::error file=project.yaml,line=12,title=ML Test Score gate::" in done.stdout
    assert "passed=false" in (project / "output").read_text()


def test_the_action_takes_several_files(project: Path) -> None:
    shutil.copy(ROOT / "examples" / "textbook.yaml", project / "other model.yaml")

    done = action(project, file="project.yaml\nother model.yaml\n")

    assert done.returncode == 0, done.stderr
    assert "score=6,5\ntier=reasonable,strong\n" in (project / "output").read_text()


def test_the_action_refuses_a_step_down(project: Path) -> None:
    def git(*arguments: str) -> None:
        author = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *author, *arguments], cwd=project, env=SHELL, check=True, capture_output=True)

    git("init", "-b", "main")
    git("add", "project.yaml")
    git("commit", "-m", "as it was")
    git("checkout", "-b", "change")
    file = project / "project.yaml"
    file.write_text(file.read_text().replace("monitor-4: automated", "monitor-4: manual"))
    git("commit", "-am", "a step down")

    done = action(project, no_regress="main")

    assert done.returncode == 1
    assert "monitor-4 went down from automated to manual" in done.stdout


@pytest.mark.parametrize(
    "name", ["file", "fail_under", "min_tier", "require", "no_regress", "rubric", "sarif", "html"]
)
@pytest.mark.parametrize(
    "value", ["$(touch pwned)", "`touch pwned`", '"; touch pwned; "', "--help", "x\n--help", "*"]
)
def test_inputs_of_the_action_cannot_run_anything(project: Path, name: str, value: str) -> None:
    before = set(os.listdir(project)) | {"runner", "output", "summary.md"}

    done = action(project, **{name: value})

    created = set(os.listdir(project)) - before
    assert "pwned" not in created
    assert "Usage: mlscore" not in done.stdout
    assert done.returncode == 2 or (name in {"sarif", "html"} and created <= {value})
