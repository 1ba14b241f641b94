"""Bytes of YAML to plain data: what they mean, what is refused and where, and the limits.

Every test runs with libyaml and with PyYAML's own parser, which stands in where libyaml is missing. Both must
give the same data, refuse the same files and name the same place, but for what `DIFFERENCES` states.
"""

from decimal import Decimal

import pytest
import yaml  # noqa: TID251 - the tests choose between its two parsers

from mlscore.errors import InputError
from mlscore.loading import document
from mlscore.loading.document import MAX_BYTES, MAX_DEPTH, MAX_FAULTS, MAX_NODES, MAX_SCALAR, Element, parse


@pytest.fixture(params=["CSafeLoader", "SafeLoader"], autouse=True)
def parser(request, monkeypatch):
    if not hasattr(yaml, request.param):
        pytest.skip("PyYAML was built without libyaml")
    monkeypatch.setattr(document, "Loader", getattr(yaml, request.param))
    return request.param


def raw(text):
    return text if isinstance(text, bytes) else text.encode()


def data(text):
    """Read a file without problems."""
    read = parse(raw(text), "f.yaml")
    assert read.faults == ()
    return read.data


def problems(text):
    """List what is wrong with a file, whether or not the rest of it could be read."""
    try:
        found = parse(raw(text), "f.yaml").faults
    except InputError as error:
        found = error.diagnostics
    return [str(problem) for problem in found]


AMBIGUOUS = """
    no yes on off y n No NO Yes True TRUE False Null NULL nil None 2026-10-01 2026-02-30 2026-10-01T12:00:00Z
    010 007 0o17 0x10 0b101 1:30 25:61:61 1e3 1.5e-7 1_000 +1 .5 5. 1.2.3 .nan .inf -.inf ~x -x --1 1a =
"""


class TestMeaning:
    """YAML 1.2: only null, true, false and plain decimal numbers are more than text."""

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("a: text", {"a": "text"}),
            ("a: [x, {b: y}]", {"a": ["x", {"b": "y"}]}),
            ("- x\n-\n  - y", ["x", ["y"]]),
            ("[]", []),
            ("{}", {}),
            ("x", "x"),
            ("", None),
            ("\n\n", None),
            ("# a comment", None),
            ("---\n", None),
            ("--- {a: x}\n...\n", {"a": "x"}),
            ("a: |\n  one\n  two\n", {"a": "one\ntwo\n"}),
            ("a: >-\n  one\n  two\n", {"a": "one two"}),
            ("a: one\n  two\n", {"a": "one two"}),
            ("a: 'it''s'", {"a": "it's"}),
            ('a: "tab\\tline\\n"', {"a": "tab\tline\n"}),
            ("a: größer 🚀", {"a": "größer 🚀"}),
            ("a: x # comment", {"a": "x"}),
            ("a: x#y", {"a": "x#y"}),
        ],
    )
    def test_plain_data(self, text, value):
        assert data(text) == value

    @pytest.mark.parametrize("word", AMBIGUOUS.split())
    def test_words_that_other_parsers_turn_into_something_else_are_text(self, word):
        assert data(f"a: {word}") == {"a": word}

    @pytest.mark.parametrize("word", ["null", "~", "", "   "])
    def test_null(self, word):
        assert data(f"a: {word}\n") == {"a": None}

    @pytest.mark.parametrize(
        ("word", "value"),
        [("true", True), ("false", False), ("0", 0), ("7", 7), ("-7", -7), ("9" * 18, 10**18 - 1)],
    )
    def test_constants_and_whole_numbers(self, word, value):
        found = data(f"a: {word}")["a"]

        assert (found, type(found)) == (value, type(value))

    @pytest.mark.parametrize("word", ["0.1", "0.5", "-1.50", "0.0", "1.000000000000000001", "123456789.25"])
    def test_decimals_stay_as_they_are_written(self, word):
        found = data(f"a: {word}")["a"]

        assert isinstance(found, Decimal)
        assert str(found) == word

    @pytest.mark.parametrize("word", ["1" * 19, "1" * 5000, "0." + "1" * 19])
    def test_numbers_of_absurd_length_are_text(self, word):
        assert data(f"a: {word}") == {"a": word}

    @pytest.mark.parametrize("word", ["null", "true", "1", "0.5", "~", "no", "<<", ""])
    @pytest.mark.parametrize("quoted", ["'{}'", '"{}"'])
    def test_quotes_make_text(self, word, quoted):
        assert data(f"a: {quoted.format(word)}") == {"a": word}

    def test_block_scalars_are_text(self):
        assert data("a: |-\n  1\nb: >-\n  null") == {"a": "1", "b": "null"}

    @pytest.mark.parametrize(
        "text",
        [
            b"\xef\xbb\xbfa: x\nb: y\n",
            b"a: x\r\nb: y\r\n",
            b"a: x\nb: y",
            b"\r\na: x\r\nb: y",
            b"a: x\nb: y\n\n",
        ],
        ids=["BOM", "CRLF", "no final newline", "CRLF before", "newlines after"],
    )
    def test_editors_habits_are_accepted(self, text):
        assert data(text) == {"a": "x", "b": "y"}

    @pytest.mark.parametrize(
        ("escape", "shown"),
        [
            (r"\e[31m", r"\x1b[31m"),
            (r"\0", r"\x00"),
            (r"\x9b", r"\x9b"),
            (r"\x7f", r"\x7f"),
            (r"\r", r"\x0d"),
            (r"\u202e", r"\u202e"),
            (r"\u2066", r"\u2066"),
            (r"\N\L\P", r"\x85\u2028\u2029"),
            (r"\uffff", r"\uffff"),
            (r"\t\n", "\t\n"),
            (r"\u00e9", "é"),
        ],
    )
    def test_escaped_control_characters_come_out_visible(self, escape, shown):
        assert data(f'a: "{escape}"') == {"a": shown}

    def test_escapes_in_keys_come_out_visible(self):
        assert data('"a\\e": x') == {r"a\x1b": "x"}


