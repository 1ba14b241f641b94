"""SARIF 2.1.0 for code scanning. Its schema and Microsoft's validator are in tests/validators."""

import json
import re
from urllib.parse import unquote, urlsplit

import pytest
from inline_snapshot import snapshot

from formats.samples import AS_OF, RUBRIC, in_yaml, project_with
from mlscore.evidence.reading import Reading
from mlscore.formats import Style, render
from mlscore.loading import parse_project
from mlscore.scoring import assess

CHURN = """\
rubric: small.yaml
project: churn
answers:
  data-1: automated
  data-2: manual
  data-3: none
  serving-1: {status: not_applicable, reason: batch only}
gate: {fail_under: 1}
"""
EMPTY = "project: churn\nanswers: {}\ngate: {fail_under: 1}\n"
FULL = project_with(dict.fromkeys(("data", "model", "infra", "monitor"), 14))
URI_REFERENCE = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-F]{2})+")


def log(*reports, root=""):
    def refuse(constant):
        raise AssertionError(f"{constant} is not JSON")

    return json.loads(render("sarif", reports, Style(root=root)), parse_constant=refuse)


def run_of(report, root=""):
    (run,) = log(report, root=root)["runs"]
    return run


def results(report, root=""):
    return run_of(report, root)["results"]


def uri(result):
    return result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]


def line(result):
    return result["locations"][0]["physicalLocation"]["region"]["startLine"]


def fingerprints(report):
    return {result["ruleId"]: result["partialFingerprints"] for result in results(report)}


def test_a_log_names_its_version_and_schema(assessed):
    written = log(assessed(CHURN))

    assert (written["version"], written["$schema"].rpartition("/")[2]) == ("2.1.0", "sarif-schema-2.1.0.json")


def test_a_run_says_what_was_scored(assessed):
    run = run_of(assessed(CHURN))

    assert {key: run[key] for key in ("automationDetails", "columnKind", "properties")} == snapshot(
        {
            "automationDetails": {"id": "mlscore/small/project.yaml/"},
            "columnKind": "unicodeCodePoints",
            "properties": {
                "project": "churn",
                "rubric": "small",
                "rubricVersion": 3,
                "rubricDigest": "sha256:eecb825c5c19ec2c09fff943b243e465db420273c05902fe5e718323ce2a5e0a",
                "score": "0",
                "tier": "low",
                "verified": None,
            },
        }
    )


def test_the_driver_is_named_and_has_a_version(assessed):
    driver = run_of(assessed(CHURN))["tool"]["driver"]

    assert driver["name"] == "mlscore"
    assert re.fullmatch(r"\d+\.\d+\.\d+", driver["semanticVersion"])
    assert driver["informationUri"].startswith("https://")


def test_a_test_of_the_rubric_is_a_rule_with_its_guidance(assessed, write):
    guidance = "purpose: Bad ones stop early, manual: A person looks on, automated: A system looks on."
    write("small.yaml", RUBRIC.replace("title: Models are canaried", f"title: Models are canaried, {guidance}"))

    assert run_of(assessed(CHURN))["tool"]["driver"]["rules"][-2:] == snapshot(
        [
            {
                "id": "mlscore/serving-1",
                "name": "Serving1",
                "shortDescription": {"text": "Roll back is quick."},
                "fullDescription": {"text": "Roll back is quick."},
                "help": {"text": "Roll back is quick."},
            },
            {
                "id": "mlscore/serving-2",
                "name": "Serving2",
                "shortDescription": {"text": "Models are canaried."},
                "fullDescription": {"text": "Bad ones stop early."},
                "help": {
                    "text": """\
Manual: A person looks on
Automated: A system looks on.\
"""
                },
            },
        ]
    )


def test_rule_ids_are_what_they_were_in_the_first_release(assessed):
    """Code scanning takes an alert of another rule for a new one; these must never change."""
    rules = run_of(assessed(EMPTY))["tool"]["driver"]["rules"]
    tests = [f"{name}-{place}" for name in ("data", "model", "infra", "monitor") for place in range(1, 8)]

    assert [rule["id"] for rule in rules] == ["mlscore/gate", *(f"mlscore/{test}" for test in tests)]


