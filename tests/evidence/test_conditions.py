"""Conditions on JSON files: `POINTER OP VALUE`."""

import operator
from contextlib import suppress

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evidence.samples import JSON, SCALARS, SECRET, assert_careful, dumped, fuzz
from mlscore.evidence import conditions, loose_json, strict_json
from mlscore.evidence.conditions import Undecided, find, holds
from mlscore.evidence.conditions import read as condition
from mlscore.evidence.reading import Unreadable

DATA = {
    "metrics": {"auc": 0.9, "n": 1000, "big": 9007199254740993, "val/auc": 0.8, "m~n": 0.7, "": 5, "a b": 1},
    "drift": False,
    "done": True,
    "status": "ok",
    "error": None,
    "folds": [0.1, 0.2, {"auc": 0.3}],
    "text": "0.9",
    "one": 1,
    "p<0.05": True,
    "diverged": loose_json.NOT_FINITE,
    "lost": -loose_json.NOT_FINITE,
}


@pytest.mark.parametrize(
    "check",
    [
        "/metrics/auc >= 0.8",
        "/metrics/auc >= 0.9",
        "/metrics/auc <= 0.9",
        "/metrics/auc == 0.9",
        "/metrics/auc == 9e-1",
        "/metrics/auc > 0.8",
        "/metrics/auc < 1",
        "/metrics/auc != 0.8",
        "/metrics/auc > -1",
        "/metrics/n == 1000",
        "/metrics/n == 1000.0",
        "/metrics/n > 999.5",
        "/metrics/big > 9007199254740992",
        "/metrics/big != 9007199254740992",
        "/metrics/val~1auc == 0.8",
        "/metrics/m~0n == 0.7",
        "/metrics/ == 5",
        "/metrics/a b == 1",
        "/folds/0 == 0.1",
        "/folds/2/auc < 0.31",
        "/drift == false",
        "/drift != true",
        "/done == true",
        '/status == "ok"',
        '/status != "failed"',
        "/error == null",
        "/status != null",
        "/drift != null",
        "/metrics != null",
        "  /metrics/auc   >=\t0.8  ",
        "/metrics/auc>=0.8",
        '/status=="ok"',
        "/p<0.05 == true",
    ],
)
def test_what_holds(check):
    assert holds(condition(check), DATA)


@pytest.mark.parametrize(
    "check",
    [
        "/metrics/auc >= 0.91",
        "/metrics/auc > 0.9",
        "/metrics/auc < 0.9",
        "/metrics/auc != 0.9",
        "/metrics/big == 9007199254740992",
        "/metrics/big <= 9007199254740992",
        "/drift == true",
        "/drift != false",
        '/status == "OK"',
        "/status == null",
        "/error != null",
        "/drift == 0",
        "/one == true",
        "/done == 1",
        "/text == 0.9",
        '/metrics/auc == "0.9"',
        '/drift == "false"',
        "/folds == 0.1",
        '/metrics == "auc"',
    ],
)
def test_what_does_not_hold(check):
    """A value of another type than the one stated is not equal to it: true is not 1, and "0.9" is text."""
    assert not holds(condition(check), DATA)


@pytest.mark.parametrize(
    ("check", "reason"),
    [
        ("/text >= 0.8", "'/text' is text, not a number"),
        ("/done > 0", "'/done' is true or false, not a number"),
        ("/error <= 1", "'/error' is null, not a number"),
        ("/folds < 1", "'/folds' is a list or an object, not a number"),
        ("/metrics < 1", "'/metrics' is a list or an object, not a number"),
        ('/drift != "false"', "'/drift' is true or false, not text"),
        ("/one != true", "'/one' is a number, not true or false"),
        ('/error != "failed"', "'/error' is null, not text"),
    ],
)
def test_a_value_of_another_type_cannot_be_judged(check, reason):
    """What `!=` would let through unseen, and what has no order."""
    with pytest.raises(Undecided) as caught:
        holds(condition(check), DATA)
    assert str(caught.value) == reason


@pytest.mark.parametrize("sign", ["== 0.5", "!= 0.5", "> 0.5", "< 0.5", ">= 0.5", "<= 0.5", "== null", "!= null"])
@pytest.mark.parametrize("name", ["diverged", "lost"])
def test_a_number_that_is_none_satisfies_no_condition(name, sign):
    """NaN and infinities; MLflow stores an infinity as the largest number there is."""
    with pytest.raises(Undecided, match=f"^'/{name}' is not a finite number$"):
        holds(condition(f"/{name} {sign}"), DATA)


