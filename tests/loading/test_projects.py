"""Project files to Project: the forms of an answer, what the ids may be called, and every problem at its place."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from mlscore.errors import InputError
from mlscore.loading import load_project, open_project, parse_project, read_rubric
from mlscore.project import KINDS, MAX_EVIDENCE
from mlscore.text import listing

TIERS = "research, gaps, basic, reasonable, strong and exceptional"
LEVELS = "none, manual, automated or not_applicable"
NUMBER = "is not a number; write one such as 2 or 0.5"
AGE = "is not a length of time; write hours, days or weeks: 12h, 7d, 2w"
DAY = "is not a date; write YYYY-MM-DD, such as 2026-10-01"


def project(text):
    return parse_project(text.encode(), "p.yaml")[1]


def problems(text):
    """List what is wrong with a project file."""
    with pytest.raises(InputError) as caught:
        parse_project(text.encode(), "p.yaml")
    return str(caught.value).splitlines()


def answer(text):
    """Read one answer, written as it stands after `data-1: `."""
    return project(f"project: x\nanswers:\n  data-1: {text}\n").answers["data-1"]


def faults(text):
    """List what is wrong with one answer, each as `column: message`; it stands on line 3."""
    found = problems(f"project: x\nanswers:\n  data-1: {text}\n")
    assert all(problem.startswith("p.yaml:3:") for problem in found)
    return [problem.removeprefix("p.yaml:3:") for problem in found]


class TestAnswers:
    """An answer is a status, or a mapping with one."""

    @pytest.mark.parametrize("status", ["none", "manual", "automated"])
    @pytest.mark.parametrize("form", ["{}", "'{}'", "{{status: {}}}"])
    def test_the_short_and_the_long_form_are_the_same(self, status, form):
        assert answer(form.format(status)) == answer(status)
        assert answer(status).status == status

    @pytest.mark.parametrize("empty", ["", "null", "~", "# not yet"])
    def test_an_answer_with_nothing_after_its_id_is_unanswered(self, empty):
        assert answer(empty) is None

    def test_no_answer_at_all(self):
        assert project("project: x\nanswers: {}").answers == {}

    def test_the_whole_long_form(self):
        found = answer(
            "{status: manual, date: 2026-10-01, owner: Ann, note: n, effort: 2.5, reason: r, evidence: []}"
        )

        assert found.model_dump() == {
            "status": "manual",
            "date": date(2026, 10, 1),
            "owner": "Ann",
            "note": "n",
            "reason": "r",
            "effort": "2.5",
            "evidence": (),
        }

    def test_what_is_left_out(self):
        found = answer("{status: manual}")

        assert (found.date, found.owner, found.note, found.reason) == (None, None, None, None)
        assert (found.effort, found.evidence) == (1, None)

    @pytest.mark.parametrize("key", ["date", "owner", "note", "reason", "evidence"])
    def test_a_null_is_as_good_as_left_out(self, key):
        assert getattr(answer(f"{{status: manual, {key}: }}"), key) is None

    @pytest.mark.parametrize("text", ["no", "on", "2026-10-01", "010", "1:30"])
    def test_text_stays_text(self, text):
        assert answer(f"{{status: manual, note: {text}}}").note == text

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("{}", "3: the key 'status' is missing in data-1"),
            ("{note: x}", "3: the key 'status' is missing in data-1"),
            ("[manual]", "11: data-1 must be a mapping (key: value), not a list"),
        ],
    )
    def test_no_status(self, text, problem):
        assert faults(text) == [problem]


class TestStatus:
    """A status that is none of the rubric's levels comes with the word to write."""

    @pytest.mark.parametrize(
        ("text", "advice"),
        [
            ("no", "'no' is not a status; write none"),
            ("off", "'off' is not a status; write none"),
            ("false", "'false' is not a status; write none"),
            ("todo", "'todo' is not a status; write none"),
            ("yes", f"'yes' does not say how; write {LEVELS}"),
            ("on", f"'on' does not say how; write {LEVELS}"),
            ("true", f"'true' does not say how; write {LEVELS}"),
            ("done", f"'done' does not say how; write {LEVELS}"),
            ("0", "'0' is points, not a status; write none"),
            ("1", "'1' is points, not a status; write manual"),
            ("1.0", "'1.0' is points, not a status; write manual"),
            ("2", "'2' is points, not a status; write automated"),
            ("0.5", f"'0.5' is points, not a status; write {LEVELS}"),
            ("auto", "'auto' is not a status; write automated"),
            ("ci", "'ci' is not a status; write automated"),
            ("partial", "'partial' is not a status; write manual"),
            ("n/a", "'n/a' is not a status; write not_applicable"),
            ("'N/A'", "'N/A' is not a status; write not_applicable"),
            ("not applicable", "'not applicable' is not a status; write not_applicable"),
            ("Manual", "'Manual' is not a status; write manual"),
            ("AUTOMATED", "'AUTOMATED' is not a status; write automated"),
            ("manul", "'manul' is not a status; write manual"),
            ("autmated", "'autmated' is not a status; write automated"),
            ("2026-10-01", f"'2026-10-01' is not a status; write {LEVELS}"),
            ("xyz", f"'xyz' is not a status; write {LEVELS}"),
            ("''", f"'' is not a status; write {LEVELS}"),
            ('"\\e[31m"', f"'\\x1b[31m' is not a status; write {LEVELS}"),
        ],
    )
    @pytest.mark.parametrize(("form", "column"), [("{}", 11), ("{{status: {}}}", 20)])
    def test_advice(self, text, advice, form, column):
        assert faults(form.format(text)) == [f"{column}: {advice}"]

    @pytest.mark.parametrize("empty", ["", "null", "~"])
    def test_an_empty_status_is_neither_none_nor_unanswered(self, empty):
        (found,) = faults(f"{{status: {empty}}}")

        assert found.endswith(f": status is empty; write {LEVELS}, or leave the whole answer empty")

    @pytest.mark.parametrize("value", ["[manual]", "{manual: 1}", "{}"])
    def test_a_collection(self, value):
        assert faults(f"{{status: {value}}}") == [f"20: a status is one word; write {LEVELS}"]

    @pytest.mark.parametrize("form", ["0.5", "{status: 0.5}"])
    def test_points_are_those_of_the_rubric(self, form):
        (found,) = problems(f"rubric: ml-test-score-2017\nproject: x\nanswers: {{data-1: {form}}}")

        assert found.endswith("'0.5' is points, not a status; write manual")

    def test_unanswered_is_not_written(self):
        (found,) = faults("unanswered")

        assert found.startswith("11: 'unanswered' is not a status; ")


