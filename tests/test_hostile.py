"""Input, names, streams and systems that mean ill, each against a real process.

Every run here is held to the same promises: it ends with 0, 1 or 2 as expected, says no traceback, stays below
five seconds of work and 100 MB (300 MB where the input is as large as the limits allow), and leaves no file
behind but those it was told to write.
"""

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest

MLSCORE = str(Path(sys.executable).parent / "mlscore")
GOOD = "project: x\nanswers: {data-1: manual}\n"
BAD = "project: x\nansers: {}\n"
BAD_FAULTS = ["1:1: the key 'answers' is missing", "2:1: unknown key 'ansers'; did you mean answers?"]
SECONDS = 5
MEGABYTES = 100

# The command is a child of this small process, so that its memory is not counted from the test runner's.
LAUNCHER = f"""
import resource, subprocess, sys
resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS + 1}, {SECONDS + 2}))
code = subprocess.call(sys.argv[2:])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as file:
    file.write(f"{{code}} {{used.ru_utime + used.ru_stime}} {{used.ru_maxrss // 1024}}")
"""


class Ended(NamedTuple):
    """How a process ended, and what it used."""

    code: int
    out: bytes
    err: str
    seconds: float
    megabytes: int


@pytest.fixture
def run(tmp_path_factory):
    """Run the command, or a line of shell in which "$@" is the command, and hold it to the promises."""

    def run(*arguments, shell='"$@"', stdin=subprocess.DEVNULL, stdout=None, env=None, megabytes=MEGABYTES):
        folder = tmp_path_factory.mktemp("run")
        command = [sys.executable, "-I", "-S", "-c", LAUNCHER, folder / "used", "sh", "-c", shell, "sh", MLSCORE]
        with open(folder / "out", "wb") as out, open(folder / "err", "wb") as err:
            subprocess.run(
                [*command, *arguments],
                stdin=stdin,
                stdout=out if stdout is None else stdout,
                stderr=err,
                env={**os.environ, **(env or {})},
                timeout=60,
                check=True,
            )
        code, seconds, memory = (folder / "used").read_text().split()
        said = (folder / "err").read_bytes().decode(errors="backslashreplace")
        ended = Ended(int(code), (folder / "out").read_bytes(), said, float(seconds), int(memory))
        assert "Traceback" not in said
        assert "internal error" not in said
        assert ended.code in {0, 1, 2}
        assert ended.seconds < SECONDS
        assert ended.megabytes < megabytes
        return ended

    return run


@pytest.fixture
def good(write):
    return write("p.yaml", GOOD)


def files():
    """List what lies in the working folder."""
    return sorted(str(path) for path in Path().rglob("*"))


def bomb(first, rest):
    return first + "".join(f"a{n}: &a{n} {rest.format(', '.join([f'*a{n - 1}'] * 9))}\n" for n in range(1, 10))


def flow(entry, count, before="", after=""):
    return before + ", ".join(entry.format(n) for n in range(count)) + after