@pytest.mark.parametrize(
    "pointer",
    [
        "/metrics/f1",
        "/metrics/auc/x",
        "/metrics/val/auc",
        "/Metrics/auc",
        "/folds/3",
        "/folds/-1",
        "/folds/-",
        "/folds/00",
        "/folds/1.0",
        "/folds/٠",
        "/folds/99999999999999999999999999",
        "/folds/",
        "/status/0",
        "/error/x",
        "/",
    ],
)
def test_a_pointer_to_nothing_is_named(pointer):
    with pytest.raises(Undecided) as caught:
        find(DATA, pointer)
    assert str(caught.value).startswith(f"it holds no '{pointer}'")


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/foo", ["bar", "baz"]),
        ("/foo/0", "bar"),
        ("/", 0),
        ("/a~1b", 1),
        ("/c%d", 2),
        ("/e^f", 3),
        ("/g|h", 4),
        ("/i\\j", 5),
        ('/k"l', 6),
        ("/ ", 7),
        ("/m~0n", 8),
        ("/o~01p", 9),
    ],
)
def test_the_examples_of_rfc_6901(pointer, value):
    document = {"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, 'k"l': 6}

    assert find({**document, " ": 7, "m~n": 8, "o~1p": 9}, pointer) == value


@pytest.mark.parametrize(
    ("check", "reason"),
    [
        ("", "'' is no check; write POINTER OP VALUE, such as /metrics/auc >= 0.8"),
        ("/auc", "'/auc' is no check; write POINTER OP VALUE, such as /metrics/auc >= 0.8"),
        ("/auc = 0.8", "'/auc = 0.8' is no check; write POINTER OP VALUE, such as /metrics/auc >= 0.8"),
        ("auc >= 0.8", "'auc' is no JSON pointer; write one such as /metrics/auc"),
        (">= 0.8", "'' is no JSON pointer; write one such as /metrics/auc"),
        ("/a~2b >= 0.8", "'/a~2b' is no JSON pointer; write one such as /metrics/auc"),
        ("/a~ >= 0.8", "'/a~' is no JSON pointer; write one such as /metrics/auc"),
        ("/auc >=", "'/auc >=' needs a number, true, false, null or \"text\" after >="),
        ("/auc == ok", "'/auc == ok' needs a number, true, false, null or \"text\" after =="),
        ("/auc == True", "'/auc == True' needs a number, true, false, null or \"text\" after =="),
        ("/auc == 'ok'", "'/auc == 'ok'' needs a number, true, false, null or \"text\" after =="),
        ("/auc == .8", "'/auc == .8' needs a number, true, false, null or \"text\" after =="),
        ("/auc == 0,8", "'/auc == 0,8' needs a number, true, false, null or \"text\" after =="),
        ("/auc == [1]", "'/auc == [1]' needs a number, true, false, null or \"text\" after =="),
        ("/auc == {}", "'/auc == {}' needs a number, true, false, null or \"text\" after =="),
        ("/auc <= NaN", "'/auc <= NaN' needs a number, true, false, null or \"text\" after <="),
        ("/auc <= 1e999", "'/auc <= 1e999' needs a number, true, false, null or \"text\" after <="),
        ("/auc >= 0.8 > 0.5", "'/auc >= 0.8 > 0.5' needs a number, true, false, null or \"text\" after >="),
        ("/auc == \ud800", "'/auc == \\ud800' needs a number, true, false, null or \"text\" after =="),
        ('/auc >= "0.8"', "'/auc >= \"0.8\"' needs a number after >="),
        ("/auc > true", "'/auc > true' needs a number after >"),
        ("/auc < null", "'/auc < null' needs a number after <"),
    ],
)
def test_a_malformed_check_says_what_to_write(check, reason):
    reading = conditions.judge([DATA], [check])

    assert reading[:2] == ("inconclusive", reason)


def test_without_checks_nothing_is_shown():
    reading = conditions.judge([DATA], [])

    assert reading[:2] == ("inconclusive", "it needs checks, such as checks: [/metrics/auc >= 0.8]")


@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        (["/one == 1"], ("verified", "1 check passed", 1)),
        (["/one == 1", "/drift == false"], ("verified", "2 checks passed", 2)),
        (["/one == 1", "/drift == true"], ("contradicted", "1 of 2 checks failed: '/drift == true'", 1)),
        (["/no == 1", "/drift == true"], ("contradicted", "1 of 1 check failed: '/drift == true'", 0)),
        (
            ["/one == 1", "/no == 1"],
            ("inconclusive", "it holds no '/no' (a slash in a name is written ~1)", 0),
        ),
        (["/one == 1", "/drift"], ("inconclusive", None, 0)),
        (
            ["/one > 1", "/one > 2", "/one > 3", "/one > 4", "/one > 5"],
            ("contradicted", "5 of 5 checks failed: '/one > 1', '/one > 2', '/one > 3' and 2 more", 0),
        ),
    ],
)
def test_all_checks_must_hold(checks, expected):
    """A check that does not hold outweighs one that cannot be judged, but a malformed one stops the judging."""
    outcome, reason, passed = expected
    reading = conditions.judge([DATA], checks)

    assert (reading.outcome, reading.checks) == (outcome, passed)
    assert reason in (None, reading.reason)