class TestReason:
    """A decision such as not_applicable needs a reason that says something."""

    @pytest.mark.parametrize(
        ("text", "column"),
        [
            ("not_applicable", 11),
            ("{status: not_applicable}", 11),
            ("{status: not_applicable, reason: }", 36),
            ("{status: not_applicable, reason: ''}", 44),
            ("{status: not_applicable, reason: ' '}", 44),
        ],
    )
    def test_missing(self, text, column):
        assert faults(text) == [
            f"{column}: not_applicable needs a reason; write {{status: not_applicable, reason: ...}}"
        ]

    def test_given(self):
        assert answer("{reason: no personal data, status: not_applicable}").reason == "no personal data"

    def test_welcome_elsewhere(self):
        assert answer("{status: none, reason: next quarter}").reason == "next quarter"


class TestNames:
    """Ids may be written by their other names; unknown ones come with the nearest."""

    @pytest.mark.parametrize(
        ("written", "test_id"),
        [
            ("data-1", "data-1"),
            ("infrastructure-3", "infra-3"),
            ("monitoring-2", "monitor-2"),
            ("'infra-1'", "infra-1"),
        ],
    )
    def test_answers_are_kept_by_id(self, written, test_id):
        assert list(project(f"project: x\nanswers: {{{written}: none}}").answers) == [test_id]

    @pytest.mark.parametrize(
        ("keys", "problem"),
        [
            (
                "infra-3: none, infrastructure-3: none",
                "2:26: 'infrastructure-3' and 'infra-3' are the same; keep one",
            ),
            (
                "infrastructure-3: none, infra-3: none",
                "2:35: 'infra-3' and 'infrastructure-3' are the same; keep one",
            ),
            ("infra-3: , infrastructure-3: ", "2:22: 'infrastructure-3' and 'infra-3' are the same; keep one"),
        ],
    )
    def test_one_test_under_two_names(self, keys, problem):
        assert problems(f"project: x\nanswers: {{{keys}}}") == [f"p.yaml:{problem}"]

    def test_the_line_of_an_answer_is_found_under_its_other_name(self):
        found = project("project: x\nanswers:\n  data-1: none\n  monitoring-2: none\n").source

        assert [found.line(name) for name in ("data-1", "monitor-2", "model-1")] == [3, 4, None]

    @pytest.mark.parametrize(
        ("key", "advice"),
        [
            ("data-8", "there are data-1 to data-7"),
            ("dta-1", "did you mean data-1?"),
            ("Data-1", "did you mean data-1?"),
            ("data_3", "did you mean data-3?"),
            ("monitoring-9", "there are monitoring-1 to monitoring-7"),
            ("zzz", "there are data-1 to monitor-7"),
            ("''", "there are data-1 to monitor-7"),
        ],
    )
    def test_an_unknown_test(self, key, advice):
        assert problems(f"project: x\nanswers: {{{key}: none}}") == [
            f"p.yaml:2:11: {key if key[0] == chr(39) else repr(key)} is not a test of ml-test-score-2016; {advice}"
        ]

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("answer: {}", "2:1: unknown key 'answer'; did you mean answers?"),
            ("Rubric: x", "2:1: unknown key 'Rubric'; did you mean rubric?"),
            (
                "team: x",
                "2:1: unknown key 'team'; the keys are rubric, project, description, owner, answers, gate",
            ),
            ("gate: {failunder: 1}", "2:8: unknown key 'failunder'; did you mean fail_under?"),
        ],
    )
    def test_unknown_keys(self, text, problem):
        assert problems(f"project: x\n{text}\nanswers: {{}}") == [f"p.yaml:{problem}"]

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("{status: none, Note: x}", "26: unknown key 'Note'; did you mean note?"),
            (
                "{status: none, comment: x}",
                "26: unknown key 'comment'; the keys are status, date, owner, note, reason, effort, evidence",
            ),
            ("{status: none, evidence: [{fil: x}]}", "38: unknown key 'fil'; did you mean file?"),
            ("{status: none, evidence: [{json: x, check: y}]}", "47: unknown key 'check'; did you mean checks?"),
        ],
    )
    def test_unknown_keys_of_an_answer(self, text, problem):
        assert faults(text) == [problem]