NODES = "more than the limit of 100,000 keys and values"
MANY = ("unknown key", "more than the limit of")
DEEP = "nested deeper than the limit of 32 levels"
CONTENTS = {
    "empty": (b"", "empty"),
    "list": (b"- a\n- b\n", "mapping"),
    "50 MB of text": (b"a: x\n" * 10_000_000, "larger than the limit of 2 MiB"),
    "2 MiB in one value": (b"a: " + b"x" * 2_000_000, "a value longer than the limit of 20,000 characters"),
    "100,000 nested lists": (b"[" * 100_000, DEEP),
    "100,000 nested mappings": (b"{a: " * 100_000, DEEP),
    "100,000 nested entries": (b"- " * 100_000, DEEP),
    "100,000 nested keys": (b"? " * 100_000, DEEP),
    "aliases of aliases": (bomb("a0: &a0 [x, x]\n", "[{}]"), NODES),
    "merges of merges": (bomb("a0: &a0 {k: x}\n", "{{<<: [{}]}}"), "the merge key << is not allowed"),
    "an alias inside itself": ("a: &x [*x]", "the alias '*x' stands inside what it names"),
    "anchors in a ring": ("a: &x {b: &y [*x]}\nc: *y", "the alias '*x' stands inside what it names"),
    "nesting by aliases": (
        "".join(f"a{n}: &a{n} {'[' * 28}{f'*a{n - 1}' if n else ''}{']' * 28}\n" for n in range(60))
        + "id: *a59\n",
        DEEP,
    ),
    "a long text, 90,000 times": (f"z: &z {'x' * 19_000}\n" + flow("*z", 90_000, "y: [", "]"), MANY),
    "500,000 documents": (b"---\n" * 500_000, "a second document begins here"),
    "400,000 repeated keys": (b"a: 1\n" * 400_000, "is repeated"),
    "49,000 unknown keys": ("".join(f"k{n}: x\n" for n in range(49_000)), MANY),
    "100,000 anchors": (flow("&a{} x", 99_000, "a: [", "]"), MANY),
    "100,000 unknown aliases": (flow("*a{}", 99_000, "a: [", "]"), "names nothing"),
    "100,000 tags": (flow("!t{} x", 99_000, "a: [", "]"), "is not allowed"),
    "one key of 1 MB": (b"? " + b"k" * 1_000_000 + b"\n: x", "a value longer than the limit"),
    "a number of a million digits": (b"a: " + b"1" * 1_000_000, "a value longer than the limit"),
    "NUL": (b"a: x\0", "the control character U+0000 is not allowed"),
    "only NUL": (b"\0" * 1_000_000, "the control character U+0000 is not allowed"),
    "random bytes": (bytes(range(256)) * 4, "not UTF-8"),
    "UTF-16": ("a: x\n".encode("utf-16"), "not UTF-8 (it looks like UTF-16)"),
    "a million quotes": (b"'" * 1_000_000, "f.yaml"),
    "a million brackets": (b"[]" * 500_000, "not valid YAML"),
    "a million colons": (b"a: " * 500_000, "not valid YAML"),
    "a million spaces": (b"a:\n" + b" " * 1_000_000 + b"b: 1", "unknown key"),
    "a million tabs": (b"\t" * 1_000_000, "f.yaml"),
    "a million comments": (b"#\n" * 1_000_000, "empty"),
    "a million line breaks": (b"a:" + b"\n" * 1_000_000 + b" b: c: d", "not valid YAML"),
}


AS_RUBRIC = {
    "empty",
    "list",
    "50 MB of text",
    "100,000 nested lists",
    "aliases of aliases",
    "nesting by aliases",
    "a long text, 90,000 times",
    "49,000 unknown keys",
    "100,000 anchors",
}
"""Contents that come further than the parser, which rubrics share with projects."""