def test_a_finding_is_a_result_at_its_line(assessed):
    assert [result | {"partialFingerprints": {}} for result in results(assessed(CHURN))[:2]] == snapshot(
        [
            {
                "ruleId": "mlscore/gate",
                "ruleIndex": 0,
                "level": "error",
                "message": {"text": "churn: the score 0 is below 1 (limited by Serving)."},
                "locations": [
                    {"physicalLocation": {"artifactLocation": {"uri": "project.yaml"}, "region": {"startLine": 8}}}
                ],
                "partialFingerprints": {},
            },
            {
                "ruleId": "mlscore/data-2",
                "ruleIndex": 2,
                "level": "note",
                "message": {"text": "churn: Features are beneficial (manual, 0.5 points of 1)."},
                "locations": [
                    {"physicalLocation": {"artifactLocation": {"uri": "project.yaml"}, "region": {"startLine": 5}}}
                ],
                "partialFingerprints": {},
            },
        ]
    )


def test_fingerprints_are_what_they_were_in_the_first_release(assessed):
    assert {rule: found["mlscore/v1"] for rule, found in fingerprints(assessed(CHURN)).items()} == snapshot(
        {
            "mlscore/gate": "b3d7ffc093c0a3772e941e03f64609197a74a3924dd3454318af2794b11fc34a",
            "mlscore/data-2": "b76b66dd3656a7fe9b113221613fc999b27ff9b8a6fe0635788756997546ecef",
            "mlscore/data-3": "73dfefe1f5826ca89a52b8ce48e1d60c7e8b21f1617ec06e0e1b0ce4a5e92f8a",
            "mlscore/serving-2": "aa810f93f8f4eee5d8c2e03932af1b27b0632f9f005218b5a584af38cc1fa1ff",
        }
    )


def test_levels_follow_what_a_finding_weighs(assessed):
    assert {result["ruleId"]: result["level"] for result in results(assessed(CHURN))} == {
        "mlscore/gate": "error",
        "mlscore/data-2": "note",
        "mlscore/data-3": "warning",
        "mlscore/serving-2": "warning",
    }


def test_a_result_points_to_its_rule(assessed):
    run = run_of(assessed(EMPTY))
    rules = run["tool"]["driver"]["rules"]

    assert len(run["results"]) == 29
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [
        result["ruleId"] for result in run["results"]
    ]


def test_a_project_with_every_point_closes_all_its_alerts(assessed):
    """An empty list of results closes alerts; without a list the upload is refused."""
    assert results(assessed(FULL)) == []


# From run to run


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("rubric:", "# a comment\n\nrubric:"),
        ("churn", "churn-2"),
        ("data-3: none", "data-3: {status: none, note: soon}"),
        ("data-3: none", "data-3: manual"),
        ("data-3: none\n", "\n"),
        ("fail_under: 1", "fail_under: 2"),
    ],
    ids=["lines moved", "name", "note", "status", "answer removed", "gate"],
)
def test_an_alert_stays_the_same_one_when_its_file_is_edited(assessed, old, new):
    edited = CHURN.replace(old, new)
    assert edited != CHURN

    assert fingerprints(assessed(edited)) == fingerprints(assessed(CHURN))


def test_lines_follow_the_file(assessed):
    assert [line(result) for result in results(assessed(f"# one\n# two\n{CHURN}"))] == [10, 7, 8, 5]


def test_every_result_has_a_fingerprint_of_its_own(assessed):
    found = fingerprints(assessed(EMPTY))

    assert all(found.values())
    assert len({tuple(item.items()) for item in found.values()}) == 29


def test_code_scanning_tracks_alerts_by_our_fingerprint(assessed):
    """GitHub's documentation: "Code scanning only uses the primaryLocationLineHash".

    Where it is missing, the upload action makes it from the text of the line and what follows, so that an
    edited note closes an alert and opens another.
    """
    assert {tuple(sorted(item)) for item in fingerprints(assessed(CHURN)).values()} == {
        ("mlscore/v1", "primaryLocationLineHash")
    }


def test_fingerprints_differ_from_file_to_file(assessed):
    first, second = fingerprints(assessed(EMPTY)), fingerprints(assessed(EMPTY, "ml/project.yaml"))

    assert [rule for rule in first if first[rule] == second[rule]] == []