class TestFields:
    """Dates that exist, lengths of time that are clear, numbers that are exact, text that is text."""

    @pytest.mark.parametrize("written", ["2026-10-01", "'2026-10-01'", '"2026-10-01"'])
    def test_dates_with_and_without_quotes(self, written):
        assert answer(f"{{status: manual, date: {written}}}").date == date(2026, 10, 1)

    @pytest.mark.parametrize("day", ["2024-02-29", "0001-01-01", "9999-12-31"])
    def test_days_that_exist(self, day):
        assert str(answer(f"{{status: manual, date: {day}}}").date) == day

    @pytest.mark.parametrize(
        ("written", "problem"),
        [
            ("2026-02-30", "2026-02-30 is not a day of the calendar"),
            ("2025-02-29", "2025-02-29 is not a day of the calendar"),
            ("0000-01-01", "0000-01-01 is not a day of the calendar"),
            ("2026-1-1", f"'2026-1-1' {DAY}"),
            ("20261001", f"'20261001' {DAY}"),
            ("2026-10-01T00:00:00Z", f"'2026-10-01T00:00:00Z' {DAY}"),
            ("01.10.2026", f"'01.10.2026' {DAY}"),
            ("today", f"'today' {DAY}"),
            ("2026", f"'2026' {DAY}"),
            ("true", f"'true' {DAY}"),
        ],
    )
    def test_days_that_do_not(self, written, problem):
        assert faults(f"{{status: manual, date: {written}}}") == [f"34: {problem}"]

    @pytest.mark.parametrize(
        ("written", "length"),
        [("12h", timedelta(hours=12)), ("7d", timedelta(7)), ("2w", timedelta(14)), ("99999d", timedelta(99999))],
    )
    def test_lengths_of_time(self, written, length):
        (entry,) = answer(f"{{status: manual, evidence: [{{file: a, max_age: {written}}}]}}").evidence

        assert entry.max_age == length

    @pytest.mark.parametrize(
        ("written", "problem"),
        [
            ("3m", "'3m' could be minutes or months; write days, such as 90d"),
            ("12m", "'12m' could be minutes or months; write days, such as 90d"),
            ("7", f"'7' {AGE}"),
            ("0d", f"'0d' {AGE}"),
            ("7 d", f"'7 d' {AGE}"),
            ("7D", f"'7D' {AGE}"),
            ("1.5d", f"'1.5d' {AGE}"),
            ("-7d", f"'-7d' {AGE}"),
            ("100000d", f"'100000d' {AGE}"),
            ("1y", f"'1y' {AGE}"),
            ("m", f"'m' {AGE}"),
            ("P7D", f"'P7D' {AGE}"),
        ],
    )
    def test_lengths_that_are_unclear(self, written, problem):
        assert faults(f"{{status: manual, evidence: [{{file: a, max_age: {written}}}]}}") == [f"58: {problem}"]

    @pytest.mark.parametrize(
        ("written", "effort"),
        [
            ("3", 3),
            ("0.1", Fraction(1, 10)),
            ("0.000001", Fraction(1, 10**6)),
            ("1000000", 10**6),
            ("2.50", Fraction(5, 2)),
        ],
    )
    def test_effort_is_exact(self, written, effort):
        assert answer(f"{{status: manual, effort: {written}}}").effort == effort

    @pytest.mark.parametrize(
        ("written", "problem"),
        [
            ("0", "0 is too small; write a number above 0"),
            ("0.0", "0 is too small; write a number above 0"),
            ("-1", "'-1' is too small; write a number above 0"),
            ("1000001", "'1000001' is out of range; write a number from 0 to 1,000,000"),
            ("0.0000001", "'0.0000001' has more than 6 decimals"),
            ("1e3", f"'1e3' {NUMBER}"),
            (".inf", f"'.inf' {NUMBER}"),
            (".nan", f"'.nan' {NUMBER}"),
            ("high", f"'high' {NUMBER}"),
            ("true", f"'true' {NUMBER}"),
        ],
    )
    def test_efforts_that_cannot_be(self, written, problem):
        assert faults(f"{{status: manual, effort: {written}}}") == [f"36: {problem}"]

    @pytest.mark.parametrize("key", ["owner", "note", "reason"])
    @pytest.mark.parametrize("value", ["5", "1.5", "true"])
    def test_text_that_is_none(self, key, value):
        assert faults(f"{{status: none, {key}: {value}}}") == [
            f"{28 + len(key)}: {key} must be text; put it in quotes"
        ]

    @pytest.mark.parametrize("value", ["[a]", "{a: b}"])
    def test_a_collection_is_not_made_text_by_quotes(self, value):
        (found,) = faults(f"{{status: none, note: {value}}}")

        assert found.startswith("32: note must be text")
        assert "put it in quotes" not in found


