"""JSON that can mean one thing only, and its limits."""

import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlscore.evidence import strict_json
from mlscore.evidence.reading import Unreadable
from mlscore.evidence.strict_json import MAX_DEPTH, MAX_DIGITS, MAX_VALUES, loads

BROKEN = "it is not JSON, or cut off"


def refusal(raw):
    with pytest.raises(Unreadable) as caught:
        loads(raw)
    return str(caught.value)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b'{"a": [1, 2.5, -3e2, true, false, null, "\xc3\xa9"]}', {"a": [1, 2.5, -300.0, True, False, None, "é"]}),
        (b"\xef\xbb\xbf[]", []),
        (b" \r\n\t0 \n", 0),
        (b'"\\u00e9\\ud83d\\ude00"', "é😀"),
        (b"-0", 0),
        (b'{"a": {"a": {"a": 1}}}', {"a": {"a": {"a": 1}}}),
    ],
)
def test_json_is_read(raw, value):
    assert loads(raw) == value


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", BROKEN),
        (b"   ", BROKEN),
        (b"{", BROKEN),
        (b'{"a": 1', BROKEN),
        (b'{"a": 1}}', BROKEN),
        (b"[1] [2]", BROKEN),
        (b"[1,]", BROKEN),
        (b"{'a': 1}", BROKEN),
        (b'{"a": 1 /* why */}', BROKEN),
        (b"[01]", BROKEN),
        (b"[.5]", BROKEN),
        (b"[+1]", BROKEN),
        (b"[0x10]", BROKEN),
        (b"[1_000]", BROKEN),
        (b'["\t"]', BROKEN),
        (b"nan", BROKEN),
        (b"<xml/>", BROKEN),
        ("é".encode("latin-1"), "it is not UTF-8"),
        ('{"a": 1}'.encode("utf-16"), "it is not UTF-8"),
        (b"\xed\xa0\x80", "it is not UTF-8"),
        (b"NaN", "it holds NaN, which is not JSON"),
        (b'{"a": [Infinity]}', "it holds Infinity, which is not JSON"),
        (b"[-Infinity]", "it holds -Infinity, which is not JSON"),
        (b"[1e999]", "it holds a number too large to be one"),
        (b"[-1e999]", "it holds a number too large to be one"),
        (b'{"success": false, "success": true}', "a key is repeated in it"),
        (b'[{"a": {"b": 1, "b": 1}}]', "a key is repeated in it"),
        (b'{"a": 1, "\\u0061": 2}', "a key is repeated in it"),
        (b'{"": 1, "": 2}', "a key is repeated in it"),
    ],
)
def test_what_is_refused(raw, reason):
    assert refusal(raw) == reason


@pytest.mark.parametrize("sign", ["", "-"])
def test_integers_have_at_most_20_digits(sign):
    assert loads(f"{sign}{'9' * MAX_DIGITS}".encode()) == int(f"{sign}{'9' * MAX_DIGITS}")
    assert refusal(f"{sign}{'9' * (MAX_DIGITS + 1)}".encode()) == "it holds a number of more than 20 digits"


def test_an_integer_of_a_million_digits_costs_nothing():
    """Python refuses to convert those of more than 4,300, with an error of its own."""
    assert refusal(b"9" * 1_000_000) == "it holds a number of more than 20 digits"


@pytest.mark.parametrize("unit", ["[{}]", '{{"a": {}}}'])
def test_values_lie_at_most_64_levels_deep(unit):
    opening, closing = unit.format("|").split("|")

    def nested(levels):
        return (opening * levels + "1" + closing * levels).encode()

    assert loads(nested(MAX_DEPTH - 1))
    assert refusal(nested(MAX_DEPTH)) == "nested deeper than 64 levels"


@pytest.mark.parametrize("text", ["[", '{"a":', "[{}," * 2, '[{"a":'])
def test_depth_without_end_is_refused_and_costs_no_stack(text):
    assert refusal((text * 1_000_000).encode()) in {"nested deeper than 64 levels", BROKEN}


def test_a_file_holds_at_most_500_000_values(monkeypatch):
    monkeypatch.setattr(strict_json, "MAX_VALUES", 100)

    assert len(loads(json.dumps([0] * 99).encode())) == 99
    assert refusal(json.dumps([0] * 100).encode()) == "more than 100 values"
    assert refusal(json.dumps({"a": [{}] * 99}).encode()) == "more than 100 values"


def test_the_limits_that_are_documented():
    assert (strict_json.MAX_BYTES, MAX_VALUES, MAX_DEPTH, MAX_DIGITS) == (16 * 2**20, 500_000, 64, 20)


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**19), 10**19)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(PLAIN, st.booleans())
def test_all_other_json_is_read_as_python_reads_it(value, ascii_only):
    raw = json.dumps(value, ensure_ascii=ascii_only).encode(errors="surrogatepass")
    try:
        raw.decode()
    except UnicodeDecodeError:
        assert refusal(raw) == "it is not UTF-8"
    else:
        assert loads(raw) == value


@given(st.binary())
def test_any_bytes_are_read_or_refused(raw):
    try:
        shown = json.dumps(loads(raw))
    except Unreadable as trouble:
        shown = str(trouble)
    assert shown.isprintable()


@given(PLAIN, st.data())
def test_no_beginning_of_a_list_is_read(value, data):
    raw = json.dumps([value]).encode()
    cut = data.draw(st.integers(0, len(raw) - 1))

    assert refusal(raw[:cut])


def test_depth_is_refused_whatever_the_recursion_limit():
    limit = sys.getrecursionlimit()
    try:
        sys.setrecursionlimit(10_000)
        assert refusal(b"[" * 5_000 + b"]" * 5_000) == "nested deeper than 64 levels"
    finally:
        sys.setrecursionlimit(limit)