class TestAliases:
    """Allowed, and counted as often as they are used."""

    def test_an_alias_is_the_value_it_names(self):
        assert data("a: &x {k: [1]}\nb: *x") == {"a": {"k": [1]}, "b": {"k": [1]}}

    def test_the_latest_anchor_of_a_name_counts(self):
        assert data("a: &x 1\nb: &x 2\nc: *x") == {"a": 1, "b": 2, "c": 2}

    def test_a_key_may_be_an_alias(self):
        assert data("&x a: b\nc: {*x : d}") == {"a": "b", "c": {"a": "d"}}

    def test_an_alias_that_names_nothing(self):
        assert problems("a: 1\nb: [*x]") == ["f.yaml:2:5: the alias '*x' names nothing; put text in quotes"]

    @pytest.mark.parametrize(
        ("text", "place"),
        [("a: &x [*x]", "1:8"), ("&x a: &x {b: [1, *x]}", "1:18"), ("a: &x\n  b: &y\n    c: *x\n", "3:8")],
    )
    def test_an_alias_inside_what_it_names(self, text, place):
        assert problems(text) == [f"f.yaml:{place}: the alias '*x' stands inside what it names"]

    def test_nodes_are_counted_through_aliases(self):
        rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
        rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]

        (problem,) = problems("\n".join(rows))

        assert problem == "f.yaml:6:10: more than the limit of 100,000 keys and values, aliases counted"

    def test_depth_is_counted_through_aliases(self):
        """Else a chain of aliases nests as deep as it likes, and whatever walks the data overflows."""
        nested = "[" * 20 + "{}" + "]" * 20

        (problem,) = problems(f"a: &a {nested.format('x')}\nb: {nested.format('*a')}")

        assert problem.startswith("f.yaml:2:24: nested deeper than the limit of 32 levels")