class TestEvidence:
    """Each entry names exactly one kind and takes only the keys that go with it."""

    @pytest.mark.parametrize("kind", KINDS)
    def test_every_kind(self, kind):
        (entry,) = answer(
            f"{{status: manual, evidence: [{{{kind}: a/b.x, max_age: 7d, date: 2026-10-01}}]}}"
        ).evidence

        assert (entry.kind, entry.target, entry.date, entry.max_age) == (
            kind,
            "a/b.x",
            date(2026, 10, 1),
            timedelta(7),
        )

    def test_the_kinds_of_the_contract(self):
        assert list(KINDS) == [
            "junit",
            "pytest",
            "json",
            "great_expectations",
            "dbt",
            "evidently",
            "deepchecks",
            "mlflow",
            "sarif",
            "workflow",
            "file",
            "url",
        ]

    @pytest.mark.parametrize(
        "text",
        [
            "junit: a, tests: x::*, min_tests: 3",
            "junit: a, tests: [x::*, y::*]",
            "json: a, checks: /auc >= 0.8, time: /end",
            "json: a, checks: [/auc >= 0.8, /drift == false]",
            "mlflow: a, checks: [/data/metrics/auc >= 0.8]",
            "sarif: a, level: note",
            "file: a, sha256: 0a1b",
        ],
    )
    def test_further_keys(self, text):
        assert answer(f"{{status: manual, evidence: [{{{text}}}]}}").evidence

    @pytest.mark.parametrize("key", ["tests", "checks"])
    def test_one_pattern_is_a_list_of_one(self, key):
        kind = {"tests": "junit", "checks": "json"}[key]
        (entry,) = answer(f"{{status: manual, evidence: [{{{kind}: a, {key}: p}}]}}").evidence

        assert getattr(entry, key) == ("p",)

    @pytest.mark.parametrize("text", ["{}", "{date: 2026-10-01}", "{file: }", "{tests: x}"])
    def test_no_kind(self, text):
        (found,) = faults(f"{{status: manual, evidence: [{text}]}}")

        assert found == f"39: an entry of evidence needs exactly one kind; one of {listing(KINDS)}"

    @pytest.mark.parametrize(
        ("text", "kinds"),
        [("file: a, url: b", "file and url"), ("url: a, junit: b, json: c", "junit, json and url")],
    )
    def test_several_kinds(self, text, kinds):
        assert faults(f"{{status: manual, evidence: [{{{text}}}]}}") == [
            f"39: an entry of evidence needs exactly one kind; it has {kinds}"
        ]

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("file: a, tests: x", "tests does not go with file; remove it"),
            ("junit: a, checks: x", "checks does not go with junit; remove it"),
            ("json: a, level: note", "level does not go with json; remove it"),
            ("mlflow: a, time: /x", "time does not go with mlflow; remove it"),
            ("url: a, sha256: b", "sha256 does not go with url; remove it"),
            ("dbt: a, min_tests: 1", "min_tests does not go with dbt; remove it"),
            ("file: a, tests: x, checks: y", "checks and tests do not go with file; remove them"),
        ],
    )
    def test_keys_of_another_kind(self, text, problem):
        assert faults(f"{{status: manual, evidence: [{{{text}}}]}}") == [f"39: {problem}"]

    @pytest.mark.parametrize(
        ("evidence", "problem"),
        [
            ("a.txt", "38: evidence must be a list, not text"),
            ("{file: a}", "38: evidence must be a list, not a mapping"),
            ("[a.txt]", "39: evidence[0] must be a mapping (key: value), not text"),
            ("[{file: 5}]", "46: file must be text; put it in quotes"),
            ("[{junit: a, min_tests: 0}]", "61: min_tests must be at least 1"),
            ("[{junit: a, min_tests: 1.5}]", "61: min_tests must be a whole number"),
            ("[{junit: a, tests: 5}]", "57: tests must be a list, not a number"),
            ("[{junit: a, tests: [x, 5]}]", "61: tests[1] must be text; put it in quotes"),
            ("[{sarif: a, level: warn}]", "57: 'warn' is not allowed here; write 'note', 'warning' or 'error'"),
            ("[{file: a, date: yesterday}]", f"55: 'yesterday' {DAY}"),
        ],
    )
    def test_values(self, evidence, problem):
        assert faults(f"{{status: manual, evidence: {evidence}}}") == [problem]

    def test_a_thousand_entries(self):
        entries = ", ".join(["{file: a}"] * MAX_EVIDENCE)

        assert len(answer(f"{{status: manual, evidence: [{entries}]}}").evidence) == MAX_EVIDENCE

    def test_one_entry_more(self):
        entries = ", ".join(["{file: a}"] * (MAX_EVIDENCE + 1))

        (found,) = faults(f"{{status: manual, evidence: [{entries}]}}")

        assert "more than the limit of 1000 entries" in found.replace(",", "")


