"""Text made safe and plain to show."""

import re
import unicodedata
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlscore.text import (
    UNSAFE,
    cut,
    disarmed,
    labelled,
    listing,
    nearest,
    number,
    one_line,
    plural,
    points,
    quote,
    visible,
    wrap,
)

FORBIDDEN = re.compile(f"[{UNSAFE}]")
ANY_TEXT = st.text() | st.text(alphabet=":#[]/@\x1b\n\t\r \u202e\ud800x", max_size=30)
# As many examples as in the loading tests; none of these takes a millisecond.
many = settings(deadline=None, max_examples=300, database=None)


class TestVisible:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("plain", "plain"),
            ("größer 🚀 │ ✓", "größer 🚀 │ ✓"),
            ("tab\tline\n", "tab\tline\n"),
            ("\x1b[31mred", r"\x1b[31mred"),
            ("\x00\x07\x08\x0b\x0c\r\x7f", r"\x00\x07\x08\x0b\x0c\x0d\x7f"),
            ("\x80\x85\x9b\x9f", r"\x80\x85\x9b\x9f"),
            ("\u2028\u2029", r"\u2028\u2029"),
            ("\u200e\u200f\u061c\u202a\u202e\u2066\u2069", r"\u200e\u200f\u061c\u202a\u202e\u2066\u2069"),
            ("\ud800\udcff", r"\ud800\udcff"),
            ("\ufffe\uffff", r"\ufffe\uffff"),
            ("say ##[error] now", r"say #\x23[error] now"),
            ("https://ann:secret@example.org/a@b", "https://***@example.org/a@b"),
            ("https://token@example.org", "https://***@example.org"),
            ("mail ann@example.org", "mail ann@example.org"),
        ],
    )
    def test_what_it_does(self, text, shown):
        assert visible(text) == shown

    @many
    @given(ANY_TEXT)
    def test_nothing_forbidden_is_left_and_once_is_enough(self, text):
        shown = visible(text)

        assert not FORBIDDEN.search(shown)
        assert visible(shown) == shown

    @many
    @given(st.characters())
    def test_every_control_and_surrogate_is_forbidden(self, character):
        hidden = unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} and character not in "\t\n"

        assert (visible(character) != character) or not hidden


class TestOneLine:
    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("a\nb", "a b"),
            ("  a \t\r\n b ", r"a \x0d b"),
            ("", ""),
            ("a\u2028b", r"a\u2028b"),
            ("a\x0bb", r"a\x0bb"),
        ],
    )
    def test_white_space_is_folded(self, text, line):
        assert one_line(text) == line

    @many
    @given(ANY_TEXT)
    def test_it_is_one_line(self, text):
        assert len(one_line(text).splitlines()) <= 1


@pytest.mark.parametrize(
    ("value", "quoted"),
    [
        ("a", "'a'"),
        ("", "''"),
        ("it's", "'it's'"),
        ("a\nb", "'a b'"),
        ("\x1b", r"'\x1b'"),
        (5, "'5'"),
        ("x" * 60, f"'{'x' * 60}'"),
        ("x" * 61, f"'{'x' * 59}…'"),
    ],
)
def test_quotes_are_cut_at_60_characters(value, quoted):
    assert quote(value) == quoted


@pytest.mark.parametrize(("length", "last"), [(299, "x"), (300, "x"), (301, "…"), (10_000, "…")])
def test_lines_are_cut_at_300_characters(length, last):
    line = cut("x" * length)

    assert (len(line), line[-1]) == (min(length, 300), last)


@pytest.mark.parametrize(
    ("word", "match"),
    [
        ("manul", "manual"),
        ("MANUAL", "manual"),
        ("automatic", "automated"),
        ("zzz", None),
        ("", None),
        ("manual" + "x" * 100_000, None),
    ],
)
def test_the_nearest_of_the_known_words(word, match):
    assert nearest(word, ["none", "manual", "automated"]) == match


