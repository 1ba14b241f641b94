"""The line at the end of a run."""

import pytest

FIRST = "@mark('data-1')\ndef test_a(): pass\n"
FAIL = "@mark('data-2', 'data-1')\ndef test_b(): assert False\n"
SKIP = "@mark('data-2')\n@pytest.mark.skip\ndef test_c(): pass\n"
EXIT = "@mark('data-2')\ndef test_d(): pytest.exit('enough', 0)\n"
MANY = "@mark(*(f'{c}-{n}' for c in ('data', 'model') for n in range(1, 8)))\ndef test_a(): pass\n"


@pytest.mark.parametrize(
    ("source", "options", "line"),
    [
        (FIRST, [], "1 test stands for 1 id: data-1; all passed"),
        (FIRST, ["-q"], "1 test stands for 1 id: data-1; all passed"),
        (FIRST, ["-n", "1"], "1 test stands for 1 id: data-1; all passed"),
        (
            FIRST,
            ["--mlscore-json", "out/m.json"],
            "1 test stands for 1 id: data-1; all passed; written to out/m.json",
        ),
        (FIRST + FAIL + SKIP, [], "3 tests stand for 2 ids: data-1, data-2; 1 failed; 1 skipped"),
        (FIRST + FAIL, ["-k", "test_a"], "1 test stands for 1 id: data-1; 1 deselected"),
        (FIRST + FAIL, ["-k", "no"], "no marked test; 2 deselected"),
        (
            FAIL + SKIP,
            ["-x"],
            "2 tests stand for 2 ids: data-1, data-2; 1 failed; 1 not run; incomplete (exit status 1)",
        ),
        (
            FIRST + EXIT,
            [],
            "2 tests stand for 2 ids: data-1, data-2; 1 not run; incomplete (exit status 0)",
        ),
        (
            FIRST + "1/0",
            ["--mlscore-json", "m.json"],
            "no marked test; 1 not collected; incomplete (exit status 2); written to m.json",
        ),
        ("def test_a(): pass", ["--mlscore-json", "m.json"], "no marked test; written to m.json"),
        (
            MANY,
            [],
            (
                "1 test stands for 14 ids: "
                "data-1, data-2, data-3, data-4, data-5, data-6, data-7, model-1 and 6 more; all passed"
            ),
        ),
        ("@mark('No')\ndef test_a(): pass", [], "1 test stands for 0 ids; all passed"),
    ],
)
def test_the_line_says_what_the_marked_tests_came_to(suite, source, options, line):
    assert suite(source).run(*options).line == f"mlscore: {line}"


def test_a_suite_without_marks_sees_no_line(suite):
    run = suite("def test_a(): pass").run()

    assert (run.code, "mlscore" in run.out) == (0, False)


def test_a_path_is_shown_without_its_control_characters(suite):
    assert suite(FIRST).run("--mlscore-json", "a\x1b[31m.json").line.endswith("written to a\\x1b[31m.json")
