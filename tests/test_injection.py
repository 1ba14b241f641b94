"""A block of a document between two markers, replaced: text in, text out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from mlscore.errors import InputError
from mlscore.injection import NAME, Markers, inject

MARKERS = Markers.named("mlscore")
START, END = MARKERS
LINE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=12)


def injected(document, block="new\n", name="mlscore"):
    return inject(document, block, Markers.named(name), "README.md")


def problems(document):
    with pytest.raises(InputError) as refusal:
        injected(document)
    return [str(item) for item in refusal.value.diagnostics]


def test_the_markers_of_a_name():
    assert Markers.named("churn") == ("<!-- churn:start -->", "<!-- churn:end -->")


@pytest.mark.parametrize("name", ["mlscore", "a", "A-b_9", "x" * 64])
def test_names_that_a_comment_can_hold(name):
    assert NAME.fullmatch(name)


@pytest.mark.parametrize("name", ["", "-a", "9a", "a b", "a--><b", "a\n", "é", "x" * 65, "a:b"])
def test_other_names_are_none(name):
    assert not NAME.fullmatch(name)


def test_only_what_stands_between_the_markers_changes():
    document = f"# Title\n\n{START}\nold\nolder\n{END}\n\n- rest\n"

    assert injected(document, "one\n\ntwo\n") == f"# Title\n\n{START}\none\n\ntwo\n{END}\n\n- rest\n"


@pytest.mark.parametrize("between", ["", "\n\n", "old\n", "  \n", "a\nb\nc\n"])
def test_whatever_stood_between_the_markers_is_gone(between):
    assert injected(f"{START}\n{between}{END}\n") == f"{START}\nnew\n{END}\n"


@pytest.mark.parametrize("block", ["new", "new\n", "\nnew\n\n"])
def test_the_block_begins_and_ends_at_the_markers(block):
    assert injected(f"{START}\n{END}\n", block) == f"{START}\nnew\n{END}\n"


@pytest.mark.parametrize(
    "document",
    [
        f"{START}\n{END}",
        f"a\n{START}\n{END}\nb",
        f"a\r\n{START}\r\nold\r\n{END}\r\nb\r\n",
        f"\n\n  {START}  \n\t{END}\t\n\n\n",
        f"\ufeffa\n{START}\n{END}\n",
        f"a\x0cb\x0bc\u2028d\x85e\n{START}\n{END}\nf\x1cg\n",
        f"trailing  \n{START}\n{END}\n   \n",
    ],
    ids=[
        "no final newline",
        "no final newline after text",
        "CRLF",
        "indented",
        "BOM",
        "odd line breaks",
        "blanks",
    ],
)
def test_everything_outside_the_markers_stays_byte_for_byte(document):
    before, rest = document.split(START)
    after = rest.split(END)[1]
    written = injected(document)

    assert written.startswith(before + START)
    assert written.endswith(END + after)


def test_line_ends_are_those_of_the_document():
    assert injected(f"a\r\n{START}\r\nold\r\n{END}\r\n", "one\ntwo\n") == (
        f"a\r\n{START}\r\none\r\ntwo\r\n{END}\r\n"
    )


def test_where_line_ends_are_mixed_the_block_has_those_of_its_marker():
    assert injected(f"a\n{START}\r\nold\n{END}\nb\r\n", "one\ntwo\n") == (
        f"a\n{START}\r\none\r\ntwo\r\n{END}\nb\r\n"
    )


@given(before=st.lists(LINE), between=st.lists(LINE), after=st.lists(LINE), block=st.lists(LINE, min_size=1))
def test_doing_it_twice_changes_nothing(before, between, after, block):
    document = "\n".join([*before, START, *between, END, *after])
    once = injected(document, "\n".join(block))

    assert injected(once, "\n".join(block)) == once
    assert once.startswith("\n".join([*before, START, ""]))
    assert once.endswith("\n".join(["", END, *after]))


def test_blocks_of_several_names_do_not_touch_each_other():
    document = f"{START}\na\n{END}\n<!-- other:start -->\nb\n<!-- other:end -->\n"

    assert injected(document, "x", "other") == f"{START}\na\n{END}\n<!-- other:start -->\nx\n<!-- other:end -->\n"


def test_a_block_may_stand_inside_another_one():
    """The inner one is the outer one's text: rewriting the outer takes it away."""
    document = f"{START}\n<!-- in:start -->\n<!-- in:end -->\n{END}\n"

    assert injected(document, "x", "in") == f"{START}\n<!-- in:start -->\nx\n<!-- in:end -->\n{END}\n"
    assert injected(document) == f"{START}\nnew\n{END}\n"


# What is refused


@pytest.mark.parametrize(
    "document", ["", "# Title\n", f"text {START}\n{END} text\n", f"`{START}`\n`{END}`\n", f"> {START}\n> {END}\n"]
)
def test_markers_that_do_not_stand_alone_on_a_line_are_none(document):
    where = f"put {START} and {END} on lines of their own where the block belongs"

    assert problems(document) == [f"README.md: the marker {marker} is missing; {where}" for marker in MARKERS]


@pytest.mark.parametrize(("document", "missing"), [(f"a\n{START}\n", END), (f"a\n{END}\n", START)])
def test_one_missing_marker_is_named(document, missing):
    (problem,) = problems(document)

    assert problem.startswith(f"README.md: the marker {missing} is missing; ")


def test_every_repeated_marker_is_at_its_line():
    assert problems(f"{START}\n{END}\n\n{START}\n{END}\n{START}\n") == snapshot(
        [
            "README.md:4: the marker <!-- mlscore:start --> is repeated (first on line 1); keep one",
            "README.md:6: the marker <!-- mlscore:start --> is repeated (first on line 1); keep one",
            "README.md:5: the marker <!-- mlscore:end --> is repeated (first on line 2); keep one",
        ]
    )


def test_markers_in_the_wrong_order_are_refused():
    assert problems(f"a\n{END}\nold\n{START}\n") == snapshot(
        ["README.md:2: <!-- mlscore:end --> stands before <!-- mlscore:start -->; swap them"]
    )


@pytest.mark.parametrize(("opening", "closing"), [("```", "```"), ("~~~html", "~~~"), ("````", "````")])
def test_markers_in_a_code_fence_count(opening, closing):
    """A document that shows how it is done repeats the markers; rewriting the wrong block would be worse."""
    document = f"{opening}\n{START}\n{END}\n{closing}\n{START}\n{END}\n"

    assert problems(document) == [
        f"README.md:5: the marker {START} is repeated (first on line 2); keep one",
        f"README.md:6: the marker {END} is repeated (first on line 3); keep one",
    ]


@pytest.mark.parametrize("odd", ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"])
def test_a_line_ends_where_an_editor_ends_it(odd):
    """Python's splitlines() knows eight line breaks that neither Markdown nor an editor's line numbers know."""
    assert problems(f"a{odd}b\n{END}\n{START}\n") == [f"README.md:2: {END} stands before {START}; swap them"]
    assert problems(f"text{odd}{START}\n{END}\n")[0].startswith(f"README.md: the marker {START} is missing")


def test_a_marker_after_a_byte_order_mark_is_found():
    assert injected(f"\ufeff{START}\n{END}\n") == f"\ufeff{START}\nnew\n{END}\n"


@pytest.mark.parametrize("block", [START, END, f"a\n  {START}  \nb", f"{START}\n{END}"])
def test_a_block_that_holds_a_marker_is_never_written(block):
    """The next run would find the marker twice."""
    with pytest.raises((InputError, ValueError)):
        injected(f"{START}\n{END}\n", block)
