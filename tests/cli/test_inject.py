"""`mlscore inject`: the block between two comments, and nothing else, from the command line."""

import os
import stat
from urllib.parse import unquote

import pytest
from inline_snapshot import snapshot
from markdown_it import MarkdownIt

from formats.samples import AS_OF, RUBRIC, in_yaml, project_with
from mlscore.formats import Style, render
from mlscore.loading import parse_project
from mlscore.scoring import assess

CHURN = """\
rubric: small.yaml
project: churn
answers:
  data-1: automated
  data-2: manual
  serving-2: automated
"""
README = "# churn\n\n<!-- mlscore:start -->\nold\n<!-- mlscore:end -->\n\nMore.\n"
START, END = "<!-- mlscore:start -->", "<!-- mlscore:end -->"
DAY = ("--as-of", f"{AS_OF}")


@pytest.fixture
def churn(write):
    write("small.yaml", RUBRIC)
    write("project.yaml", CHURN)
    return write("README.md", README)


@pytest.fixture
def inject(mlscore):
    """Inject project.yaml as of a fixed day."""

    def run(file, *options):
        return mlscore("inject", file, "--from", "project.yaml", *DAY, *options)

    return run


def block(path):
    """What stands between the markers of a file."""
    return path.read_bytes().decode().split(f"{START}\n")[1].split(END)[0]


def snapshot_of(path):
    """Everything that a rewrite could change of a file."""
    found = path.stat()
    return path.read_bytes(), found.st_mode, found.st_mtime_ns, found.st_ino


# What is written


def test_the_badge_of_a_readme(inject, churn):
    run = inject(churn, "--format", "badge")

    assert run.code == 0
    assert churn.read_text() == snapshot("""\
# churn

<!-- mlscore:start -->
![small \\| churn: 1 of 2 (2026-11-21), Low](https://img.shields.io/badge/small%20%7C%20churn-1%20of%202%20%282026--11--21%29-6e7781)
<!-- mlscore:end -->

More.
""")


def test_the_report_of_a_readme_is_the_markdown_format(inject, churn):
    run = inject(churn)
    rubric, project = parse_project(CHURN.encode(), "project.yaml")
    report = assess(rubric, project, AS_OF)

    assert run.code == 0
    assert churn.read_text() == README.replace("old\n", render("markdown", [report], Style()))


def test_what_is_said_is_not_data(inject, churn):
    first, second = inject(churn), inject(churn)

    assert (first.out, first.err) == ("", "README.md: rewritten\n")
    assert (second.out, second.err) == ("", "README.md: unchanged\n")


@pytest.mark.parametrize("format_", ["markdown", "badge"])
def test_twice_changes_nothing_not_even_the_time_of_the_file(inject, churn, format_):
    inject(churn, "--format", format_)
    once = snapshot_of(churn)

    assert inject(churn, "--format", format_).code == 0
    assert snapshot_of(churn) == once


def test_the_block_follows_the_project(inject, churn, write):
    inject(churn, "--format", "badge")
    write("project.yaml", CHURN.replace("serving-2: automated", "serving-2: none"))
    inject(churn, "--format", "badge")

    assert "0 of 2" in churn.read_text()
    assert "1 of 2" not in churn.read_text()


def test_the_marker_s_name_chooses_the_block(inject, churn, write):
    other = "<!-- other:start -->\nkept\n<!-- other:end -->\n"
    write("README.md", README + other)

    assert inject(churn, "--marker", "other").code == 0
    assert churn.read_text().startswith(README + "<!-- other:start -->\n<!-- mlscore -->\n")


def test_a_rubric_can_be_given(inject, churn, write):
    write("project.yaml", "project: churn\nanswers: {}\n")
    inject(churn, "--format", "badge", "--rubric", "ml-test-score-2017")

    assert "ml--test--score--2017" in churn.read_text()


def test_a_project_may_come_from_stdin(process, churn):
    run = process("inject", "README.md", "--from", "-", *DAY, "--format", "badge", stdin=CHURN.encode())

    assert run.returncode == 0
    assert "1%20of%202" in churn.read_text()


def test_no_gate_decides_on_the_exit_code(inject, churn, write):
    write("project.yaml", CHURN + "gate: {fail_under: 2}\n")

    assert inject(churn).code == 0