class TestRefused:
    """What a reviewer could overlook, each at its line and column."""

    @pytest.mark.parametrize(
        ("text", "place", "key", "first"),
        [
            ("a: 1\nb: 2\na: 3\n", "3:1", "a", 1),
            ("a: 1\n'a': 2\n", "2:1", "a", 1),
            ('a: 1\n"\\x61": 2\n', "2:1", "a", 1),
            ("? a\n: 1\n? a\n: 2\n", "3:3", "a", 1),
            ("x:\n  - {a: 1, b: 2, a: 1}\n", "2:18", "a", 2),
            ("\r\na: 1\r\na: 2\r\n", "3:1", "a", 2),
            (b"\xef\xbb\xbfa: 1\na: 2\n", "2:1", "a", 1),
            ("é🚀: {k: 1, k: 2}\n", "1:12", "k", 1),
            ("&x k: 1\n*x : 2\n", "2:1", "k", 1),
            ("'': 1\n'': 2\n", "2:1", "", 1),
        ],
    )
    def test_repeated_keys_in_any_quoting(self, text, place, key, first):
        assert problems(text) == [f"f.yaml:{place}: the key '{key}' is repeated (first on line {first}); keep one"]

    def test_every_repetition_names_the_first(self):
        assert problems("a: 1\na: 2\na: 3") == [
            "f.yaml:2:1: the key 'a' is repeated (first on line 1); keep one",
            "f.yaml:3:1: the key 'a' is repeated (first on line 1); keep one",
        ]

    @pytest.mark.parametrize(
        ("text", "place"),
        [
            ("a: !!str x", "1:4"),
            ("a: !!python/object/apply:os.system [x]", "1:4"),
            ("!!map\na: x", "1:1"),
            ("a:\n  - !mine x", "2:5"),
            ("a: !<tag:x> y", "1:4"),
            ("a: ! y", "1:4"),
            ("!!str a: x", "1:1"),
            ("a: &x !mine x", "1:4"),
            ("a: !!int abc", "1:4"),
            ("a: !!timestamp x", "1:4"),
            ("a: !!bool x", "1:4"),
            ("a: !!binary x", "1:4"),
        ],
    )
    def test_tags(self, text, place):
        (problem,) = problems(text)

        assert problem.startswith(f"f.yaml:{place}: the tag '")
        assert problem.endswith("' is not allowed; remove it; put text in quotes")

    @pytest.mark.parametrize(
        ("text", "place"),
        [
            ("a: &x {k: 1}\nb: {<<: *x}", "2:5"),
            ("b:\n  <<: [{k: 1}]", "2:3"),
            ("<<: 1", "1:1"),
            ("? <<\n: 1", "1:3"),
        ],
    )
    def test_merge_keys(self, text, place):
        assert problems(text) == [f"f.yaml:{place}: the merge key << is not allowed; write the keys out"]

    def test_an_alias_of_two_arrows_merges_nothing_either(self):
        assert data("a: &m <<\nb: {*m : {k: 1}}") == {"a": "<<", "b": {"<<": {"k": 1}}}

    def test_two_quoted_arrows_are_a_key_like_any_other(self):
        assert data("'<<': {a: x}") == {"<<": {"a": "x"}}

    @pytest.mark.parametrize(
        ("text", "line"), [("a: 1\n---\nb: 2", 2), ("--- a\n--- b", 2), ("a: 1\n...\n---\n", 3)]
    )
    def test_a_second_document(self, text, line):
        assert problems(text) == [f"f.yaml:{line}:1: a second document begins here; keep one document in a file"]

    @pytest.mark.parametrize("directive", ["%YAML 1.1", "%YAML 1.2", "%TAG ! tag:example.org,2026:"])
    def test_directives(self, directive):
        assert problems(f"{directive}\n---\na: 1") == [
            "f.yaml:1:1: a YAML directive is not allowed; remove the line that begins with %"
        ]

    @pytest.mark.parametrize(
        ("key", "shown"),
        [
            ("1", "1"),
            ("0", "0"),
            ("1.0", "1.0"),
            ("-2.50", "-2.50"),
            ("true", "true"),
            ("false", "false"),
            ("null", "null"),
            ("~", "null"),
        ],
    )
    def test_keys_that_are_not_text(self, key, shown):
        assert problems(f"a: x\n{key}: x") == [f"f.yaml:2:1: the key '{shown}' is not text; put it in quotes"]

    @pytest.mark.parametrize(("text", "place"), [("[a]: x", "1:1"), ("{a: b}: x", "1:1"), ("? - a\n: x", "1:3")])
    def test_keys_that_are_collections(self, text, place):
        (problem,) = problems(text)

        assert problem == (
            f"f.yaml:{place}: a key must be text, not a mapping or a list; "
            "put text that contains { or [ in quotes"
        )

    def test_all_of_these_at_once_and_in_order(self):
        assert problems("a: !x 1\na: *y\n1: {<<: 1}\n---\n") == [
            "f.yaml:1:4: the tag '!x' is not allowed; remove it; put text in quotes",
            "f.yaml:2:1: the key 'a' is repeated (first on line 1); keep one",
            "f.yaml:2:4: the alias '*y' names nothing; put text in quotes",
            "f.yaml:3:1: the key '1' is not text; put it in quotes",
            "f.yaml:3:5: the merge key << is not allowed; write the keys out",
            "f.yaml:4:1: a second document begins here; keep one document in a file",
        ]

    def test_quoted_values_are_cut_at_60_characters(self):
        assert problems("a: *" + "x" * 500) == [
            f"f.yaml:1:4: the alias '*{'x' * 58}…' names nothing; put text in quotes"
        ]