class TestContents:
    """Whatever a file holds: exit 2, an empty stdout, lines that begin with its name, at most 16 KiB of them."""

    @pytest.mark.parametrize(
        ("command", "name"),
        [("assess", name) for name in CONTENTS]
        + [("rubric check", name) for name in CONTENTS if name in AS_RUBRIC],
    )
    def test_a_file(self, run, write, name, command):
        content, says = CONTENTS[name]
        write("f.yaml", content)

        ended = run(*command.split(), "f.yaml")

        lines = ended.err.splitlines()
        assert (ended.code, ended.out) == (2, b"")
        assert any(word in line for line in lines for word in ([says] if isinstance(says, str) else says))
        assert all(line.startswith(("f.yaml:", "and ")) for line in lines)
        assert len(ended.err) <= 16 * 1024
        assert files() == ["f.yaml"]

    @pytest.mark.parametrize(
        "text",
        [
            flow("dota-{}: x", 48_000, "answers: {", "}"),
            flow("data-1{0}: {{status: {0}}}", 24_000, "answers: {", "}"),
            flow("c{}: 1", 48_000, "answers: {}\ngate: {categories: {", "}}"),
            flow("t{}", 90_000, "answers: {}\ngate: {require: [", "]}"),
            flow("{{fil{}: x}}", 32_000, "answers: {data-1: {status: none, evidence: [", "]}}"),
            f"owner: &z {'z' * 19_000}\nanswers: {{}}\n" + flow("*z", 90_000, "gate: {require: [", "]}"),
            flow("t{}: {{" + ", ".join(f"k{n}: x" for n in range(50)) + "}}", 900, "answers: {", "}"),
        ],
        ids=["tests", "statuses", "categories", "required", "evidence", "long texts", "keys of answers"],
    )
    def test_a_project_with_as_many_mistakes_as_fit(self, run, write, text):
        """Refused in time, and briefly, whether they are listed or a limit is named."""
        write("f.yaml", f"project: x\n{text}\n")

        ended = run("assess", "f.yaml", megabytes=300)

        assert (ended.code, ended.out) == (2, b"")
        assert 1 <= ended.err.count("\n") <= 21

    @pytest.mark.parametrize(
        "text",
        [
            flow("l{}: {{points: x}}", 30_000, "levels: {", "}"),
            "levels: {" + ", ".join(f"l{n}: {{points: {20_000 - n}}}" for n in range(20_000)) + "}",
            flow("{{id: t{}, from: 0, label: T}}", 14_000, "tiers: [", "]"),
            flow("{{id: a, title: A, tests: [{{id: a, title: A}}]}}", 8_000, "categories: [", "]"),
            flow("b-{}", 90_000, "extends: ml-test-score\nremove: [", "]"),
        ],
        ids=["points", "order", "tiers", "ids", "remove"],
    )
    def test_a_rubric_with_as_many_mistakes_as_fit(self, run, write, text):
        parts = {
            "levels": "{none: {points: 0}, done: {points: 1}}",
            "tiers": "[{id: low, from: 0, label: Low}]",
            "categories": "[{id: a, title: A, tests: [{id: a-1, title: T}]}]",
        }
        rest = "".join(f"{key}: {value}\n" for key, value in parts.items() if key not in text)
        write("f.yaml", f"id: big\n{rest}{text}\n")

        ended = run("rubric", "check", "f.yaml", megabytes=300)

        assert (ended.code, ended.out) == (2, b"")
        assert 1 <= ended.err.count("\n") <= 21

    @pytest.mark.parametrize(
        ("categories", "tests", "answers"), [(1, 19_000, 19_000), (7_500, 1, 7_500), (900, 20, 900)]
    )
    @pytest.mark.parametrize("format_", ["value", "json", "table"])
    def test_the_largest_rubric_is_refused_or_scored_in_time(
        self, run, write, categories, tests, answers, format_
    ):
        """Both are right; minutes of work are not."""
        head = "id: big\nlevels: {none: {points: 0}, done: {points: 1}}\ntiers: [{id: low, from: 0, label: Low}]\n"
        groups = "".join(
            f"- {{id: c{place}, title: C, tests: [{flow(f'{{{{id: t{place}-{{}}, title: T}}}}', tests)}]}}\n"
            for place in range(categories)
        )
        write("r.yaml", f"{head}categories:\n{groups}")
        given = "".join(f"  t{n // tests}-{n % tests}: done\n" for n in range(answers))
        write("p.yaml", f"rubric: r.yaml\nproject: x\nanswers:\n{given}")

        ended = run("assess", "p.yaml", "-f", format_, megabytes=300)

        assert ended.code in {0, 2}
        assert bool(ended.out) == (ended.code == 0)

    def test_a_usual_project_takes_less_than_a_second_of_work(self, run, good):
        assert run("assess", good, "-f", "json").seconds < 1