def test_the_badge_says_rubric_project_scale_and_date_as_shields_reads_them(inject, churn, write):
    write("project.yaml", CHURN.replace("churn", in_yaml("a-b_c d/é?#")))
    inject(churn, "--format", "badge")
    (image,) = [token for line in MarkdownIt().parse(block(churn)) for token in line.children or ()]
    path = image.attrs["src"].removeprefix("https://img.shields.io/badge/")
    # A dash of the text is doubled; the single ones part label, message and colour.
    label, message, color = path.replace("--", "\0").split("-")

    assert image.type == "image"
    assert _shown(label) == "small | a-b_c d/é?#"
    assert _shown(message) == "1 of 2 (2026-11-21)"
    assert (len(color), int(color, 16) > 0) == (6, True)


def _shown(part):
    """What shields.io shows of a part of a badge's address: a single underline is a blank."""
    return unquote(part).replace("\0", "-").replace("__", "\0").replace("_", " ").replace("\0", "_")


@pytest.mark.parametrize("format_", ["markdown", "badge"])
def test_markdown_reads_the_block_as_markdown(inject, churn, format_):
    """The comments above and below must not swallow the first or the last line."""
    inject(churn, "--format", format_)
    tokens = MarkdownIt("commonmark").enable("table").parse(churn.read_text())
    wanted = {"markdown": ["html_block", "html_block", "heading_open"], "badge": ["html_block", "paragraph_open"]}

    kinds = [token.type for token in tokens]
    assert kinds[3 : 3 + len(wanted[format_])] == wanted[format_]
    assert [token.content for token in tokens if token.type == "html_block"][-1] == f"{END}\n"


@pytest.mark.parametrize("format_", ["markdown", "badge"])
@pytest.mark.parametrize(
    "name",
    [
        START,
        END,
        f"x\n{START}\ny",
        f"{END}\n\n{START}",
        "<!-- mlscore -->",
        "a\r\n::error::b",
        "]()<script>",
        "x" * 10_000,
    ],
)
def test_no_project_s_text_can_bring_a_marker_in(inject, churn, write, name, format_):
    """Fifteen runs leave one pair of markers and one block."""
    write(
        "project.yaml",
        CHURN.replace("churn", in_yaml(name)).replace("manual", f"{{status: manual, note: {in_yaml(name)}}}"),
    )
    inject(churn, "--format", format_)
    once = churn.read_bytes()

    codes = {inject(churn, "--format", format_).code for _ in range(15)}

    assert codes == {0}
    assert churn.read_bytes() == once
    lines = once.decode().splitlines()
    assert (lines.count(START), lines.count(END)) == (1, 1)


# What stays


@pytest.mark.parametrize(
    "document",
    [
        README.replace("\n", "\r\n"),
        README.rstrip("\n"),
        README.removesuffix("\n\nMore.\n"),
        "\ufeff" + README,
        README.replace("churn", "données 👩 \x0c\u2028"),
        README.replace("# churn", "\t# churn  "),
    ],
    ids=["CRLF", "no final newline", "marker at the end", "BOM", "Unicode", "blanks"],
)
def test_everything_outside_the_markers_stays_byte_for_byte(inject, churn, write, document):
    write("README.md", document)
    before, rest = document.encode().split(START.encode())
    after = rest.split(END.encode())[1]

    assert inject(churn).code == 0
    written = churn.read_bytes()
    assert written.startswith(before + START.encode())
    assert written.endswith(END.encode() + after)


def test_a_document_with_windows_line_ends_keeps_them(inject, churn, write):
    write("README.md", README.replace("\n", "\r\n"))
    inject(churn)
    written = churn.read_bytes()

    assert written.count(b"\n") == written.count(b"\r\n") > 20


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o755])
def test_the_mode_of_the_document_stays(inject, churn, mode):
    churn.chmod(mode)
    inject(churn)

    assert "old" not in churn.read_text()
    assert stat.S_IMODE(churn.stat().st_mode) == mode


def test_a_link_stays_a_link_and_what_it_points_to_is_rewritten(inject, churn, write):
    """docs/index.md is often a link to README.md: an editor, black or ruff would write the file behind it."""
    write("docs/readme.md", README)
    churn.unlink()
    churn.symlink_to("docs/readme.md")

    run = inject(churn)

    assert run.code == 0
    assert churn.is_symlink()
    assert (churn.parent / "docs/readme.md").read_text() == churn.read_text() != README


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to root; CI does not run as root")
def test_a_read_only_document_stays_as_it_is(inject, churn):
    churn.chmod(0o444)
    before = snapshot_of(churn)

    run = inject(churn)

    assert (run.code, run.err) == (2, "mlscore: README.md: not written: permission denied\n")
    assert snapshot_of(churn) == before


