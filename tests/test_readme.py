"""README and docs show real runs: every ```console block is run and compared. `make docs` rewrites them."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```console\n\$ (?P<command>.+)\n(?P<output>(?:(?!```).*\n)*)```$", re.MULTILINE)


def run(command: str) -> str:
    """Run a command of the README in the repository, as a pipe sees it, and return all that it says."""
    program, *arguments = shlex.split(command)
    done = subprocess.run(
        [str(Path(sys.executable).parent / program), *arguments],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout


@pytest.mark.parametrize(
    "block", [pytest.param(m, id=m["command"]) for page in PAGES for m in BLOCK.finditer(page.read_text())]
)
def test_a_block_shows_what_its_command_prints(block: re.Match[str]) -> None:
    assert block["output"] == run(block["command"])


def test_the_readme_has_blocks_and_the_two_commands() -> None:
    text = README.read_text()

    assert len(BLOCK.findall(text)) >= 3
    assert "make demo" in text
    assert "make test" in text


def test_every_option_of_assess_and_every_exit_code_is_in_the_readme() -> None:
    text = README.read_text()
    options = set(re.findall(r"--[a-z][a-z-]+", run("mlscore assess --help"))) - {"--help"}

    assert [option for option in sorted(options) if f"{option}" not in text] == []
    assert all(re.search(rf"^\| {code} \|", text, re.MULTILINE) for code in (0, 1, 2))


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(
            BLOCK.sub(lambda m: f"```console\n$ {m['command']}\n{run(m['command'])}```", page.read_text())
        )