class TestPlaces:
    """Where a file should be there may be something else."""

    @pytest.mark.parametrize("command", ["assess {}", "assess p.yaml -r {}"])
    @pytest.mark.parametrize(
        ("place", "says"),
        [
            ("folder/", "a folder, not a file"),
            ("./fifo", "not a regular file; pipe it in and name it -"),
            ("/dev/zero", "not a regular file; pipe it in and name it -"),
            ("/dev/null", "not a regular file; pipe it in and name it -"),
            ("./none.yaml", "cannot be read: no such file or directory"),
            ("./loop.yaml", "cannot be read: too many levels of symbolic links"),
            ("./p.yaml/x.yaml", "cannot be read: not a directory"),
            ("./" + "n" * 300 + ".yaml", "cannot be read: file name too long"),
        ],
    )
    def test_no_file(self, run, good, place, says, command):
        Path("folder").mkdir()
        os.mkfifo("fifo")
        Path("loop.yaml").symlink_to("loop.yaml")

        ended = run(*command.format(place).split())

        assert (ended.code, ended.out) == (2, b"")
        assert ended.err == f"{place}: {says}\n" or len(place) > 250

    @pytest.mark.parametrize("place", ["../none.yaml", "fifo", "/dev/zero", "/etc/passwd", "p.yaml"])
    def test_a_rubric_that_a_project_names(self, run, write, place):
        os.mkfifo("fifo")
        write("p.yaml", f"rubric: ./{place}\n{GOOD}".replace(".//", "/"))

        ended = run("assess", "p.yaml")

        assert (ended.code, ended.out) == (2, b"")
        assert "p.yaml:1:9: the rubric " in ended.err

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
    def test_no_permission(self, run, good):
        good.chmod(0)

        ended = run("assess", good)

        assert (ended.code, ended.err) == (2, "p.yaml: cannot be read: permission denied\n")

    def test_one_bad_file_of_several_does_not_hide_the_others(self, run, good, write):
        write("bad.yaml", BAD)

        ended = run("assess", "none.yaml", good, "bad.yaml", "-f", "json")

        assert ended.code == 2
        assert [report["project"]["path"] for report in json.loads(ended.out)] == ["p.yaml"]
        assert ended.err.splitlines() == [
            "none.yaml: cannot be read: no such file or directory",
            *(f"bad.yaml:{fault}" for fault in BAD_FAULTS),
        ]


NAMES = {
    b"a b.yaml": "a b.yaml",
    b"a\nb.yaml": "a\\nb.yaml",
    b"a\n::error::b.yaml": "a\\n::error::b.yaml",
    b"::error::x.yaml": "./::error::x.yaml",
    b"##[error]x.yaml": "#\\x23[error]x.yaml",
    b"[/].yaml": "[/].yaml",
    b"[red]x[/red].yaml": "[red]x[/red].yaml",
    b":smile:.yaml": ":smile:.yaml",
    b"\x1b[31m.yaml": "\\x1b[31m.yaml",
    b"\r.yaml": "\\x0d.yaml",
    b"\t.yaml": "\\t.yaml",
    b"\xff\xfe.yaml": "\\udcff\\udcfe.yaml",
    b"\xc2\x9b31m.yaml": "\\x9b31m.yaml",
    "\u202egpj.yaml".encode(): "\\u202egpj.yaml",
    "größer🚀.yaml".encode(): "größer🚀.yaml",
    b"$(id)`id`;&|.yaml": "$(id)`id`;&|.yaml",
    b"%0A::error::x.yaml": "%0A::error::x.yaml",
    b"n" * 200 + b".yaml": "n" * 200 + ".yaml",
}


@pytest.mark.parametrize("name", NAMES, ids=repr)
class TestNames:
    """A file may be called anything; shown names are visible, on one line, and no command of a CI log."""

    @pytest.fixture(autouse=True)
    def path(self, name):
        path = Path(os.fsdecode(name))
        path.parent.mkdir(exist_ok=True)
        return path

    def test_a_wrong_file(self, run, name, path):
        path.write_text(BAD)

        ended = run("assess", name)

        assert ended.code == 2
        assert ended.err == "".join(f"{NAMES[name]}:{fault}\n" for fault in BAD_FAULTS)

    def test_a_missing_file(self, mlscore, name, path):
        assert mlscore("assess", path) == (2, "", f"{NAMES[name]}: cannot be read: no such file or directory\n")

    def test_a_gate_that_is_not_met(self, mlscore, name, path):
        path.write_text(GOOD)

        code, out, err = mlscore("assess", path, "--fail-under", "3", "-f", "value")

        assert (code, out) == (1, "0\n")
        assert err.startswith(f"{NAMES[name]}: gate: the score 0 is below 3")
        assert err.count("\n") == 1

    def test_a_report_that_would_replace_the_input(self, mlscore, name, path):
        path.write_text(GOOD)

        code, out, err = mlscore("assess", path, "-f", "json", "-o", path)

        assert (code, out) == (2, "")
        assert f"{NAMES[name]}: not written: it is an input" in err
        assert err.count("\n") == 1
        assert path.read_text() == GOOD

    def test_a_report_of_that_name(self, mlscore, path, write):
        assert mlscore("assess", write("good.yaml", GOOD), "-f", "json", "-o", path) == (0, "", "")
        assert json.loads(path.read_bytes())["project"]["name"] == "x"

    def test_the_path_in_a_report(self, mlscore, name, path):
        path.write_text(GOOD)

        code, out, err = mlscore("assess", path, "-f", "json")

        shown = json.loads(out)["project"]["path"]
        assert (code, err) == (0, "")
        assert shown.removeprefix("./") == NAMES[name].removeprefix("./")