# What is refused


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("# churn\n", "README.md: the marker <!-- mlscore:start --> is missing"),
        (f"{START}\n", "README.md: the marker <!-- mlscore:end --> is missing"),
        (f"{README}{START}\n", "README.md:8: the marker <!-- mlscore:start --> is repeated (first on line 3)"),
        (f"{END}\n{START}\n", "README.md:1: <!-- mlscore:end --> stands before <!-- mlscore:start -->"),
        (f"```\n{README}```\n{README}", "README.md:12: the marker <!-- mlscore:start --> is repeated"),
        ("", "README.md: the marker <!-- mlscore:start --> is missing"),
        (b"a\n\xff\n", "README.md:2: not UTF-8"),
        (README.encode("utf-16"), "README.md:1: not UTF-8"),
        (b"x" * (16 * 1024 * 1024 + 1), "README.md: larger than the limit of 16 MiB"),
    ],
    ids=["none", "no end", "repeated", "order", "code fence", "empty", "bytes", "UTF-16", "large"],
)
def test_a_document_that_cannot_be_rewritten_stays_as_it_is(inject, churn, write, document, message):
    write("README.md", document)
    before = snapshot_of(churn)

    run = inject(churn)

    assert (run.code, run.out) == (2, "")
    assert run.err.startswith(message)
    assert snapshot_of(churn) == before


@pytest.mark.parametrize(
    ("project", "message"),
    [("project: churn\nanswers: {data-9: none}\n", "project.yaml:2:11: "), ("", "project.yaml")],
)
def test_a_wrong_project_leaves_the_document_as_it_is(inject, churn, write, project, message):
    write("project.yaml", project)
    before = snapshot_of(churn)

    run = inject(churn)

    assert (run.code, run.out) == (2, "")
    assert run.err.startswith(message)
    assert snapshot_of(churn) == before


@pytest.mark.parametrize(
    "options",
    [
        ("--marker", "a b"),
        ("--marker", "a-->"),
        ("--marker", ""),
        ("--format", "json"),
        ("--as-of", "yesterday"),
    ],
)
def test_wrong_options_leave_the_document_as_it_is(inject, churn, options):
    before = snapshot_of(churn)

    run = inject(churn, *options)

    assert (run.code, run.out) == (2, "")
    assert run.err.startswith(f"mlscore: {options[0]}: ")
    assert snapshot_of(churn) == before


@pytest.mark.parametrize("file", ["missing.md", "folder", "folder/missing.md", "fifo"])
def test_what_is_no_file_is_refused(inject, churn, tmp_path, file):
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "fifo")

    run = inject(file)

    assert (run.code, run.out) == (2, "")
    assert run.err.startswith(f"{file}: ")


def test_a_run_leaves_no_other_file_behind(inject, churn, tmp_path):
    before = sorted(os.listdir(tmp_path))
    inject(churn)
    inject(churn, "--marker", "missing")

    assert sorted(os.listdir(tmp_path)) == before


def test_a_document_from_stdin_goes_to_stdout(process, churn):
    """`-` is stdin and stdout in every other command; only the document may be on stdout."""
    run = process("inject", "-", "--from", "project.yaml", *DAY, "--format", "badge", stdin=README.encode())

    assert run.returncode == 2 or run.stdout.startswith(README.partition("old")[0].encode() + b"![")
    assert run.stdout == b"" or run.stdout.endswith(b"More.\n")


def test_a_document_from_stdin_that_is_up_to_date_is_written_all_the_same(process, churn):
    options = ("inject", "-", "--from", "project.yaml", *DAY, "--format", "badge")
    once = process(*options, stdin=README.encode())
    twice = process(*options, stdin=once.stdout)

    assert (twice.returncode, twice.stdout) == (once.returncode, once.stdout)


def test_a_file_s_name_is_no_command_to_a_runner(inject, churn):
    churn.rename("::error::x.md")

    assert not inject("::error::x.md").err.startswith("::")


def test_every_option_is_in_the_help(mlscore):
    text = mlscore("inject", "--help").out

    assert [
        option for option in ("--from", "--marker", "--format", "--rubric", "--as-of") if option not in text
    ] == []


def test_samples_of_the_default_rubric_work_too(inject, churn, write):
    write("project.yaml", project_with(dict.fromkeys(("data", "model", "infra", "monitor"), 4)))
    inject(churn, "--format", "badge")

    assert "4%20of%2014" in churn.read_text()