class TestBytes:
    """Only UTF-8 text without control characters reaches the parser."""

    @pytest.mark.parametrize(
        "code", [0x00, 0x08, 0x0B, 0x0C, 0x1B, 0x7F, 0x80, 0x85, 0x9F, 0x2028, 0x2029, 0xFFFE]
    )
    @pytest.mark.parametrize(
        ("text", "place"), [("a: é\nb: ü{}", "2:5"), ("# {}\n", "1:3"), ("a: 'x\n  {}'", "2:3")]
    )
    def test_raw_control_characters_and_hidden_line_breaks(self, code, text, place):
        (problem,) = problems(text.format(chr(code)))

        assert problem == (
            f"f.yaml:{place}: the control character U+{code:04X} is not allowed; "
            "remove it, or write it as an escape"
        )

    def test_a_line_break_nobody_sees_does_not_hide_a_key(self):
        assert problems("data-1: none # later\u2028data-1: automated\n") != []

    def test_the_first_column_after_a_byte_order_mark_is_1(self):
        (problem,) = problems(b"\xef\xbb\xbf\x00")

        assert problem.startswith("f.yaml:1:1: the control character U+0000")

    @pytest.mark.parametrize(("text", "place"), [("a: x\rb: y\r", "1:5"), ("a: x\n\r\r\n", "2:1")])
    def test_a_lone_carriage_return(self, text, place):
        assert problems(text) == [
            f"f.yaml:{place}: a lone carriage return is not allowed; end lines with a line feed"
        ]

    @pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
    def test_utf_16(self, encoding):
        assert problems("\ufeffa: x".encode(encoding)) == [
            "f.yaml:1: not UTF-8 (it looks like UTF-16); save the file as UTF-8"
        ]

    def test_utf_16_without_a_mark_holds_nul(self):
        (problem,) = problems("a: x".encode("utf-16-le"))

        assert problem.startswith("f.yaml:1:2: the control character U+0000 is not allowed")

    @pytest.mark.parametrize(
        "text",
        [
            b"a: x\nb: gr\xfc\xdf\n",
            b"a: x\nb: \xed\xa0\x80\n",
            b"a: x\nb: \xc0\xaf\n",
            b"a: x\nb: \xf4\x90\x80\x80\n",
            b"a: x\nb: \xe2\x82",
        ],
        ids=["Latin-1", "surrogate", "overlong", "beyond Unicode", "cut short"],
    )
    def test_not_utf_8_names_the_line_of_the_bad_byte(self, text):
        assert problems(text) == ["f.yaml:2: not UTF-8; save the file as UTF-8"]

    @pytest.mark.parametrize("escape", [r"\ud800", r"\udfff"])
    def test_a_lone_surrogate_is_refused_even_as_an_escape(self, escape):
        (problem,) = problems(f'a: x\nb: "{escape}"')

        assert problem.startswith("f.yaml:2:")

    def test_a_code_beyond_unicode_is_refused_with_its_line(self):
        (problem,) = problems('a: x\nb: "\\U00110000"')

        assert problem.startswith("f.yaml:2:")