class TestGate:
    """The least a project asks of itself, by ids of its rubric."""

    def test_all_of_it(self):
        scores = "fail_under: 3, min_tier: basic, categories: {monitoring: 0.5}"
        text = f"{{{scores}, require: [infrastructure-1], basis: verified}}"

        assert project(f"project: x\nanswers: {{}}\ngate: {text}").gate.model_dump() == {
            "fail_under": "3",
            "min_tier": "basic",
            "categories": {"monitor": "0.5"},
            "require": ("infra-1",),
            "basis": "verified",
        }

    @pytest.mark.parametrize("gate", ["", "{}"])
    def test_none_of_it(self, gate):
        found = project(f"project: x\nanswers: {{}}\ngate: {gate}").gate

        assert found is None or (found.fail_under, found.categories, found.require) == (None, {}, ())

    @pytest.mark.parametrize(
        ("gate", "problem"),
        [
            ("5", "7: gate must be a mapping (key: value), not a number"),
            ("{fail_under: high}", f"20: 'high' {NUMBER}"),
            ("{fail_under: -1}", "20: '-1' is out of range; write a number from 0 to 1,000,000"),
            ("{fail_under: .nan}", f"20: '.nan' {NUMBER}"),
            ("{min_tier: stong}", "18: 'stong' is not a tier of ml-test-score-2016; did you mean strong?"),
            ("{min_tier: best}", f"18: 'best' is not a tier of ml-test-score-2016; there are {TIERS}"),
            (
                "{categories: {monitr: 2}}",
                "21: 'monitr' is not a category of ml-test-score-2016; did you mean monitor?",
            ),
            (
                "{categories: {zzz: 2}}",
                "21: 'zzz' is not a category of ml-test-score-2016; there are data, model, infra and monitor",
            ),
            ("{categories: {data: x}}", f"27: 'x' {NUMBER}"),
            ("{categories: {monitor: 2, monitoring: 3}}", "33: 'monitoring' and 'monitor' are the same; keep one"),
            ("{categories: [data]}", "20: categories must be a mapping (key: value), not a list"),
            ("{require: data-1}", "17: require must be a list, not text"),
            (
                "{require: [data-9]}",
                "18: 'data-9' is not a test of ml-test-score-2016; there are data-1 to data-7",
            ),
            ("{require: [5]}", "18: require[0] must be text; put it in quotes"),
            ("{basis: proven}", "15: 'proven' is not allowed here; write 'claimed' or 'verified'"),
        ],
    )
    def test_one_problem(self, gate, problem):
        assert problems(f"project: x\nanswers: {{}}\ngate: {gate}") == [f"p.yaml:3:{problem}"]


