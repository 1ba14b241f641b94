"""The HTML report in Chromium: accessible in both colour schemes, no sideways scrolling, no request.

Skipped where Chromium, Node.js or the packages of package.json are missing. In CI they must not be: when
MLSCORE_BROWSER_TOOLS names the folder that holds node_modules, a missing piece is a failure.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
NAMED = os.environ.get("MLSCORE_BROWSER_TOOLS")  # read here: tests run without MLSCORE_* variables
MODULES = Path(NAMED or ROOT / ".browser").resolve() / "node_modules"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
NODE = shutil.which("node")
MISSING = [
    what
    for what, is_there in {
        "chromium (apt-get install chromium)": CHROMIUM,
        "node, version 20 or later": NODE,
        f"playwright-core in {MODULES}": (MODULES / "playwright-core").is_dir(),
        f"axe-core in {MODULES}": (MODULES / "axe-core").is_dir(),
    }.items()
    if not is_there
]
EXAMPLES = {
    "one project": ["showcase.yaml"],
    "three projects": ["showcase.yaml", "churn-before.yaml", "predictive-maintenance.yaml"],
}


@pytest.fixture
def tools():
    """Skip where the tools are missing; fail where they were promised."""
    if MISSING and NAMED:
        pytest.fail(f"MLSCORE_BROWSER_TOOLS is set, but these are missing: {', '.join(MISSING)}")
    if MISSING:
        pytest.skip(f"not installed: {', '.join(MISSING)}")


def audited(page: Path) -> dict[str, object]:
    """Open a page in both colour schemes, on a phone and on a desk, and return what was found."""
    audit = [NODE, HERE / "audit.cjs", MODULES, CHROMIUM, page]
    run = subprocess.run(audit, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


NOTHING = {
    "backgrounds": {"light": "rgb(255, 255, 255)", "dark": "rgb(22, 24, 28)"},
    "violations": [],
    "overflow": [],
    "hidden": [],
    "requests": [],
    "messages": [],
}


@pytest.mark.parametrize("names", EXAMPLES.values(), ids=EXAMPLES)
def test_the_page_is_accessible_fits_a_phone_and_asks_for_nothing(tools, mlscore, tmp_path, names):
    page = tmp_path / "report.html"
    examples = [ROOT / "examples" / name for name in names]
    mlscore("assess", *examples, "--as-of", "2026-11-21", "--exit-zero", "--output", page)

    found = audited(page)

    assert found.pop("passes") > 30
    assert found == NOTHING


@pytest.mark.parametrize(
    "command",
    [
        ["plan", "showcase.yaml", "--target", "9"],
        ["diff", "churn-before.yaml", "churn-after.yaml"],
        [
            "portfolio",
            "showcase.yaml",
            "textbook.yaml",
            "llm-support-bot.yaml",
            "rubrics/acme.yaml",
            "--keep-going",
        ],
    ],
    ids=lambda command: command[0],
)
def test_the_other_pages_hold_to_the_same(tools, mlscore, tmp_path, monkeypatch, command):
    page = tmp_path / "page.html"
    monkeypatch.chdir(ROOT / "examples")
    assert mlscore(*command, "--output", page).code == 0

    found = audited(page)

    assert found.pop("passes") > 15
    assert found == NOTHING


def test_a_history_with_its_chart_holds_to_the_same(tools, mlscore, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    git = ["git", "-c", "user.name=Ana", "-c", "user.email=ana@example.org"]
    subprocess.run([*git, "init", "-q"], check=True)
    for name in ("churn-before", "churn-after"):
        shutil.copy(ROOT / "examples" / f"{name}.yaml", "project.yaml")
        subprocess.run([*git, "add", "project.yaml"], check=True)
        subprocess.run([*git, "commit", "-qm", name], check=True)
    assert mlscore("history", "project.yaml", "--output", "history.html").code == 0

    found = audited(tmp_path / "history.html")

    assert found.pop("passes") > 15
    assert found == NOTHING