def test_each_project_has_a_category_of_its_own(assessed):
    """Code scanning refuses two runs of one category in an upload; the category ends at the last slash."""
    runs = log(*(assessed(EMPTY, f"{place}.yaml") for place in range(12)))["runs"]

    assert [run["automationDetails"]["id"].rpartition("/")[0] for run in runs] == [
        f"mlscore/ml-test-score-2016/{place}.yaml" for place in range(12)
    ]


@pytest.mark.parametrize("again", ["project.yaml", "./project.yaml"])
def test_a_file_named_twice_gives_no_category_twice(mlscore, write, again):
    """Code scanning refuses the whole upload for a category that is there twice."""
    write("project.yaml", EMPTY)

    run = mlscore("assess", "project.yaml", again, "-f", "sarif")
    ids = [item["automationDetails"]["id"] for item in json.loads(run.out or '{"runs": []}')["runs"]]

    assert (run.code == 2) == (ids == [])
    assert len(ids) == len(set(ids))


def test_a_category_does_not_depend_on_the_folder_or_the_way_a_path_is_written(assessed, tmp_path, monkeypatch):
    (tmp_path / "ml").mkdir()
    root = str(tmp_path)
    above = run_of(assessed(CHURN, "./ml/project.yaml"), root)
    report = assessed(CHURN)
    monkeypatch.chdir(tmp_path / "ml")

    assert run_of(report, root) == above


# Places


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("project.yaml", "project.yaml"),
        ("ml/project.yaml", "ml/project.yaml"),
        ("a b.yaml", "a%20b.yaml"),
        ("100%.yaml", "100%25.yaml"),
        ("a%20b.yaml", "a%2520b.yaml"),
        ("a#b?c.yaml", "a%23b%3Fc.yaml"),
        ("é 👩.yaml", "%C3%A9%20%F0%9F%91%A9.yaml"),
        ("c:a.yaml", "c%3Aa.yaml"),
        ("a\nb.yaml", "a%0Ab.yaml"),
        ("\x1b[31m.yaml", "%1B%5B31m.yaml"),
        ("::error::x.yaml", "%3A%3Aerror%3A%3Ax.yaml"),
        ("<stdin>", "stdin"),
    ],
)
def test_a_file_s_name_is_a_relative_uri(assessed, path, expected):
    assert {uri(result) for result in results(assessed(CHURN, path))} == {expected}


def test_a_file_s_name_that_is_not_utf_8_has_its_bytes_in_the_uri(assessed):
    """Python holds such bytes of a name as lone surrogates, which no encoding takes."""
    assert {uri(result) for result in results(assessed(CHURN, "p\udcff.yaml"))} == {"p%FF.yaml"}


def test_a_file_below_the_repository_is_relative_to_it(assessed, tmp_path, monkeypatch):
    (tmp_path / "ml").mkdir()
    report = assessed(CHURN)
    monkeypatch.chdir(tmp_path / "ml")

    assert {uri(result) for result in results(report, str(tmp_path))} == {"ml/project.yaml"}


@pytest.mark.parametrize("path", ["/elsewhere/a b.yaml", "/elsewhere/é.yaml"])
@pytest.mark.parametrize("root", ["", "/repository"])
def test_a_file_outside_the_repository_has_a_file_uri(assessed, path, root):
    """A relative reference must not begin with a slash (SARIF1004); an absolute one has a scheme."""
    found = {uri(result) for result in results(assessed(CHURN, path), root)}

    assert {(urlsplit(item).scheme, unquote(urlsplit(item).path)) for item in found} == {("file", path)}


@pytest.mark.parametrize(
    "path", ["a b.yaml", "é#%?.yaml", "../a.yaml", "a\\b.yaml", "[x].yaml", "a'\"<>|^`{}.yaml"]
)
def test_uris_and_categories_hold_only_what_a_uri_may(assessed, path):
    run = run_of(assessed(CHURN, path))

    assert URI_REFERENCE.fullmatch(uri(run["results"][0]))
    assert URI_REFERENCE.fullmatch(run["automationDetails"]["id"])


