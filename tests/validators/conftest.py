"""Readers' own validators, which tests/validators/fetch.sh puts into .validators, and reports for them."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from formats.samples import RUBRIC, in_yaml, project_with

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".validators"
REQUIRED = os.environ.get("VALIDATORS") == "required"
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))

SMALL = """\
rubric: small.yaml
project: churn
answers:
  data-1: automated
  data-2: manual
  serving-1: {status: not_applicable, reason: batch only}
gate: {fail_under: 2, require: [data-3, serving-2]}
"""
EVIDENCE = """\
project: churn
answers:
  data-1: {status: automated, evidence: [{junit: missing.xml}]}
  data-2: {status: manual, date: 2026-11-01, evidence: [{url: "https://a:b@example.org/<x>"}]}
"""
NASTY = "<a & b> \"' ]]> {0} [x](y) \n::error::z \x1b[31m \u202e é 👩 %20"


def needed(found: bool, what: str) -> None:
    """Skip the test when a validator is not there, or fail it where it has to be (VALIDATORS=required)."""
    if not found:
        reason = f"{what} is not there: run tests/validators/fetch.sh"
        (pytest.fail if REQUIRED else pytest.skip)(reason)


@pytest.fixture
def validator() -> Callable[[str], Path]:
    """The path of a file in .validators, such as `junit-10.xsd`."""

    def path(name: str) -> Path:
        needed((FOLDER / name).is_file(), f".validators/{name}")
        return FOLDER / name

    return path


@pytest.fixture
def xmllint() -> str:
    """The command xmllint."""
    found = shutil.which("xmllint")
    needed(found is not None, "xmllint")
    return str(found)


CASES = {
    **{path.stem: ((path.read_text(encoding="utf-8"), "ml/project.yaml"),) for path in EXAMPLES},
    "nothing answered": (("project: churn\nanswers: {}\n", "project.yaml"),),
    "every point": ((project_with(dict.fromkeys(("data", "model", "infra", "monitor"), 14)), "project.yaml"),),
    "a rubric of one's own": ((SMALL, "project.yaml"),),
    "evidence": ((EVIDENCE, "project.yaml"),),
    "a strange name": ((SMALL.replace("churn", in_yaml(NASTY)).replace("batch only", in_yaml(NASTY)), "a.yaml"),),
    "a long name": ((SMALL.replace("churn", "x" * 10_000), "project.yaml"),),
    "a strange file name": ((SMALL, "é 100% #a?b:c,d'\".yaml"),),
    "a file name with a control character": ((SMALL, "a\n\x1b[31m.yaml"),),
    "a file outside the repository": ((SMALL, "../elsewhere/project.yaml"),),
    "an absolute path outside the repository": ((SMALL, "{above}/elsewhere/project.yaml"),),
    "twelve projects": tuple((SMALL.replace("churn", f"churn-{n}"), f"{n}/project.yaml") for n in range(12)),
}
"""Projects to report on, each as text and path."""


@pytest.fixture(params=CASES)
def written(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], Path]:
    """Assess the projects of a case in a repository and write them as one report in a format."""
    from mlscore.cli.main import main

    repository = tmp_path / "repository"
    (repository / ".git").mkdir(parents=True)
    monkeypatch.chdir(repository)
    paths = [path.format(above=tmp_path) for _, path in CASES[request.param]]
    for (text, _), path in zip(CASES[request.param], paths, strict=True):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).with_name("small.yaml").write_text(RUBRIC, encoding="utf-8")
        shutil.copytree(ROOT / "examples" / "rubrics", Path(path).with_name("rubrics"), dirs_exist_ok=True)
        Path(path).write_text(text, encoding="utf-8")

    def report(name: str) -> Path:
        out = tmp_path / "report"
        code = main(["assess", *paths, "-f", name, "-o", str(out), "--as-of", "2026-11-21", "--fail-under", "9"])
        assert code in {0, 1}
        return out

    return report