PRINTING = ["assess p.yaml", "assess p.yaml -f json", "rubric list", "rubric show", "explain data-1", "schema"]
HELP = ["--version", "--help", "assess --help"]


class TestStreams:
    """Streams may be closed, full or gone; the exit code still tells the truth."""

    def test_stdin_closed(self, run):
        ended = run("assess", "-", shell='"$@" <&-')

        assert (ended.code, ended.out) == (2, b"")
        assert ended.err.startswith("<stdin>: cannot be read: ")

    def test_stdin_without_an_end(self, run):
        with open("/dev/zero", "rb") as zero:
            ended = run("assess", "-", stdin=zero)

        assert (ended.code, ended.err) == (2, "<stdin>: larger than the limit of 2 MiB\n")

    @pytest.mark.parametrize("command", [*PRINTING, "--version"])
    def test_stdout_closed(self, run, good, command):
        ended = run(*command.split(), shell='"$@" >&-')

        assert (ended.code, ended.err) == (2, "mlscore: stdout: not written: it is closed\n")

    @pytest.mark.parametrize("command", [*PRINTING, *HELP])
    def test_stdout_full(self, run, good, command):
        with open("/dev/full", "wb") as full:
            ended = run(*command.split(), stdout=full)

        assert ended.code == 2
        assert ended.err.startswith("mlscore: ")
        assert ended.err.endswith("no space left on device\n")
        assert ended.err.count("\n") == 1

    @pytest.mark.parametrize(("gate", "code"), [([], 0), (["--fail-under", "0"], 0), (["--fail-under", "9"], 1)])
    @pytest.mark.parametrize("format_", ["table", "json"])
    def test_a_reader_that_has_gone_keeps_the_verdict(self, run, good, gate, code, format_):
        reader, writer = os.pipe()
        os.close(reader)
        try:
            ended = run("assess", good, "-f", format_, *gate, stdout=writer)
        finally:
            os.close(writer)

        assert ended.code == code
        assert all(line.startswith("p.yaml: gate: ") for line in ended.err.splitlines())

    @pytest.mark.parametrize("command", [*PRINTING, *HELP])
    def test_a_reader_of_one_byte(self, run, good, command):
        ended = run(*command.split(), shell='{ "$@"; echo $? >code; } | head -c 1')

        assert (len(ended.out), ended.err, Path("code").read_text()) == (1, "", "0\n")

    @pytest.mark.parametrize(
        ("arguments", "code"),
        [("p.yaml", 0), ("p.yaml --fail-under 3", 1), ("none.yaml", 2), ("p.yaml --nonsense", 2)],
    )
    @pytest.mark.parametrize("shell", ['"$@" 2>&-', '"$@" 2>/dev/full', '"$@" <&- 2>&-'])
    def test_stderr_closed_or_full(self, run, good, arguments, code, shell):
        ended = run("assess", *arguments.split(), shell=shell)

        assert ended.code == code
        assert bool(ended.out) == (code != 2)

    @pytest.mark.parametrize("shell", ['"$@" 2>&-', '"$@" >&- 2>&-', '"$@" <&- >&- 2>&-'])
    def test_nothing_leaks_into_a_report_that_gets_the_number_of_a_closed_stream(self, run, good, shell):
        ended = run("assess", good, "-o", "report.json", "--fail-under", "3", shell=shell)

        assert (ended.code, ended.out, ended.err) == (1, b"", "")
        assert json.loads(Path("report.json").read_text())["gate"]["passed"] is False

    def test_an_interrupt_ends_quietly(self, good):
        process = subprocess.Popen(
            [MLSCORE, "assess", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        waits = Path(f"/proc/{process.pid}/wchan")
        patience = time.monotonic() + 5
        while "pipe" not in waits.read_text() and time.monotonic() < patience:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)

        assert process.returncode in {130, -signal.SIGINT}
        assert (out, err.strip()) == (b"", b"")


TEXTS = "project: größer 🚀 │\nanswers: {data-1: {status: manual, owner: Zoë, note: ✓ ok}}\n"


class TestEnvironment:
    """Locale, terminal and folder change how things look, never whether they work."""

    @pytest.mark.parametrize(
        "env",
        [
            {"PYTHONIOENCODING": "ascii"},
            {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
            {"LC_ALL": "POSIX", "LANG": "", "PYTHONIOENCODING": "ascii:strict"},
        ],
        ids=["PYTHONIOENCODING", "LC_ALL=C", "POSIX"],
    )
    @pytest.mark.parametrize("format_", ["table", "json", "csv"])
    def test_an_ascii_world(self, run, write, env, format_):
        """What people read is made of ASCII; what machines read has the same bytes as everywhere."""
        arguments = ("assess", write("p.yaml", TEXTS), "-f", format_, "--as-of", "2026-11-21")

        ended = run(*arguments, env=env)

        assert (ended.code, ended.err) == (0, "")
        if format_ == "table":
            assert ended.out.isascii()
        else:
            assert ended.out == run(*arguments, env={"PYTHONIOENCODING": "utf-8"}).out

    def test_a_report_is_utf_8_whatever_the_locale(self, run, write):
        env = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}

        ended = run("assess", write("p.yaml", TEXTS), "-o", "report.md", env=env)

        assert ended.code == 0
        assert "größer 🚀" in Path("report.md").read_text(encoding="utf-8")

    def test_errors_in_an_ascii_world(self, run, write):
        ended = run("assess", write("p.yaml", "größe: 🚀\n"), env={"PYTHONIOENCODING": "ascii"})

        assert ended.code == 2
        assert "unknown key 'gr\\xf6\\xdfe'" in ended.err

    @pytest.mark.parametrize(
        "env",
        [{"COLUMNS": "1"}, {"COLUMNS": "0"}, {"COLUMNS": "-1"}, {"COLUMNS": "x"}, {"COLUMNS": "1000000000"}],
        ids=lambda env: "=".join(*env.items()),
    )
    @pytest.mark.parametrize("command", ["assess p.yaml", "--help"])
    def test_odd_widths(self, run, good, env, command):
        assert run(*command.split(), env=env).code == 0

    @pytest.mark.parametrize("term", ["dumb", "", "no-such-terminal", "xterm-256color"])
    def test_no_escape_codes_into_a_pipe(self, run, good, term):
        ended = run("assess", good, env={"TERM": term})

        assert ended.code == 0
        assert b"\x1b" not in ended.out

    def test_an_empty_environment(self, run, good):
        ended = run("assess", good, shell='env -i "$@"')

        assert (ended.code, ended.err) == (0, "")

    @pytest.mark.parametrize("seed", ["0", "1", "12345"])
    def test_same_bytes_whatever_the_hash_seed_and_time_zone(self, run, write, seed):
        path = write("p.yaml", TEXTS)
        arguments = ("assess", path, "-f", "json", "--as-of", "2026-11-21")

        other = run(*arguments, env={"PYTHONHASHSEED": seed, "TZ": "Pacific/Kiritimati", "COLUMNS": "33"})

        assert other.out == run(*arguments).out

    def test_optimised_python_checks_as_much(self, run, write):
        ended = run("assess", write("p.yaml", BAD), env={"PYTHONOPTIMIZE": "2"})

        assert (ended.code, ended.err) == (2, "".join(f"p.yaml:{fault}\n" for fault in BAD_FAULTS))

    def test_modules_of_the_folder_are_not_imported(self, run, good, write):
        for name in ("yaml", "typer", "mlscore", "rich", "json", "sitecustomize"):
            write(f"{name}.py", "raise SystemExit(77)")

        assert run("assess", good).code == 0

    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            ("{here}/p.yaml -f value", 0),
            ("{here}/p.yaml -o {here}/report.json", 0),
            ("- -f value", 0),
            ("p.yaml", 2),
            ("{here}/p.yaml -o report.json", 2),
        ],
    )
    def test_a_working_folder_that_was_deleted(self, run, good, tmp_path, arguments, code):
        with good.open("rb") as stdin:
            ended = run(
                "assess",
                *arguments.format(here=tmp_path).split(),
                shell='mkdir gone && cd gone && rmdir ../gone && "$@"',
                stdin=stdin,
            )

        assert ended.code == code
        assert (ended.err == "") == (code == 0)