class TestSyntax:
    """Syntax errors say what to change; only the words in the middle are the parser's own."""

    @pytest.mark.parametrize(
        ("text", "place"),
        [("a:\n\tb: 1", "2:1"), ("a:\n  - b\n\t- c", "3:1"), ("\ta: 1", "1:1"), ("- \ta: 1", "1:3")],
    )
    def test_tab_indentation(self, text, place):
        assert problems(text) == [f"f.yaml:{place}: a tab where YAML wants spaces; indent with spaces"]

    def test_tabs_elsewhere_are_accepted(self):
        assert data("a: 'b\tc'\nd:\n  - \"x\ty\"\n") == {"a": "b\tc", "d": ["x\ty"]}

    @pytest.mark.parametrize(
        ("text", "place", "advice"),
        [
            ("a: b: c", "1:5", "put text that contains ': ' in quotes"),
            ("x: 1\na: @b", "2:4", "put text that begins with @, ` or % in quotes"),
            ("a: `b`", "1:4", "put text that begins with @, ` or % in quotes"),
            ("a: %b", "1:4", "put text that begins with @, ` or % in quotes"),
            ("a: 'b' c", "1:8", "check the indentation of this line and the ones before it"),
            ("a:\n    b: 1\n  c: 2\n", "3:3", "check the indentation of this line and the ones before it"),
            ("a: [x # y]\nb: 1", "1:4", "# begins a comment: put text that contains it in quotes"),
            ("a: {x: 1 # y}\nb: 1", "1:4", "# begins a comment: put text that contains it in quotes"),
        ],
    )
    def test_common_slips_come_with_advice(self, text, place, advice):
        (problem,) = problems(text)

        assert problem.startswith(f"f.yaml:{place}: not valid YAML: ")
        assert problem.endswith(f"; {advice}")

    @pytest.mark.parametrize(
        ("text", "lines"),
        [
            ("a: [1, 2", {1, 2}),
            ("a: {b", {1, 2}),
            ("a: 'b", {1}),
            ('a: "b', {1}),
            ("a: 1\n- b", {2}),
            ("a: x\nb: ]", {2}),
            ('a: x\nb: "\\q"', {2}),
            ('a: x\nb: "\\xZZ"', {2}),
            ("a: x\nb: !x!y z", {2}),
            ("a: x\nb: *", {2}),
            ("a: x\nb: - c", {2}),
            ("a: x\n...\nb", {3}),
            ("%YAML 1.1 1\n---\na", {1}),
            ("%YAML\n---\na", {1}),
            ("%YAML 3.0\n---\na", {1}),
        ],
    )
    def test_the_line_is_the_one_with_the_error_or_the_end_of_the_file(self, text, lines):
        (problem,) = problems(text)

        assert int(problem.split(":")[1]) in lines

    def test_problems_found_before_a_syntax_error_are_kept(self):
        first, second = problems("a: !x 1\nb: ]")

        assert first == "f.yaml:1:4: the tag '!x' is not allowed; remove it; put text in quotes"
        assert second.startswith("f.yaml:2:4: not valid YAML: ")