def test_every_file_must_satisfy_every_check():
    checks = ["/auc >= 0.8"]

    assert conditions.judge([{"auc": 0.8}, {"auc": 0.9}], checks)[:3] == ("verified", "2 checks passed", 2)
    assert conditions.judge([{"auc": 0.8}, {"auc": 0.7}], checks)[:2] == (
        "contradicted",
        "1 of 2 checks failed: '/auc >= 0.8'",
    )
    assert conditions.judge([{"auc": 0.8}, {}], checks).outcome == "inconclusive"


def test_the_number_of_checks_is_limited():
    most = ["/one == 1"] * conditions.MAX_CHECKS

    assert conditions.judge([DATA], most)[:2] == ("verified", "100 checks passed")
    assert conditions.judge([DATA], [*most, "/one == 1"])[:2] == ("inconclusive", "it has more than 100 checks")


def test_the_length_of_a_check_is_limited():
    longest = "/one == 1".ljust(conditions.MAX_LENGTH)

    assert conditions.judge([DATA], [longest]).outcome == "verified"
    assert conditions.judge([DATA], [longest + " "])[:2] == (
        "inconclusive",
        "a check is longer than 500 characters",
    )


def test_the_value_in_the_file_is_not_shown():
    data = {"status": SECRET, "n": [SECRET]}

    assert SECRET not in conditions.judge([data], ['/status == "ok"']).reason
    assert SECRET not in conditions.judge([data], ["/n/0 > 5"]).reason
    assert SECRET not in conditions.judge([data], ["/status/x > 5"]).reason


def test_control_characters_of_a_check_are_shown_as_escapes():
    reading = conditions.judge([{"a\x1b": 1}], ["/a\x1b == 2"])

    assert reading.reason == "1 of 1 check failed: '/a\\x1b == 2'"


SIGNS = {
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
NUMBERS = st.integers(-(10**18), 10**18) | st.floats(-1e300, 1e300)


@fuzz
@given(NUMBERS, st.sampled_from(list(SIGNS)), NUMBERS)
def test_numbers_compare_as_they_are_written(value, sign, wanted):
    text = dumped(wanted).decode()

    assert holds(condition(f"/a {sign} {text}"), {"a": value}) is SIGNS[sign](value, wanted)


@fuzz
@given(SCALARS, SCALARS)
def test_equal_means_of_one_type_and_value(value, wanted):
    assume(not isinstance(value, float) or abs(value) < loose_json.NOT_FINITE)
    same = value == wanted and isinstance(value, bool) == isinstance(wanted, bool)

    assert holds(condition(f"/a == {dumped(wanted).decode()}"), {"a": value}) is same


@fuzz
@given(JSON, st.lists(st.text(max_size=30) | st.sampled_from(["/a == 1", "/0 > 1", "/x != null"]), max_size=4))
def test_any_data_and_any_checks_end_in_a_reading(data, checks):
    assert_careful(conditions.judge([data], checks))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (b"NaN", loose_json.NOT_FINITE),
        (b"-Infinity", -loose_json.NOT_FINITE),
        (b'[1, NaN, "NaN \\" NaN", Infinity]', [1, loose_json.NOT_FINITE, 'NaN " NaN', loose_json.NOT_FINITE]),
        (b'{"Infinity": NaN, "\\\\": NaN}', {"Infinity": loose_json.NOT_FINITE, "\\": loose_json.NOT_FINITE}),
        (b'["no number"]', ["no number"]),
    ],
)
def test_tools_may_write_nan_and_infinities(written, value):
    assert loose_json.loads(written) == value


@pytest.mark.parametrize(
    "written", [b"1NaN", b"NaN1", b"NaN: 1", b'"NaN', b"[NaN", b"nan", b'"\\" NaN', b"NaNNaN"]
)
def test_nothing_becomes_json_by_reading_over_nan(written):
    with pytest.raises(Unreadable):
        loose_json.loads(written)


def test_the_number_of_nans_is_limited():
    """Each takes more room than it did: the limit of values is applied before they are put in."""
    with pytest.raises(Unreadable, match=r"^more than 500,000 values$"):
        loose_json.loads(b"NaN " * (strict_json.MAX_VALUES + 1))
    with pytest.raises(Unreadable, match=r"^it is not JSON, or cut off$"):
        loose_json.loads(b"NaN " * strict_json.MAX_VALUES)


@pytest.mark.parametrize(
    "written", [b'NaN "' + b'\\"' * 500_000, b'"' * 500_001 + b"NaN", b"NaN " * 200_000, b"\\" * 900_000 + b'"NaN']
)
def test_hostile_text_with_nan_is_refused_quickly(written):
    with pytest.raises(Unreadable):
        loose_json.loads(written)


@fuzz
@given(st.binary(max_size=60) | st.text('NaIfity"\\-01[]{}:, ', max_size=60).map(str.encode))
def test_any_bytes_are_read_or_unreadable(written):
    """Any other exception would come through."""
    with suppress(Unreadable):
        assert dumped(loose_json.loads(written))