class TestWholeFile:
    """All problems of a file are found at once and listed in its order."""

    def test_every_kind_of_problem_at_once(self):
        text = """\
            project: 5
            owner: 7
            answers:
              dta-1: none
              data-1: {status: no, date: 2026-02-30, evidence: [{fil: x}, {file: a, url: b}]}
              data-1: manual
              infra-3: {status: not_applicable}
              infrastructure-3: 2
            gate: {require: [x]}
            extra: !tag none
        """.replace("            ", "")

        assert problems(text) == [
            "p.yaml:1:10: project must be text; put it in quotes",
            "p.yaml:2:8: owner must be text; put it in quotes",
            "p.yaml:4:3: 'dta-1' is not a test of ml-test-score-2016; did you mean data-1?",
            "p.yaml:5:20: 'no' is not a status; write none",
            "p.yaml:5:30: 2026-02-30 is not a day of the calendar",
            "p.yaml:5:54: unknown key 'fil'; did you mean file?",
            "p.yaml:5:63: an entry of evidence needs exactly one kind; it has file and url",
            "p.yaml:6:3: the key 'data-1' is repeated (first on line 5); keep one",
            "p.yaml:7:12: not_applicable needs a reason; write {status: not_applicable, reason: ...}",
            "p.yaml:8:3: 'infrastructure-3' and 'infra-3' are the same; keep one",
            "p.yaml:8:21: '2' is points, not a status; write automated",
            "p.yaml:9:18: 'x' is not a test of ml-test-score-2016; there are data-1 to monitor-7",
            "p.yaml:10:1: unknown key 'extra'; the keys are rubric, project, description, owner, answers, gate",
            "p.yaml:10:8: the tag '!tag' is not allowed; remove it; put text in quotes",
        ]

    def test_an_alias_that_names_nothing_leaves_the_others_their_lines(self):
        assert problems("project: 5\nowner: *x\nanswers: {}") == [
            "p.yaml:1:10: project must be text; put it in quotes",
            "p.yaml:2:8: the alias '*x' names nothing; put text in quotes",
        ]

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("{}", ["1:1: the key 'answers' is missing", "1:1: the key 'project' is missing"]),
            ("project: x", ["1:1: the key 'answers' is missing"]),
            ("answers: {}", ["1:1: the key 'project' is missing"]),
            ("project: x\nanswers:\n", ["2:1: answers must be a mapping (key: value), not nothing"]),
            ("project: x\nanswers: []", ["2:10: answers must be a mapping (key: value), not a list"]),
            ("project: ''\nanswers: {}", ["1:10: project is empty; write some text"]),
            ("project: true\nanswers: {}", ["1:10: project must be text; put it in quotes"]),
        ],
    )
    def test_what_is_required(self, text, found):
        assert problems(text) == [f"p.yaml:{problem}" for problem in found]

    @pytest.mark.parametrize("key", ["project", "rubric"])
    def test_a_null_where_text_is_needed_is_called_empty(self, key):
        """Quotes around nothing would not help."""
        given = {"project": "x", "answers": "{}", key: ""}

        (found,) = problems("\n".join(f"{name}: {value}" for name, value in given.items()))

        assert f"{key} is empty" in found

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("", "p.yaml: the file is empty"),
            ("# nothing\n", "p.yaml: the file is empty"),
            ("null", "p.yaml:1:1: the file is empty"),
            ("[]", "p.yaml:1:1: a project file is a mapping (key: value)"),
            ("text", "p.yaml:1:1: a project file is a mapping (key: value)"),
            ("5", "p.yaml:1:1: a project file is a mapping (key: value)"),
        ],
    )
    def test_no_mapping(self, text, problem):
        assert problems(text) == [f"{problem}; write project: and answers:, or start with `mlscore init`"]

    def test_a_problem_reached_by_an_alias_is_said_once(self):
        assert problems("project: x\nanswers: {data-1: &a {status: no}, data-2: *a}") == [
            "p.yaml:2:31: 'no' is not a status; write none"
        ]

    @pytest.mark.parametrize("key", ["1", "null", "true"])
    def test_a_key_that_is_not_text_is_one_problem(self, key):
        found = problems(f"project: x\nanswers:\n  {key}: none\n")

        assert found == [f"p.yaml:3:3: the key '{key}' is not text; put it in quotes"]

    def test_a_merge_key_is_one_problem(self):
        found = problems("project: x\nanswers:\n  <<: {data-1: none}\n")

        assert found == ["p.yaml:3:3: the merge key << is not allowed; write the keys out"]