class TestLimits:
    """Each limit is kept while reading, before anything is built: N passes, N + 1 does not."""

    def test_bytes(self):
        assert data(b"a: x" + b"\n" * (MAX_BYTES - 4)) == {"a": "x"}

    def test_one_byte_more(self):
        assert problems(b"a: x" + b"\n" * (MAX_BYTES - 3)) == ["f.yaml: larger than the limit of 2 MiB"]

    ROWS = ("- [" + "x," * 99 + "]\n") * (MAX_NODES // 100 - 1)
    """999 lists of 100 nodes each, themselves included, in a list."""

    def test_nodes(self):
        assert len(data(self.ROWS + "- [" + "x," * 98 + "]")) == MAX_NODES // 100

    def test_one_node_more(self):
        assert problems(self.ROWS + "- [" + "x," * 99 + "]") == [
            "f.yaml:1000:200: more than the limit of 100,000 keys and values"
        ]

    ALIASES = "[&x [" + "x," * 998 + "]," + "*x," * 99
    """100 times 999 nodes, and one around them."""

    def test_nodes_with_aliases(self):
        assert len(data(self.ALIASES + "x," * 99 + "]")) == 199

    def test_one_node_more_with_aliases(self):
        (problem,) = problems(self.ALIASES + "x," * 100 + "]")

        assert "more than the limit of 100,000 keys and values" in problem

    @pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{k: ", "}")])
    def test_depth(self, opening, closing):
        nested = repr(data(opening * MAX_DEPTH + closing * MAX_DEPTH))

        assert nested.count(opening[0]) == MAX_DEPTH

    @pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{k: ", "}"), ("? ", ""), ("- ", "")])
    def test_one_level_more(self, opening, closing):
        nested = opening * (MAX_DEPTH + 1) + closing * (MAX_DEPTH + 1)

        assert problems(nested) == [
            f"f.yaml:1:{MAX_DEPTH * len(opening) + 1}: nested deeper than the limit of 32 levels"
        ]

    @pytest.mark.parametrize("style", ["{}", "'{}'", '"{}"', "|-\n  {}"])
    def test_length_of_a_value(self, style):
        text = "x" * MAX_SCALAR

        assert data(f"a: {style.format(text)}") == {"a": text}

    @pytest.mark.parametrize("style", ["{}", "'{}'", '"{}"', "|-\n  {}", "&a {}"])
    def test_a_value_one_character_longer(self, style):
        (problem,) = problems(f"b: 1\na: {style.format('x' * (MAX_SCALAR + 1))}")

        assert problem == "f.yaml:2:4: a value longer than the limit of 20,000 characters"

    def test_a_key_one_character_longer(self):
        (problem,) = problems(f"? {'x' * (MAX_SCALAR + 1)}\n: 1")

        assert problem == "f.yaml:1:3: a value longer than the limit of 20,000 characters"

    def test_length_counts_characters_not_bytes(self):
        assert data(f"a: {'🚀' * MAX_SCALAR}") == {"a": "🚀" * MAX_SCALAR}

    def test_problems_are_collected_up_to_a_limit(self):
        assert len(problems("a: 1\n" * (MAX_FAULTS + 500))) == MAX_FAULTS


class TestPlaces:
    """Paths of the data lead back to lines and columns."""

    TEXT = "a: x\nb:\n  - id: one\n    k: 1\n  - {id: two, k: 'é', e: }\n\"c\\e\": &v {d: 2}\nf: *v\ng:\nh: [é, y]"

    @pytest.mark.parametrize(
        ("path", "value", "key"),
        [
            (("a",), (1, 4), (1, 1)),
            (("b",), (3, 3), (2, 1)),
            (("b", 0), (3, 5), (3, 5)),
            (("b", 0, "k"), (4, 8), (4, 5)),
            (("b", 1, "k"), (5, 18), (5, 15)),
            (("b", Element("two"), "k"), (5, 18), (5, 15)),
            (("b", 1, "e"), (5, 23), (5, 23)),
            (("c\\x1b", "d"), (6, 15), (6, 12)),
            (("f", "d"), (6, 15), (6, 12)),
            (("g",), (8, 1), (8, 1)),
            (("h", 1), (9, 8), (9, 8)),
        ],
    )
    def test_the_place_of_a_value_and_of_its_key(self, path, value, key):
        read = parse(self.TEXT.encode(), "f.yaml")

        assert read.locate(path)[1:] == value
        assert read.locate(path, key=True)[1:] == key

    @pytest.mark.parametrize(
        ("path", "depth", "place"),
        [
            (("zz",), 0, (1, 1)),
            (("b", 7), 1, (3, 3)),
            (("b", Element("three")), 1, (3, 3)),
            (("a", "x"), 1, (1, 4)),
            ((), 0, (1, 1)),
        ],
    )
    def test_a_path_that_leads_nowhere_ends_at_the_last_thing_on_the_way(self, path, depth, place):
        spot = parse(self.TEXT.encode(), "f.yaml").find(path)

        assert (spot.depth, spot.location[1:]) == (depth, place)

    @pytest.mark.parametrize("text", ["", "# nothing\n"])
    def test_an_empty_file_has_no_lines(self, text):
        assert str(parse(text.encode(), "f.yaml").locate(("a",))) == "f.yaml"

    @pytest.mark.parametrize(
        ("text", "value", "place"),
        [
            ("a: *x\nb: 2", None, (2, 4)),
            ("é🚀: y\r\na: [*x, *yz]\r\nb: 2", [None, None], (3, 4)),
            ("a: {k: *xyz, l: *x}\nb: 2", {"k": None, "l": None}, (2, 4)),
            ("\ufeffa: *x # *x\nb: 2", None, (2, 4)),
        ],
    )
    def test_an_alias_that_names_nothing_takes_no_other_place_away(self, text, value, place):
        read = parse(text.encode(), "f.yaml")

        assert read.data["a"] == value
        assert read.locate(("b",))[1:] == place


DIFFERENCES = {
    b"a: b\tc": ({"a": "b\tc"}, "a tab where YAML wants spaces"),
    b"a:\tb": ({"a": "b"}, "a tab where YAML wants spaces"),
    b"%FOO\n---\na: 1": ("found unknown directive name", {"a": 1}),
}
"""All that libyaml (left) and PyYAML's own parser (right) are known to disagree on, but for the wording."""


@pytest.mark.parametrize("text", DIFFERENCES)
def test_where_the_parsers_may_differ(text, parser):
    expected = DIFFERENCES[text][parser == "SafeLoader"]

    if isinstance(expected, str):
        assert expected in problems(text)[0]
    else:
        assert data(text) == expected