OLD = '{"old": true}\n'


class TestReports:
    """A report is written whole or not at all, to the place that was named and no other."""

    @pytest.fixture
    def old(self, write):
        return write("report.json", OLD)

    def test_an_old_report_is_replaced_whole(self, run, good, write):
        write("report.json", "x" * 1_000_000)

        assert run("assess", good, "-o", "report.json").code == 0
        assert json.loads(Path("report.json").read_text())["project"]["name"] == "x"
        assert files() == ["p.yaml", "report.json"]

    @pytest.mark.parametrize(("umask", "mode"), [("022", 0o644), ("077", 0o600), ("002", 0o664)])
    def test_its_mode_is_what_the_umask_says(self, run, good, umask, mode):
        assert run("assess", good, "-o", "report.json", shell=f'umask {umask}; "$@"').code == 0
        assert Path("report.json").stat().st_mode & 0o777 == mode

    def test_a_refused_input_leaves_the_old_report(self, run, old, write):
        ended = run("assess", write("bad.yaml", BAD), "-o", old)

        assert ended.code == 2
        assert old.read_text() == OLD
        assert files() == ["bad.yaml", "report.json"]

    def test_a_symbolic_link_is_replaced_not_followed(self, run, good, write):
        victim = write("victim.txt", "precious")
        Path("report.json").symlink_to(victim)

        assert run("assess", good, "-o", "report.json").code == 0
        assert victim.read_text() == "precious"
        assert not Path("report.json").is_symlink()
        assert files() == ["p.yaml", "report.json", "victim.txt"]

    def test_a_link_that_leads_nowhere_is_replaced(self, run, good):
        Path("report.json").symlink_to("none/at/all")

        assert run("assess", good, "-o", "report.json").code == 0
        assert json.loads(Path("report.json").read_text())

    @pytest.mark.parametrize("target", ["/dev/null", "/dev/stdout", "/dev/fd/1", "fifo"])
    def test_a_link_to_a_device_or_stream_is_refused(self, run, good, target):
        """Else `-o /dev/stdout`, which is such a link, would put a file in its place, for everybody."""
        os.mkfifo("fifo")
        Path("report.json").symlink_to(target)

        ended = run("assess", good, "-o", "report.json")

        assert ended.code == 2
        assert "report.json: not written: " in ended.err
        assert Path("report.json").is_symlink()

    @pytest.mark.parametrize(
        ("target", "says"),
        [
            ("folder", "it is a folder"),
            ("fifo", "it is not a regular file; use - for stdout"),
            ("/dev/null", "it is not a regular file; use - for stdout"),
            ("/dev/full", "it is not a regular file; use - for stdout"),
            ("none/report.json", "no such file or directory"),
            ("p.yaml/report.json", "not a directory"),
            ("n" * 300, "file name too long"),
        ],
    )
    def test_places_that_cannot_hold_a_report(self, run, good, target, says):
        os.mkfifo("fifo")
        Path("folder").mkdir()
        before = files()

        ended = run("assess", good, "-f", "json", "-o", target)

        assert ended.code == 2
        assert ended.err.startswith(f"mlscore: {target}"[:290])
        assert ended.err.endswith(f": not written: {says}\n") or len(target) > 200
        assert files() == before

    @pytest.mark.parametrize("path", ["p.yaml", "./p.yaml", "folder/../p.yaml", "link.yaml", "{here}/p.yaml"])
    def test_the_input_is_never_overwritten(self, run, good, tmp_path, path):
        Path("folder").mkdir()
        Path("link.yaml").symlink_to("p.yaml")

        ended = run("assess", good, "-f", "json", "-o", path.format(here=tmp_path))

        assert ended.code == 2
        assert "not written: it is an input" in ended.err
        assert good.read_text() == GOOD

    @pytest.mark.parametrize("arguments", [["named.yaml"], ["p.yaml", "-r", "rubric.yaml"]])
    def test_neither_is_the_rubric(self, run, good, write, arguments):
        rubric = write("rubric.yaml", "id: own\nversion: 1\nextends: ml-test-score\n")
        text = rubric.read_text()
        write("named.yaml", f"rubric: rubric.yaml\n{GOOD}")

        ended = run("assess", *arguments, "-f", "json", "-o", "rubric.yaml")

        assert ended.code == 2
        assert rubric.read_text() == text

    def test_two_reports_to_one_place(self, run, good):
        ended = run("assess", good, "-o", "report.json", "--write", "csv=./report.json")

        assert ended.code == 2
        assert files() == ["p.yaml"]

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
    def test_a_folder_that_is_read_only(self, run, good):
        Path("folder").mkdir(mode=0o555)

        ended = run("assess", good, "-o", "folder/report.json")

        assert (ended.code, ended.err) == (2, "mlscore: folder/report.json: not written: permission denied\n")

    @pytest.mark.parametrize("exists", [True, False])
    def test_a_limit_on_the_size_of_files(self, run, good, write, exists):
        """It stands for a disk that fills up half-way."""
        if exists:
            write("report.json", OLD)
        before = files()

        ended = run("assess", good, "-o", "report.json", shell='ulimit -f 1; "$@"')

        assert (ended.code, ended.err) == (2, "mlscore: report.json: not written: file too large\n")
        assert files() == before
        assert not exists or Path("report.json").read_text() == OLD

    def test_eight_writers_at_once_leave_one_whole_report(self, write):
        names = [f"project-{n}" for n in range(8)]
        for name in names:
            write(f"{name}.yaml", GOOD.replace("x", name))

        writers = [
            subprocess.Popen([MLSCORE, "assess", f"{name}.yaml", "-o", "report.json"], stderr=subprocess.PIPE)
            for name in names
        ]
        ends = [(writer.communicate(timeout=30)[1], writer.returncode) for writer in writers]

        assert ends == [(b"", 0)] * 8
        assert json.loads(Path("report.json").read_text())["project"]["name"] in names
        assert files() == sorted([*(f"{name}.yaml" for name in names), "report.json"])

    @pytest.mark.parametrize("path", ["project.yaml", "mlscore.schema.json"])
    def test_init_never_overwrites_without_force(self, run, write, path):
        write(path, "mine")

        ended = run("init")

        assert ended.code == 2
        assert Path(path).read_text() == "mine"
        assert files() == [path]