RUBRIC = """\
id: small
version: 1
levels: {none: {points: 0}, done: {points: 1}}
tiers: [{id: low, from: 0, label: Low}]
categories: [{id: a, title: A, tests: [{id: a-1, title: One}]}]
"""


class TestRubric:
    """A project is checked against the rubric it names, or against the one that is given."""

    def test_the_default(self):
        assert parse_project(b"project: x\nanswers: {}", "p.yaml")[0].id == "ml-test-score-2016"

    @pytest.mark.parametrize("name", ["ml-test-score", "ml-test-score-2017"])
    def test_a_built_in_one(self, name):
        rubric, found = parse_project(f"rubric: {name}\nproject: x\nanswers: {{}}".encode(), "p.yaml")

        assert rubric.id.startswith(name)
        assert found.rubric == name

    @pytest.mark.parametrize(
        ("name", "ref"), [("p.yaml", "r.yaml"), ("deep/p.yaml", "../r.yaml"), ("deep/p.yaml", "own/r.yaml")]
    )
    def test_a_path_relative_to_the_project_file(self, write, name, ref):
        write("r.yaml", RUBRIC)
        write("deep/own/r.yaml", RUBRIC)

        rubric, found = open_project(str(write(name, f"rubric: {ref}\nproject: x\nanswers: {{a-1: done}}")))

        assert (rubric.id, found.answers["a-1"].status) == ("small", "done")

    def test_levels_and_ids_are_those_of_the_rubric(self, write):
        write("r.yaml", RUBRIC)
        write("p.yaml", "rubric: r.yaml\nproject: x\nanswers: {a-1: manual, data-1: done}")

        with pytest.raises(InputError) as caught:
            load_project("p.yaml")

        assert str(caught.value).splitlines() == [
            "p.yaml:3:16: 'manual' is not a status; write none or done",
            "p.yaml:3:24: 'data-1' is not a test of small; did you mean a-1?",
        ]

    @pytest.mark.parametrize("name", ["zzz", "a-2"])
    def test_the_only_test_of_a_rubric_is_spoken_of_in_the_singular(self, write, name):
        write("r.yaml", RUBRIC)

        (found,) = problems(f"rubric: r.yaml\nproject: x\nanswers: {{{name}: done}}")

        assert found.startswith(f"p.yaml:3:11: '{name}' is not a test of small; ")
        assert "there are" not in found

    def test_the_rubric_given_wins_and_the_one_named_is_not_read(self, write):
        rubric = read_rubric(str(write("r.yaml", RUBRIC)))
        write("p.yaml", "rubric: gone.yaml\nproject: x\nanswers: {a-1: done}")

        assert load_project("p.yaml", rubric).answers["a-1"].status == "done"

    @pytest.mark.parametrize(
        ("ref", "problem"),
        [
            (
                "ml-test-score-2018",
                "'ml-test-score-2018' is not a built-in rubric; did you mean ml-test-score-2017?",
            ),
            ("ml-test-score-16", "'ml-test-score-16' is not a built-in rubric; did you mean ml-test-score-2016?"),
            ("5", "rubric must be text; put it in quotes"),
        ],
    )
    def test_no_such_rubric(self, ref, problem):
        (found,) = problems(f"project: x\nrubric: {ref}\nanswers: {{}}")

        assert found.startswith(f"p.yaml:2:9: {problem}")

    @pytest.mark.parametrize(
        ("ref", "reason"),
        [
            ("gone.yaml", "cannot be read: no such file or directory"),
            ("./", "a folder, not a file"),
            ("/dev/null", "not a regular file; pipe it in and name it -"),
        ],
    )
    def test_a_file_that_is_none(self, ref, reason):
        assert set(problems(f"project: x\nrubric: {ref}\nanswers: {{}}")) == {
            f"p.yaml:2:9: the rubric '{ref}' cannot be used",
            f"{ref}: {reason}",
        }

    def test_problems_of_the_rubric_and_of_the_project_come_together(self, write):
        write("r.yaml", RUBRIC.replace("points: 1", "points: x"))

        assert set(problems("rubric: r.yaml\nproject: 5\nanswers: {}")) == {
            "p.yaml:1:9: the rubric 'r.yaml' cannot be used",
            f"r.yaml:3:44: 'x' {NUMBER}",
            "p.yaml:2:10: project must be text; put it in quotes",
        }