# Texts


def test_every_message_is_a_sentence(assessed):
    """Code scanning shows the first sentence where room is short; Microsoft's validator wants the full stop."""
    assert [result["message"]["text"] for result in results(assessed(CHURN))] == snapshot(
        [
            "churn: the score 0 is below 1 (limited by Serving).",
            "churn: Features are beneficial (manual, 0.5 points of 1).",
            "churn: Features are cheap (none, 0 points of 1).",
            "churn: Models are canaried (unanswered, 0 points of 1).",
        ]
    )


@pytest.mark.parametrize("name", ["a\n::error::x", "\x1b[31m", "a\u202eb", "é 👩", "<script>", '"\\', "{0} {}"])
def test_text_is_plain_ascii_json_on_lines_of_our_own(assessed, name):
    text = render("sarif", [assessed(CHURN.replace("churn", in_yaml(name)))], Style())

    assert text.isascii()
    assert not re.search(r"(?m)^\s*::|[^\n\x20-\x7e]", text)


def test_texts_of_a_rubric_of_one_s_own_keep_to_code_scanning_s_limits(assessed, write):
    """Names have at most 255 characters, descriptions 1,024 (GitHub's documentation of SARIF)."""
    long = "Models are canaried" + " and canaried" * 300
    write("small.yaml", RUBRIC.replace("title: Models are canaried", f"title: {long}, purpose: {long}"))
    rule = run_of(assessed(CHURN))["tool"]["driver"]["rules"][-1]

    assert len(rule["name"]) <= 255
    assert len(rule["shortDescription"]["text"]) <= 1024
    assert len(rule["fullDescription"]["text"]) <= 1024


def test_optional_texts_of_a_rubric_are_never_empty(assessed, write):
    """Code scanning refuses an empty text where it requires one."""
    write("small.yaml", RUBRIC)
    rules = run_of(assessed(CHURN))["tool"]["driver"]["rules"]

    texts = [rule[key]["text"] for rule in rules for key in ("shortDescription", "fullDescription", "help")]
    assert [text for text in texts if not text.strip()] == []


def test_a_long_name_keeps_the_log_whole(assessed):
    long, short = assessed(CHURN.replace("churn", "x" * 10_000)), assessed(CHURN)

    assert [result["ruleId"] for result in results(long)] == [result["ruleId"] for result in results(short)]


def test_a_sum_is_reported_the_same_way(assessed, write):
    write("small.yaml", RUBRIC.replace("version: 3", "version: 3\naggregate: sum"))
    run = run_of(assessed(CHURN.replace("fail_under: 1", "fail_under: 2")))

    assert run["properties"]["score"] == "1.5"
    assert [result["ruleId"] for result in run["results"]] == [
        "mlscore/gate",
        "mlscore/data-2",
        "mlscore/data-3",
        "mlscore/serving-2",
    ]


# Claims and what backs them


def backed(outcome):
    """The report of a project that claims data-1, whose evidence turned out so."""
    text = "project: churn\nanswers: {data-1: {status: automated, evidence: [{junit: r.xml, date: 2026-11-20}]}}\n"
    rubric, project = parse_project(text.encode(), "project.yaml")
    return assess(rubric, project, AS_OF, {"data-1": (Reading(outcome, "as it says"),)})


@pytest.mark.parametrize(
    ("outcome", "levels"), [("verified", []), ("contradicted", ["warning"]), ("missing", ["warning"])]
)
def test_a_claim_that_is_not_backed_is_a_result(outcome, levels):
    found = [item for item in results(backed(outcome)) if item["ruleId"] == "mlscore/data-1"]

    assert [item["level"] for item in found] == levels
    assert [
        item for item in found if f"; {outcome}: junit r.xml: as it says)." not in item["message"]["text"]
    ] == []


@pytest.mark.parametrize("outcome", ["contradicted", "missing", "inconclusive"])
def test_an_alert_stays_the_same_one_whatever_becomes_of_the_evidence(outcome, assessed):
    unanswered = fingerprints(assessed("project: churn\nanswers: {}\n"))

    assert fingerprints(backed(outcome))["mlscore/data-1"] == unanswered["mlscore/data-1"]