@pytest.mark.parametrize(
    "arguments",
    [
        "",
        "nonsense",
        "--nonsense",
        "assess",
        "assess p.yaml -f nonsense",
        "assess p.yaml -o report.nonsense",
        "assess p.yaml --fail-under many",
        "assess p.yaml --fail-under nan",
        "assess p.yaml --fail-under 1e400",
        "assess p.yaml --fail-under " + "9" * 5000,
        "assess p.yaml --min data",
        "assess p.yaml --min zzz=1",
        "assess p.yaml --min-tier zzz",
        "assess p.yaml --require zzz",
        "assess p.yaml --as-of 2026-02-30",
        "assess p.yaml --basis zzz",
        "assess p.yaml --color zzz",
        "assess p.yaml -r zzz",
        "assess p.yaml --write json",
        "explain zzz",
        "rubric show zzz",
        "rubric check",
        "schema --rubric zzz",
        "$'assess' $'p.yaml' $'-r' $'a\\n::error::b'",
        "$'explain' $'a\\n::error::b'",
        "$'assess' $'p.yaml' $'--min' $'a\\n::error::b=1'",
        "$'assess' $'p.yaml' $'-o' $'a\\n::error::b'",
        "$'a\\n::error::b'",
        "$'--a\\n::error::b'",
    ],
)
def test_wrong_usage_exits_with_2_and_writes_nothing(run, good, arguments):
    words = shlex.split(arguments.replace("$'", "'"))

    ended = run(*(word.replace("\\n", "\n") for word in words))

    assert ended.code == 2
    assert ended.out == b"" or not arguments  # mlscore alone shows its help
    assert not [line for line in ended.err.splitlines() if line.lstrip().startswith(("::", "##["))]
    assert files() == ["p.yaml"]