@pytest.mark.parametrize(
    ("words", "prose"),
    [(["a"], "a"), (["a", "b"], "a or b"), (["a", "b", "c"], "a, b or c"), (("a", "b"), "a or b")],
)
def test_words_become_prose(words, prose):
    assert listing(words) == prose
    assert listing(words, "and") == prose.replace(" or ", " and ")


@pytest.mark.parametrize(("count", "text"), [(0, "0 tests"), (1, "1 test"), (2, "2 tests")])
def test_plurals(count, text):
    assert plural(count, "test") == text


class TestNumber:
    @pytest.mark.parametrize(
        ("value", "text"),
        [
            ("0", "0"),
            ("7", "7"),
            ("14", "14"),
            ("100", "100"),
            ("1/2", "0.5"),
            ("21/2", "10.5"),
            ("1/10", "0.1"),
            ("3/10", "0.3"),
            ("1/1000000", "0.000001"),
            ("1/3", "0.333333"),
            ("2/3", "0.666666"),
            ("1/10000000", "0"),
            ("29999999/10000000", "2.999999"),
            ("-1/2", "-0.5"),
            ("-3", "-3"),
        ],
    )
    def test_exact_and_without_trailing_zeros(self, value, text):
        assert number(Fraction(value)) == text

    @many
    @given(st.integers(0, 10**12), st.integers(0, 6))
    def test_six_decimals_are_shown_whole(self, numerator, decimals):
        value = Fraction(numerator, 10**decimals)

        assert Fraction(number(value)) == value

    @many
    @given(st.fractions(min_value=0, max_value=10**6))
    def test_it_never_looks_better_than_it_is(self, value):
        assert 0 <= value - Fraction(number(value)) < Fraction(1, 10**6)


@pytest.mark.parametrize(
    ("value", "text"), [("1", "1 point"), ("0", "0 points"), ("1/2", "0.5 points"), ("2", "2 points")]
)
def test_points_have_a_plural(value, text):
    assert points(Fraction(value)) == text


class TestWrap:
    def test_lines_are_folded_and_indented(self):
        assert wrap("one two three four", 10, "  ", "- ") == "- one two\n  three\n  four"

    def test_no_line_begins_as_a_command(self):
        assert wrap("x y ::error::z", 12) == "x y\n\\x3a:error::z"

    @many
    @given(ANY_TEXT, st.integers(10, 100))
    def test_arbitrary_text(self, text, width):
        lines = wrap(text, width, "  ").split("\n")

        assert not [line for line in lines if line.lstrip().startswith("::") or "##[" in line]
        assert not FORBIDDEN.search("".join(lines))


class TestLabelled:
    @pytest.mark.parametrize(
        ("label", "column", "shown"),
        [
            ("ab", 4, "ab  one two three\n    four five"),
            ("ab", 3, "ab one two three\n   four five"),
            ("abc", 3, "abc\n   one two three\n   four five"),
            ("abcdefg", 20, "abcdefg\n      one two\n      three four\n      five"),
            ("a" * 64, 66, "a" * 64 + "\n      one two\n      three four\n      five"),
            ("ab", 66, "ab    one two\n      three four\n      five"),
        ],
        ids=["beside", "one blank", "none left", "too long", "very long", "short among very long ones"],
    )
    def test_text_stands_beside_its_label_or_below_one_that_is_long(self, label, column, shown):
        assert labelled(label, "one two three four five", 18, column) == shown

    @many
    @given(st.integers(1, 64), st.integers(1, 70), st.integers(40, 100))
    def test_text_keeps_two_thirds_of_the_width(self, length, column, width):
        lines = labelled("x" * length, "word " * 40, width, column).split("\n")

        assert max(map(len, lines[1:])) <= width
        assert min(map(len, lines[1:-1])) > width - len("word ") or len(lines) < 3


@pytest.mark.parametrize(
    ("line", "shown"),
    [("::error::x", r"\x3a:error::x"), ("  ::x", r"  \x3a:x"), ("a ::x", "a ::x"), (":", ":"), ("", "")],
)
def test_no_line_is_taken_for_a_command(line, shown):
    assert disarmed(line) == shown
