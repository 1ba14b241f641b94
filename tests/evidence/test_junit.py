"""JUnit XML: what real runs of pytest and files of many other tools are taken for, and what is refused."""

import functools
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence import bench_junit
from mlscore.evidence import junit
from mlscore.evidence.moments import moment
from mlscore.evidence.reading import Reading, Unreadable
from mlscore.project import Evidence

DATA = Path(__file__).parent / "data" / "junit"
SAMPLES = sorted(path.name for path in DATA.glob("*.xml"))
STAMP = "2026-11-21T07:01:28+00:00"
ANY = "*::*"


def judge(*files, tests=(), test_id="data-1", **keys):
    """Parse files (bytes, the text of a report's body, or a sample's name) and judge them."""
    reports = [junit.parse(raw(file)) for file in files]
    return junit.judge(reports, Evidence(junit="report.xml", tests=tests, **keys), test_id)


def raw(file):
    if isinstance(file, bytes):
        return file
    return (DATA / file).read_bytes() if file.endswith(".xml") else suite(file)


def suite(cases, stamp=STAMP, name="pytest"):
    timestamp = f' timestamp="{stamp}"' if stamp else ""
    return f'<testsuites><testsuite name="{name}"{timestamp}>{cases}</testsuite></testsuites>'.encode()


def case(text="tests.m::test_a", result="", **attributes):
    """Write a case; `result` is an element's name, or elements."""
    classname, _, name = text.rpartition("::")
    result = f"<{result}/>" if result.isalpha() else result
    more = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<testcase classname={quoteattr(classname)} name={quoteattr(name)}{more}>{result}</testcase>"


def marked(*ids):
    properties = "".join(f'<property name="mlscore" value="{name}"/>' for name in ids)
    return f"<properties>{properties}</properties>"


def refusal(file):
    with pytest.raises(Unreadable) as caught:
        junit.parse(raw(file))
    return str(caught.value)


# Real runs of pytest.

PROJECT = {
    "conftest.py": """
        import pytest

        def pytest_configure(config):
            config.addinivalue_line("markers", "stands_for(*ids)")

        def pytest_collection_modifyitems(items):
            for item in items:
                for mark in item.iter_markers("stands_for"):
                    item.user_properties += [("mlscore", name) for name in mark.args]

        @pytest.fixture
        def broken():
            raise RuntimeError("setup")

        @pytest.fixture
        def leaky():
            yield
            raise RuntimeError("teardown")
    """,
    "tests/test_all.py": """
        import pytest, unittest

        def test_pass(): pass
        def test_fail(): assert 0, "secret value 4711"
        def test_setup_error(broken): pass
        def test_teardown_error(leaky): pass
        def test_fail_and_teardown_error(leaky): assert 0
        @pytest.mark.skip(reason="no GPU")
        def test_skip(): pass
        def test_skip_inside(): pytest.skip("later")
        @pytest.mark.xfail
        def test_xfail(): assert 0
        @pytest.mark.xfail
        def test_xpass(): pass
        @pytest.mark.xfail(strict=True)
        def test_xpass_strict(): pass
        @pytest.mark.xfail(raises=ValueError)
        def test_xfail_of_another_kind(): assert 0
        NASTY = ["age", "in[come]", "a::b", "]", "[", "", " ", "*", "<&>'", "ü", "x\\n\\x07", "t.py::c", "\\u202e"]
        @pytest.mark.parametrize("column", NASTY)
        def test_range(column): pass
        @pytest.mark.parametrize("column", ["ann@example.com", "secret-42"])
        def test_range_fails(column): assert 0
        @pytest.mark.parametrize("column", [])
        def test_no_columns(column): pass
        def test_subtests(subtests):
            for n in range(3):
                with subtests.test(n=n): assert n < 3
        def test_failing_subtest(subtests):
            for n in range(3):
                with subtests.test(n=n): assert n != 1
        class TestDrift:
            def test_psi(self): pass
            def test_fail_in_class(self): assert 0
            class TestInner:
                def test_ks(self): pass
        class UnitDrift(unittest.TestCase):
            def test_unit(self): pass
            def test_unit_subtests(self):
                for n in range(3):
                    with self.subTest(column=n): self.assertNotEqual(n, 1)
    """,
    "tests/test_marked.py": """
        import pytest
        pytestmark = pytest.mark.stands_for("data-1")

        def test_one(): pass
        @pytest.mark.stands_for("data-2")
        def test_two(): pass
        @pytest.mark.stands_for("data-3")
        def test_three(): assert 0
        @pytest.mark.stands_for("data-4")
        def test_four(): pytest.skip("no GPU")
    """,
    "tests/test_flaky.py": """
        TRIES = {"flaky": 0, "late": 0}
        def test_steady(): pass
        def test_flaky():
            TRIES["flaky"] += 1
            assert TRIES["flaky"] == 2
        def test_never(): assert 0
        def test_skips_late():
            import pytest
            TRIES["late"] += 1
            if TRIES["late"] == 2: pytest.skip("gone")
            assert 0
    """,
    "tests/test_exits.py": """
        import pytest
        @pytest.mark.stands_for("data-1")
        def test_before(): pass
        def test_exit(): pytest.exit("enough", returncode=0)
        def test_after(): pass
    """,
    "tests/test_interrupts.py": """
        def test_before(): pass
        def test_ctrl_c(): raise KeyboardInterrupt
    """,
    "tests/test_crashes.py": """
        import os, pytest
        @pytest.mark.stands_for("data-1")
        def test_fine(): pass
        @pytest.mark.stands_for("data-1")
        def test_dies(): os._exit(3)
    """,
    "tests/test_gone.py": "import a_module_that_does_not_exist\ndef test_a(): pass",
    "tests/test_skipped.py": "import pytest\npytest.skip('not here', allow_module_level=True)",
}
SERIAL, XDIST, RERUNS = (), ("-p", "xdist.plugin", "-n2"), ("-p", "pytest_rerunfailures", "--reruns=2")


@functools.cache
def pytest_run(*arguments):
    """Run pytest on some of the project's files and return its report, b"" when there is none."""
    with tempfile.TemporaryDirectory() as folder:
        for name, source in PROJECT.items():
            path = Path(folder, name)
            path.parent.mkdir(exist_ok=True)
            lines = source.strip("\n").split("\n")
            indent = len(lines[0]) - len(lines[0].lstrip())
            path.write_text("\n".join(line[indent:] for line in lines), encoding="utf-8")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "COV_"))}
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-pno:cacheprovider", "--junitxml=report.xml", *arguments],
            cwd=folder,
            env={**kept, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            timeout=60,
            check=False,
        )
        report = Path(folder, "report.xml")
        return report.read_bytes() if report.exists() else b""


FAILURES = 11
"""Cases of tests/test_all.py that fail."""
PASSES = f"1 case passed; {FAILURES} other cases failed"
FAILS = "1 of 1 case failed: tests.test_all"
SKIPS = f"no case passed: 1 skipped; {FAILURES} other cases failed"


@pytest.mark.parametrize("how", [SERIAL, XDIST], ids=["serial", "xdist"])
@pytest.mark.parametrize(
    ("test", "outcome", "reason", "checks"),
    [
        ("test_pass", "verified", PASSES, 1),
        ("test_fail", "contradicted", f"{FAILS}::test_fail", 0),
        ("test_setup_error", "contradicted", f"{FAILS}::test_setup_error", 0),
        ("test_teardown_error", "contradicted", f"{FAILS}::test_teardown_error", 0),
        ("test_fail_and_teardown_error", "contradicted", f"{FAILS}::test_fail_and_teardown_error", 0),
        ("test_skip", "inconclusive", SKIPS, 0),
        ("test_skip_inside", "inconclusive", SKIPS, 0),
        ("test_xfail", "inconclusive", SKIPS, 0),
        ("test_xpass", "verified", PASSES, 1),
        ("test_xpass_strict", "contradicted", f"{FAILS}::test_xpass_strict", 0),
        ("test_xfail_of_another_kind", "contradicted", f"{FAILS}::test_xfail_of_another_kind", 0),
        ("test_range", "verified", f"13 cases passed; {FAILURES} other cases failed", 13),
        (
            "test_range_fails",
            "contradicted",
            "2 of 2 cases failed: tests.test_all::test_range_fails and 1 more",
            0,
        ),
        ("test_no_columns", "inconclusive", SKIPS, 0),
        ("test_subtests", "verified", PASSES, 1),
        ("test_failing_subtest", "contradicted", f"{FAILS}::test_failing_subtest", 0),
        ("TestDrift::test_psi", "verified", PASSES, 1),
        ("TestDrift::TestInner::test_ks", "verified", PASSES, 1),
        ("TestDrift::TestInner", "verified", PASSES, 1),
        ("TestDrift::test_fail_in_class", "contradicted", f"{FAILS}.TestDrift::test_fail_in_class", 0),
        (
            "TestDrift",
            "contradicted",
            "1 of 3 cases failed: tests.test_all.TestDrift::test_fail_in_class",
            2,
        ),
        ("UnitDrift::test_unit", "verified", PASSES, 1),
        ("UnitDrift::test_unit_subtests", "contradicted", f"{FAILS}.UnitDrift::test_unit_subtests", 0),
    ],
)
def test_every_outcome_of_pytest(how, test, outcome, reason, checks):
    reading = judge(pytest_run(*how, "tests/test_all.py"), tests=f"tests/test_all.py::{test}")

    assert reading[:3] == (outcome, reason, checks)


def test_a_real_run_has_a_time_with_a_zone():
    reading = judge(pytest_run("tests/test_all.py"), tests="*::test_pass")

    assert abs((datetime.now(UTC) - reading.when.earliest).total_seconds()) < 3600
    assert reading.when.earliest == reading.when.latest


@pytest.mark.parametrize("how", [SERIAL, XDIST], ids=["serial", "xdist"])
@pytest.mark.parametrize(
    ("test_id", "outcome", "reason"),
    [
        ("data-1", "contradicted", "1 of 4 cases failed: tests.test_marked::test_three"),
        ("data-2", "verified", "1 case passed; 1 other case failed"),
        ("data-3", "contradicted", "1 of 1 case failed: tests.test_marked::test_three"),
        ("data-4", "inconclusive", "no case passed: 1 skipped; 1 other case failed"),
        (
            "data-5",
            "inconclusive",
            "no case carries data-5 in a property mlscore; mark the tests, or name them with `tests`",
        ),
    ],
)
def test_without_patterns_the_cases_count_that_carry_the_id(how, test_id, outcome, reason):
    assert judge(pytest_run(*how, "tests/test_marked.py"), test_id=test_id)[:2] == (outcome, reason)


def test_with_patterns_marks_do_not_count():
    assert judge(pytest_run("tests/test_marked.py"), tests="*::test_one", test_id="data-3").outcome == "verified"


@pytest.mark.parametrize(
    ("test", "outcome", "reason"),
    [
        ("test_steady", "verified", "1 case passed; 1 other case failed"),
        ("test_flaky", "inconclusive", "no case passed: 1 flaky; 1 other case failed"),
        ("test_never", "contradicted", "1 of 1 case failed: tests.test_flaky::test_never"),
        ("test_skips_late", "inconclusive", "no case passed: 1 skipped; 1 other case failed"),
        ("test_s*", "verified", "1 case passed, 1 skipped; 1 other case failed"),
    ],
)
def test_a_test_that_passed_only_when_run_again_is_no_pass(test, outcome, reason):
    """pytest-rerunfailures writes a bare record, like that of a pass, for every attempt that failed."""
    reading = judge(pytest_run(*RERUNS, "tests/test_flaky.py"), tests=f"tests/test_flaky.py::{test}")

    assert reading[:2] == (outcome, reason)


def test_stopping_at_the_first_failure_leaves_the_failure():
    reading = judge(pytest_run("-x", "tests/test_marked.py"))

    assert reading[:2] == ("contradicted", "1 of 3 cases failed: tests.test_marked::test_three")


@pytest.mark.parametrize("file", ["tests/test_exits.py", "tests/test_interrupts.py"])
@pytest.mark.parametrize("tests", [(), f"{ANY}"], ids=["by mark", "by name"])
def test_a_run_cut_short_shows_nothing_though_the_report_is_whole(file, tests):
    """pytest.exit("...", returncode=0) and Ctrl-C leave a case without a name, and no failure."""
    reading = judge(pytest_run(file), tests=tests)

    assert reading[:2] == ("inconclusive", "a case has no name: the run was cut short")


@pytest.mark.parametrize(
    ("tests", "outcome", "reason"),
    [
        ((), "inconclusive", "a module did not load or a worker crashed: marked tests may be missing"),
        ("tests/test_crashes.py", "contradicted", "1 of 2 cases failed: tests.test_crashes::test_dies"),
        ("*::test_fine", "verified", "1 case passed; 1 other case failed"),
    ],
    ids=["by mark", "by file", "by name"],
)
def test_a_crashed_worker_takes_the_marks_with_it(tests, outcome, reason):
    report = pytest_run(*XDIST, "--max-worker-restart=1", "tests/test_crashes.py")

    assert judge(report, tests=tests)[:2] == (outcome, reason)


def test_a_crash_without_workers_leaves_no_report():
    assert pytest_run("tests/test_crashes.py") == b""


@pytest.mark.parametrize("family", ["xunit1", "xunit2"])
@pytest.mark.parametrize(
    "pattern",
    [
        "tests/test_gone.py::test_a",
        "tests/test_gone.py",
        "tests/test_gone.py::TestX",
        "tests.test_gone::*",
        "tests.test_gone.TestX::test_a",
        "tests.test_*::test_b",
    ],
)
def test_a_module_that_does_not_load_fails_what_would_be_in_it(family, pattern):
    reading = judge(with_a_gone_module(f"-ojunit_family={family}"), tests=pattern)

    assert reading[:2] == ("contradicted", "1 of 1 case failed: tests.test_gone")


def with_a_gone_module(*arguments):
    return pytest_run("--continue-on-collection-errors", *arguments, "tests/test_gone.py", "tests/test_marked.py")


def test_a_module_that_does_not_load_may_have_held_marked_tests():
    assert judge(with_a_gone_module(), test_id="data-2")[:2] == (
        "inconclusive",
        "a module did not load or a worker crashed: marked tests may be missing",
    )


def test_a_failing_case_outweighs_a_module_that_does_not_load():
    assert judge(with_a_gone_module(), test_id="data-3").outcome == "contradicted"


@pytest.mark.parametrize(
    "pattern", ["*::test_one", "tests/test_marked.py::test_one", "tests.test_marked::test_one"]
)
def test_a_module_that_does_not_load_spoils_no_other_names(pattern):
    assert judge(with_a_gone_module(), tests=pattern)[:2] == ("verified", "1 case passed; 2 other cases failed")


def test_a_module_that_skips_itself_is_skipped():
    reading = judge(pytest_run("tests/test_skipped.py"), tests="tests/test_skipped.py::*")

    assert reading[:2] == ("inconclusive", "no case passed: 1 skipped")


@pytest.mark.parametrize("tests", [(), ANY], ids=["by mark", "by name"])
def test_a_run_of_no_test_shows_nothing(tests):
    reading = judge(pytest_run("-k", "nothing_like_that", "tests/test_all.py"), tests=tests)

    assert reading[:2] == ("inconclusive", "it holds no test case")


def test_legacy_files_are_matched_like_others():
    report = pytest_run("-ojunit_family=xunit1", "tests/test_all.py")

    assert b'file="tests/test_all.py"' in report
    assert judge(report, tests="tests/test_all.py::TestDrift::test_psi").outcome == "verified"
    assert judge(report, tests="tests/test_all.py::test_psi").outcome == "inconclusive"


@pytest.mark.parametrize("tests", ["*::test_fail", "*::test_range_fails", ANY])
def test_reasons_hold_no_data(tests):
    reason = judge(pytest_run("tests/test_all.py"), tests=tests).reason

    assert not any(secret in reason for secret in ("4711", "ann@", "secret", "["))


# Files of old pytests and of other tools, as they were written.

OLD = ["4.6.11", "5.4.3", "6.2.5", "7.4.4", "8.2.2", "8.2.2-xunit1", "8.3.5"]


@pytest.mark.parametrize("version", OLD)
@pytest.mark.parametrize(
    ("tests", "outcome", "reason", "checks"),
    [
        ((), "verified", "6 cases passed, 2 skipped; 4 other cases failed", 6),
        ("tests/test_features.py::*", "verified", "6 cases passed, 2 skipped; 4 other cases failed", 6),
        ("tests.test_features::*", "verified", "4 cases passed, 2 skipped; 4 other cases failed", 4),
        ("*::test_range", "verified", "3 cases passed; 4 other cases failed", 3),
        (
            "tests/test_model.py",
            "contradicted",
            "4 of 5 cases failed: tests.test_model::test_bias, tests.test_model::test_setup and 2 more",
            1,
        ),
    ],
)
def test_old_dialects_of_pytest(version, tests, outcome, reason, checks):
    """All ran the same tests, in Tokyo. Until 6 a test that failed and whose teardown failed was one record."""
    assert judge(f"pytest-{version}.xml", tests=tests)[:3] == (outcome, reason, checks)


@pytest.mark.parametrize("version", [version for version in OLD if version != "8.3.5"])
def test_times_before_pytest_8_3_have_no_zone(version):
    """19:42 in Tokyo was 10:42 in UTC."""
    when = judge(f"pytest-{version}.xml").when

    assert (when.latest - when.earliest) == timedelta(hours=28)
    assert when.earliest <= datetime(2026, 11, 21, 10, 42, tzinfo=UTC) <= when.latest


def test_times_from_pytest_8_3_on_have_a_zone():
    assert judge("pytest-8.3.5.xml").when == moment("2026-11-21T10:42:14.367364Z")


@pytest.mark.parametrize(
    ("name", "outcome", "reason", "checks", "time"),
    [
        ("pytest-9.2.0-pass", "verified", "12 cases passed, 2 skipped", 12, "2026-11-21T07:01:28.234054Z"),
        (
            "pytest-9.2.0-fail",
            "contradicted",
            "7 of 8 cases failed: test_bad::test_fail, test_bad::test_setup_error and 5 more",
            0,
            "2026-11-21T07:01:28.646109Z",
        ),
        ("rerunfailures-16.1", "verified", "2 cases passed, 1 skipped", 2, "2026-11-21T19:42:57.889877+09:00"),
        (
            "rerunfailures-16.7",
            "verified",
            "1 case passed, 1 flaky, 1 skipped",
            1,
            "2026-11-21T10:42:56.768527Z",
        ),
        (
            "unittest-xml-reporting-4.0.0",
            "contradicted",
            "3 of 5 cases failed: test_drift.DriftTests::test_ks, test_drift.DriftTests::test_sub and 1 more",
            1,
            "2026-11-21T19:42:20",
        ),
        (
            "nose2-0.16.0",
            "contradicted",
            "2 of 5 cases failed: test_drift.DriftTests::test_ks and test_drift.DriftTests::test_sub",
            1,
            "2026-11-21T10:42:20.623109",
        ),
        ("behave-1.3.3", "contradicted", "2 of 4 cases failed: a.drift::ks and a.drift::undef", 1, ...),
        ("robot-7.5", "contradicted", "1 of 3 cases failed: R::Ks", 1, "2026-11-21T10:42:21.961492"),
        ("node-20", "contradicted", "2 of 5 cases failed: test::ks and test::later", 2, None),
        ("vitest-4.1", "contradicted", "1 of 4 cases failed: a.test.js::drift > ks", 1, ...),
        (
            "jest-junit-17",
            "contradicted",
            "2 of 5 cases failed: drift ks::drift ks and Test suite failed to run::j/broken.test.js",
            2,
            "2026-11-21T10:44:16",
        ),
        ("ctest-3.25", "contradicted", "1 of 3 cases failed: ks::ks", 1, "2026-11-21T10:45:42"),
        (
            "ruff-0.17.5-clean",
            "inconclusive",
            "it holds no test case: ruff writes findings; use its SARIF",
            0,
            None,
        ),
        (
            "ruff-0.17.5-bad",
            "contradicted",
            "2 of 2 cases failed: /srv/ci/bad/b::org.ruff.I001 and /srv/ci/bad/b::org.ruff.F401",
            0,
            None,
        ),
        ("bandit-1.9.4-clean", "inconclusive", "it holds no test case", 0, None),
        (
            "bandit-1.9.4-bad",
            "contradicted",
            "2 of 2 cases failed: bad/b.py::blacklist and bad/b.py::assert_used",
            0,
            None,
        ),
    ],
)
def test_what_other_tools_wrote(name, outcome, reason, checks, time):
    reading = judge(f"{name}.xml", tests=ANY)

    assert reading[:3] == (outcome, reason, checks)
    assert time is ... or reading.when == moment(time)


def test_all_samples_are_judged_somewhere():
    judged = {f"pytest-{version}.xml" for version in OLD} | {"deepchecks-0.19.1.xml"}
    table = next(mark for mark in test_what_other_tools_wrote.pytestmark if mark.name == "parametrize")

    assert sorted(judged | {f"{row[0]}.xml" for row in table.args[1]}) == SAMPLES


def test_a_suite_that_did_not_load_leaves_no_verdict_on_the_others():
    """jest-junit gives it the time 1970; without its option it leaves it out, and no reader can tell."""
    reading = judge("jest-junit-17.xml", tests="drift psi::*")

    assert reading[:2] == ("inconclusive", "it has a time before 2000: the run did not get to the end")


def test_deepchecks_report_is_refused_as_its_failures_look_like_passes():
    assert refusal("deepchecks-0.19.1.xml") == (
        "Deepchecks writes failed conditions as passed in JUnit XML; use its JSON"
    )


def test_mlscores_own_report_is_refused():
    assert (
        refusal(case("mlscore.ml-test-score-2016.data::data-1 Features")) == "mlscore's own report is no evidence"
    )


def test_a_package_named_like_a_refused_tool_is_read():
    assert judge(case("deepchecks_wrapper.test_a::test_b"), tests=ANY).outcome == "verified"


# What a record says.


@pytest.mark.parametrize(
    ("record", "outcome"),
    [
        (case(), "verified"),
        (case(result="<system-out>failure</system-out>"), "verified"),
        (case(result="failure"), "contradicted"),
        (case(result="error"), "contradicted"),
        (case(result="rerunFailure"), "contradicted"),
        (case(result="rerunError"), "contradicted"),
        (case(result="<skipped/><failure/>"), "contradicted"),
        (case(result="<flakyFailure/><error/>"), "contradicted"),
        (case(result="skipped"), "inconclusive"),
        (case(result="flakyFailure"), "inconclusive"),
        (case(result="flakyError"), "inconclusive"),
        (case(status="failed"), "contradicted"),
        (case(status="Fail"), "contradicted"),
        (case(status="error"), "contradicted"),
        (case(status="disabled"), "inconclusive"),
        (case(status="notrun"), "inconclusive"),
        (case(status="skipped"), "inconclusive"),
        (case(status="untested"), "inconclusive"),
        (case(status="undefined"), "inconclusive"),
        (case(status="passed"), "verified"),
        (case(status="run"), "verified"),
        (case() + case(), "inconclusive"),
        (case() + case(result="skipped"), "inconclusive"),
        (case() + case(result="failure"), "contradicted"),
        (case(result="failure") + case() + case(), "contradicted"),
        (case() + case("tests.m::test_a[x]"), "verified"),
        (case() + case("tests.m.TestX::test_a"), "verified"),
    ],
)
def test_what_becomes_of_a_case(record, outcome):
    """A failure in any record wins; of several records of one case none counts as a pass."""
    assert judge(record, tests=ANY).outcome == outcome


def test_only_a_child_of_the_case_itself_counts():
    record = case(result="<system-out><failure/></system-out>")

    assert judge(record, tests=ANY).outcome == "verified"


def test_elements_count_whatever_their_namespace_prefix():
    body = suite(case(result="failure")).decode()
    for tag in ("testsuites", "testsuite", "testcase", "failure"):
        body = body.replace(f"<{tag}", f"<j:{tag}").replace(f"</{tag}", f"</j:{tag}")

    assert (
        judge(body.replace("<j:testsuites", "<j:testsuites xmlns:j='x'").encode(), tests=ANY)[0] == "contradicted"
    )


def test_suites_may_be_nested_and_cases_stand_anywhere():
    inner = f"<testsuite>{case('a::three')}</testsuite>"
    outer = f"<testsuite name='x'>{case('a::two')}{inner}</testsuite>"
    report = f"<testsuites>{case('a::one')}{outer}{case('a::four')}</testsuites>".encode()

    assert judge(report, tests=ANY)[:2] == ("verified", "4 cases passed")


def test_the_same_case_in_two_suites_is_two_cases():
    """Merged shards, or browsers: a rerun would stand in the same suite."""
    body = f"<testsuite name='pytest'>{case()}</testsuite>" * 2

    assert judge(f"<testsuites>{body}</testsuites>".encode(), tests=ANY)[:2] == ("verified", "2 cases passed")


def test_totals_are_not_believed():
    report = f'<testsuite tests="9" failures="0" errors="0">{case(result="failure")}</testsuite>'.encode()

    assert judge(report, tests=ANY).outcome == "contradicted"
    assert judge(b'<testsuite tests="9" failures="9"/>', tests=ANY).reason == "it holds no test case"


def test_a_failure_in_a_run_cut_short_is_a_failure():
    assert judge(case(result="failure") + "<testcase time='0'/>", tests="tests.m::*").outcome == "contradicted"


@pytest.mark.parametrize(
    ("records", "needed", "outcome", "reason"),
    [
        (3, 3, "verified", "3 cases passed"),
        (3, 4, "inconclusive", "3 cases passed, 4 are needed"),
        (1, 1, "verified", "1 case passed"),
    ],
)
def test_min_tests(records, needed, outcome, reason):
    cases = "".join(case(f"m::test_{n}") for n in range(records))

    assert judge(cases, tests=ANY, min_tests=needed)[:3] == (outcome, reason, records)


def test_skipped_and_flaky_cases_do_not_help_to_reach_min_tests():
    cases = case("m::a") + case("m::b", "skipped") + case("m::c") * 2

    assert judge(cases, tests=ANY, min_tests=2)[:2] == (
        "inconclusive",
        "1 case passed, 1 flaky, 1 skipped, 2 are needed",
    )


def test_ids_of_a_case_are_told_apart():
    cases = case("m::a", marked("data-1", "data-2", "data-2")) + case("m::b", "<failure/>" + marked("data-2"))

    assert judge(cases, test_id="data-1")[:2] == ("verified", "1 case passed; 1 other case failed")
    assert judge(cases, test_id="data-2")[:2] == ("contradicted", "1 of 2 cases failed: m::b")
    assert judge(cases, test_id="data-20").outcome == "inconclusive"


@pytest.mark.parametrize(
    "properties",
    [
        '<properties><property name="MLSCORE" value="data-1"/></properties>',
        '<properties><property name="mlscore.id" value="data-1"/></properties>',
        '<properties><property name="mlscore" value="data-1,data-2"/></properties>',
        '<properties><property value="data-1"/></properties>',
        '<properties><property name="mlscore"/></properties>',
    ],
)
def test_other_properties_are_no_ids(properties):
    assert judge(case(result=properties)).outcome == "inconclusive"


def test_a_property_of_the_suite_marks_no_case():
    report = suite(marked("data-1") + case())

    assert judge(report).outcome == "inconclusive"


# Patterns.

NAMES = [
    "tests.test_features::test_schema",
    "tests.test_features::test_range[age-0]",
    "tests.test_features::test_range[in[come]]",
    "tests.test_features::test_range_wide",
    "tests.test_features.TestDrift::test_psi",
    "tests.test_features.TestDrift.TestInner::test_ks",
    "tests.test_features_more::test_schema",
    "tests.test_model::test_schema",
    "more.tests.test_features::test_schema",
    "test_features::test_schema",
    "src/a.test.ts::drift > psi [v1.2]",
]
FEATURES = [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        # As in pytest's node ids.
        ("tests/test_features.py::*", FEATURES),
        ("tests/test_features.py", FEATURES),
        ("./tests/test_features.py::*", FEATURES),
        ("tests\\test_features.py::*", FEATURES),
        ("tests/test_features.py::test_schema", [0]),
        ("tests/test_features.py::test_range", [1, 2]),
        ("tests/test_features.py::test_range[age-0]", [1, 2]),
        ("tests/test_features.py::test_range[a::b]", [1, 2]),
        ("tests/test_features.py::test_*", [0, 1, 2, 3]),
        ("tests/test_features.py::TestDrift", [4, 5]),
        ("tests/test_features.py::TestDrift::*", [4, 5]),
        ("tests/test_features.py::Test*", [4, 5]),
        ("tests/test_features.py::TestDrift::test_psi", [4]),
        ("tests/test_features.py::TestDrift::TestInner::test_ks", [5]),
        ("tests/test_features.py::test_psi", []),
        ("tests/test_features.py::TestDrif", []),
        ("tests/test_features.py::", []),
        ("tests/test_feature.py::*", []),
        ("tests/*.py::test_schema", [0, 6, 7]),
        ("tests/**/*.py::test_schema", [0, 6, 7]),
        ("tests/**/test_features.py::test_schema", [0]),
        ("*/test_features.py::test_schema", [0, 8]),
        ("test_features.py::*", [9]),
        # As in the file.
        ("tests.test_features::*", [0, 1, 2, 3]),
        ("tests.test_features.*::*", [4, 5]),
        ("tests.test_features*::*", [0, 1, 2, 3, 4, 5, 6]),
        ("tests.test_features.TestDrift::test_psi", [4]),
        ("tests.test_features::test_range[age-0]", [1, 2]),
        ("*::test_psi", [4]),
        ("*::test_schema", [0, 6, 7, 8, 9]),
        ("*.test_features::test_schema", [0, 8]),
        ("*::*", list(range(11))),
        ("*", list(range(11))),
        ("**::**", list(range(11))),
        ("*.TestDrift*::test_*s*", [4, 5]),
        ("src/a.test.ts::*", [10]),
        ("src/a.test.ts::drift > psi [v1.2]", [10]),
        ("src/a.test.ts::drift > psi", [10]),
        # Nothing by accident.
        ("test_psi", []),
        ("tests.test_features", []),
        ("tests.test_features::", []),
        ("::test_schema", []),
        ("tests.test_features::test_rang", []),
        ("tests.test_features::test_[rs]*", []),
        ("tests?test_features::*", []),
        ("tests.test_features::test_range?", []),
        ("TESTS.test_features::*", []),
        ("tests.test_feature?::*", []),
        ("", []),
        ("::", []),
        (" tests.test_features::*", []),
    ],
)
def test_what_a_pattern_means(pattern, expected):
    report = junit.parse(suite("".join(case(name) for name in NAMES)))
    chosen = junit._chosen(report, [junit.pattern(pattern)], "data-1")

    assert chosen.places == expected


@pytest.mark.parametrize(
    ("file", "classname", "pattern", "is_meant"),
    [
        ("tests/test_drift.py", "test_drift.DriftTests", "tests/test_drift.py::*", True),
        ("tests/test_drift.py", "test_drift.DriftTests", "tests/test_drift.py::DriftTests::test_a", True),
        ("tests/test_drift.py", "DriftTests", "tests/test_drift.py::DriftTests", True),
        ("tests\\test_drift.py", "test_drift.DriftTests", "tests/test_drift.py::*", True),
        ("./tests/test_drift.py", "test_drift.DriftTests", "tests/test_drift.py::*", True),
        ("tests/test_drift.py", "test_drift.DriftTests", "test_drift.DriftTests::*", True),
        ("tests/test_drift.py", "test_drift.DriftTests", "tests/test_other.py::*", False),
        ("tests/test_drift.py", "test_drift.DriftTests", "tests/test_drift.py::Drift", False),
        ("src/a.test.ts", "drift", "src/a.test.ts::*", True),
        ("src/a.test.ts", "drift", "src/a.test.tsx::*", False),
    ],
)
def test_the_path_of_the_file_counts_where_it_is_written(file, classname, pattern, is_meant):
    """unittest names a class as it was imported, which need not be from the project's root."""
    reading = judge(case(f"{classname}::test_a", file=file), tests=pattern)

    assert reading.outcome == ("verified" if is_meant else "inconclusive")


def test_every_pattern_must_mean_a_case():
    reading = judge(case(), tests=["tests/m.py::*", "tests/gone.py::*", "*::test_gone"])

    assert reading[:2] == ("inconclusive", "no case matches tests/gone.py::* and *::test_gone")


def test_a_failure_outweighs_a_pattern_that_means_nothing():
    assert judge(case(result="failure"), tests=["tests/m.py::*", "gone::*"]).outcome == "contradicted"


def test_a_case_that_two_patterns_mean_counts_once():
    assert judge(case(), tests=[ANY, "tests/m.py"])[:3] == ("verified", "1 case passed", 1)


@pytest.mark.parametrize(
    ("tests", "is_read"),
    [
        (["*"] * 100, True),
        (["*"] * 101, False),
        (["*" * 200], True),
        (["*" * 201], False),
    ],
)
def test_limits_of_patterns(tests, is_read):
    reading = judge(case(), tests=tests)

    assert (reading.outcome == "verified") == is_read
    assert is_read or reading.reason == "more than 100 patterns, or one of more than 200 characters"


def test_matching_takes_linear_time():
    report = junit.parse(suite("".join(case(f"{'a' * 2000}::{'a' * 2000}{n}") for n in range(200))))
    entry = Evidence(junit="x", tests=["*a" * 99 + "*b"])

    start = time.process_time()
    reading = junit.judge([report], entry, "data-1")

    assert reading.outcome == "inconclusive"
    assert time.process_time() - start < 1


@given(
    st.text("ab*", min_size=1, max_size=8),
    st.lists(st.text("ab", max_size=6), max_size=6),
)
def test_globs_match_as_regular_expressions_would(glob, texts):
    expression = re.compile(".*".join(map(re.escape, glob.split("*"))))

    names = {f"{text}::x" for text in texts}
    expected = {name for name in names if expression.fullmatch(name.removesuffix("::x"))}
    assert junit.pattern(f"{glob}::x").among(names) == expected


# Names in reasons.


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("test_a", "m::test_a"),
        ("test_p[ann@example.com]", "m::test_p"),
        ("test_p[a[b]c]", "m::test_p"),
        ("test_s (column='ann@example.com')", "m::test_s"),
        ("test_s [message] (n=1)", "m::test_s"),
        ("drift (v2) > psi", "m::drift (v2) > psi"),
        ("[only]", "m::[only]"),
        ("a\u202eb", "m::a\\u202eb"),
        ("a\x85b", "m::a\\x85b"),
        ("a  \t b", "m::a b"),
        ("x" * 200, "m::" + "x" * 96 + "…"),
    ],
)
def test_names_are_shown_on_one_line_without_data(name, shown):
    assert judge(case(f"m::{name}", "failure"), tests=ANY).reason == f"1 of 1 case failed: {shown}"


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (["m::a"], "m::a"),
        (["m::a", "m::b"], "m::a and m::b"),
        (["m::a", "m::b", "m::c"], "m::a, m::b and 1 more"),
        (["m::a[1]", "m::a[2]"], "m::a and 1 more"),
        (["m::a[1]", "m::a[2]", "m::b"], "m::a, m::b and 1 more"),
    ],
)
def test_at_most_two_names_are_shown(names, shown):
    reading = judge("".join(case(name, "failure") for name in names), tests=ANY)

    assert reading.reason.partition("failed: ")[2] == shown


# Times.


@pytest.mark.parametrize(
    ("report", "time"),
    [
        (suite(case()), STAMP),
        (suite(case(timestamp="2026-11-22T00:00:00Z")), "2026-11-22T00:00:00Z"),
        (suite(case(timestamp="2026-11-20T00:00:00Z")), STAMP),
        (suite(case(), stamp=""), None),
        (suite(case(), stamp="yesterday"), None),
        (suite(case(), stamp="Sat, 21 Nov 2026 10:42:20 GMT"), None),
        (suite(case(), stamp="11/21/2026 10:42:20"), None),
        (suite(case(), stamp="2026-11-21"), None),
        (f'<testsuites timestamp="{STAMP}">{case()}</testsuites>'.encode(), STAMP),
        (suite(case(), stamp="2026-11-21T07:01:28"), "2026-11-21T07:01:28"),
        (suite(case(timestamp="2026-11-21T09:30:00+09:00"), "2026-11-21T01:00:00Z"), "2026-11-21T01:00:00Z"),
        (suite(case(timestamp="20261123T000000Z"), "2026-11-22T00:00:00Z"), "2026-11-23T00:00:00Z"),
        (suite(case(timestamp="20261121T000000Z"), "2026-11-22T00:00:00Z"), "2026-11-22T00:00:00Z"),
    ],
)
def test_the_time_is_the_newest_in_the_file(report, time):
    reading = judge(report, tests=ANY)

    assert reading.outcome == "verified"
    assert reading.when == moment(time)


def test_the_newest_of_many_times_is_found_without_reading_them_all(monkeypatch):
    calls = []
    monkeypatch.setattr(junit, "moment", lambda stamp: calls.append(stamp) or moment(stamp))
    stamps = [f"2026-11-21T07:{n // 60:02}:{n % 60:02}.{n:06}" for n in range(1000)]
    random.Random(7).shuffle(stamps)
    report = suite("".join(case(f"m::t{n}", timestamp=stamp) for n, stamp in enumerate(stamps)))

    assert judge(report, tests=ANY).when == moment(max(stamps))
    assert len(calls) == 2


@pytest.mark.parametrize(
    "stamp", ["1970-01-01T00:00:00", "0001-01-01T00:00:00Z", "1999-12-31T23:59:59Z", "19700101T0"]
)
def test_a_time_before_2000_means_that_the_tool_did_not_know(stamp):
    reading = judge(suite(case(), stamp), tests=ANY)

    assert reading[:2] == ("inconclusive", "it has a time before 2000: the run did not get to the end")


# Several files.


def shard(day, body):
    return suite(body, f"2026-11-{day}T00:00:00Z") if day else suite(body, "")


@pytest.mark.parametrize(
    ("days", "date", "expected"),
    [
        ((21, 19, 20), None, "2026-11-19T00:00:00Z"),
        ((21, None), None, None),
        ((21, None), "2026-11-18", "2026-11-18T00:00:00Z"),
        ((21, None), "2026-11-22", "2026-11-21T00:00:00Z"),
        ((None, None), "2026-11-18", None),
    ],
)
def test_the_time_of_several_files_is_the_oldest(days, date, expected):
    """A stated date stands in for the files that have none. If none has one, the caller adds it as stated."""
    files = [shard(day, case(f"m::test_{n}")) for n, day in enumerate(days)]
    reading = judge(*files, tests=ANY, date=date)

    assert reading[:2] == ("verified", f"{len(days)} cases passed in {len(days)} files")
    assert reading.when == moment(expected)


def test_a_failure_in_one_of_several_files_contradicts():
    reading = judge(case("m::a"), case("m::a", "failure"), tests=ANY)

    assert reading[:3] == ("contradicted", "1 of 2 cases failed: m::a", 1)


def test_a_pattern_may_mean_cases_of_one_file_only():
    assert judge(case("m::a"), case("n::b"), tests=["m::*", "n::*"]).outcome == "verified"


def test_a_file_without_cases_or_time_adds_nothing():
    reading = judge(shard(21, case()), "ruff-0.17.5-clean.xml", tests=ANY)

    assert reading[:2] == ("verified", "1 case passed in 2 files")
    assert reading.when == moment("2026-11-21T00:00:00Z")


def test_a_stale_file_without_a_matching_case_counts_as_it_may_hide_one():
    assert judge(shard(21, case("m::a")), shard("01", case("n::b")), tests="m::*").when == moment(
        "2026-11-01T00:00:00Z"
    )


def test_one_file_cut_short_spoils_all():
    assert judge(case("m::a"), case("n::b") + "<testcase/>", tests="m::*").outcome == "inconclusive"


# Refusals.


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (b"", "it is not XML, or cut off"),
        (b"\x00" * 100, "it is not XML, or cut off"),
        (b"{}", "it is not XML, or cut off"),
        (suite(case())[:-1], "it is not XML, or cut off"),
        (suite(case()) + b"<more/>", "it is not XML, or cut off"),
        (suite(case()).replace(b"tests.m", b"tests.\xff"), "it is not XML, or cut off"),
        (suite(case()).replace(b"tests.m", b"tests.&undefined;"), "it is not XML, or cut off"),
        (suite(case()).replace(b"tests.m", b"tests.\x07"), "it is not XML, or cut off"),
        (b"<html/>", "it is not JUnit XML: its root is neither testsuites nor testsuite"),
        (b"<testcase name='a'/>", "it is not JUnit XML: its root is neither testsuites nor testsuite"),
        (
            suite("<testcase name='a'><testcase name='b'/><failure/></testcase>"),
            "it is not JUnit XML: it has a test case within a test case",
        ),
        (b"<!DOCTYPE testsuites><testsuites/>", "it has a DOCTYPE, which could hold a bomb"),
        (b"<!--" + b"x" * 200_000 + b"--><!DOCTYPE a><a/>", "it has a DOCTYPE, which could hold a bomb"),
        (
            b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><testsuites>&x;</testsuites>",
            "it has a DOCTYPE, which could hold a bomb",
        ),
        (
            b"<!DOCTYPE a SYSTEM 'http://example.com/a.dtd'><testsuites/>",
            "it has a DOCTYPE, which could hold a bomb",
        ),
    ],
)
def test_what_is_refused(file, reason):
    assert refusal(file) == reason


@pytest.mark.parametrize(
    ("encoding", "codec"),
    [
        ("utf-8", "utf-8"),
        ("UTF-8", "utf-8-sig"),
        ("US-ASCII", "ascii"),
        ("ASCII", "ascii"),
        ("ISO-8859-1", "latin-1"),
        ("latin1", "latin-1"),
        ("UTF-16", "utf-16"),
        ("utf-16le", "utf-16-le"),
        ("utf-16be", "utf-16-be"),
    ],
)
def test_encodings_that_are_read(encoding, codec):
    name = "test_a" if "ascii" in codec else "test_ä"
    text = f'<?xml version="1.0" encoding="{encoding}"?>{suite(case(f"m::{name}", "failure")).decode()}'
    file = text.encode(codec)
    bom = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(codec, b"")

    assert judge(bom + file, tests=ANY).reason == f"1 of 1 case failed: m::{name}"


@pytest.mark.parametrize(
    "encoding", ["foo", "idna", "utf-7", "utf-32", "cp037", "cp1252", "rot13", "hex", "x" * 999]
)
def test_other_encodings_are_refused(encoding):
    file = f'<?xml version="1.0" encoding="{encoding}"?>{suite(case()).decode()}'.encode()

    assert refusal(file) == "its encoding is not UTF-8, ASCII, Latin-1 or UTF-16"


@pytest.mark.parametrize("size", [1, 7, 64, 1000, 65_536])
def test_the_size_of_the_pieces_changes_nothing(monkeypatch, size):
    expected = judge("pytest-9.2.0-fail.xml", tests=ANY)
    monkeypatch.setattr(junit, "CHUNK", size)

    assert judge("pytest-9.2.0-fail.xml", tests=ANY) == expected


def nested(depth):
    return b"<testsuite>" * depth + b"</testsuite>" * depth


def tag(length):
    return suite(case("m::" + "x" * length))


@pytest.mark.parametrize(
    ("name", "limit", "within", "beyond", "reason"),
    [
        ("MAX_DEPTH", 64, nested(64), nested(65), "nested deeper than 64 levels"),
        ("MAX_ELEMENTS", 5, suite(case("a::a") * 3), suite(case("a::a") * 4), "more than 5 elements"),
        (
            "MAX_CASES",
            2,
            suite(case("a::a") + case("a::b")),
            suite(case("a::a") + case("a::b") + case()),
            "2 cases",
        ),
        ("MAX_TAG", 2**20, tag(2**20 - 200_000), tag(2**20 + 200_000), "a tag or comment larger than 1 MiB"),
        ("MAX_NAMES", 6, suite(case()), suite(case(file="m.py")), "6 different names of elements and attributes"),
        ("MAX_TEXT", 2**20, tag(2**19 - 100), tag(2**20 + 100), "1 million characters in the names of tests"),
        (
            "MAX_FORMS",
            2,
            suite(case(timestamp="2026-11-21T00:00:00Z")),
            suite(case(timestamp="2026-11-21T00:00:00Z") + case(timestamp="2026-11-21T00:00:00")),
            "times in more than 2 formats",
        ),
    ],
)
def test_limits(monkeypatch, name, limit, within, beyond, reason):
    monkeypatch.setattr(junit, name, limit)
    if name == "MAX_TEXT":
        monkeypatch.setattr(junit, "MAX_TAG", 2**22)

    junit.parse(within)
    assert reason in refusal(beyond)


def test_the_limits_that_are_documented():
    assert (junit.MAX_BYTES, junit.MAX_DEPTH) == (64 * 2**20, 64)


# Costs.


def bomb(unit, size=64 * 2**20 - 200):
    return suite(unit * (size // len(unit)))


def laughs(count, size):
    """Entities of entities, or many mentions of a long one."""
    entities = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, count))
    head = f"<!DOCTYPE a [<!ENTITY a0 '{'x' * size}'>{entities}]>"
    return f"{head}<testsuites>{f'&a{count - 1};' * (2**20 if count == 1 else 1)}</testsuites>".encode()


HOSTILE = {
    "entities of entities": lambda: laughs(9, 10),
    "a long entity": lambda: laughs(1, 50_000),
    "depth": lambda: b"<testsuites>" * 5_000_000,
    "an attribute of 30 MB": lambda: tag(30_000_000),
    "attributes of a MB each": lambda: suite(case("m::" + "x" * (2**20 - 500)) * 63),
    "a comment of 60 MB": lambda: suite("<!--" + "x" * 60_000_000 + "-->"),
    "many elements": lambda: bomb("<a/>"),
    "many records": lambda: bomb("<testcase classname='c' name='n'/>"),
    "names of elements": lambda: suite("".join(f"<a{n}/>" for n in range(300_000))),
    "names of attributes": lambda: suite("<a " + "".join(f"a{n}='' " for n in range(400_000)) + "/>"),
    "wide characters": lambda: suite("".join(case(f"m::{n}{'x' * 270}\U0001f600") for n in range(61_000))),
    "many ids": lambda: suite("<testcase name='n'>" + "".join(marked(str(n)) for n in range(400_000))),
    "many times": lambda: suite("".join(f"<testcase name='n' timestamp='2026{n}'/>" for n in range(99_999)) * 10),
    "text": lambda: suite("<testcase name='n'>" + "x]" * 30_000_000 + "</testcase>"),
    "UTF-16": lambda: ("<testsuites>" + "<a/>" * 8_000_000).encode("utf-16"),
    "no end": lambda: bomb("<testcase classname='c' name='n'>x</testcase>")[:-50],
}
COST = """
import sys, time
from mlscore.evidence import junit
from mlscore.evidence.reading import Unreadable
from mlscore.project import Evidence

raw = open(sys.argv[1], "rb").read()
start = time.process_time()
try:
    outcome = junit.judge([junit.parse(raw)], Evidence(junit="x", tests=["*::*"]), "data-1").outcome
except Unreadable:
    outcome = "inconclusive"
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(outcome, time.process_time() - start, int(peak.split()[1]) / 1024)
"""
linux = pytest.mark.skipif(sys.platform != "linux", reason="memory is measured by /proc")


@linux
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_cost_little(name, tmp_path):
    path = tmp_path / "report.xml"
    path.write_bytes(HOSTILE[name]())
    ran = subprocess.run([sys.executable, "-c", COST, path], capture_output=True, text=True, check=True)
    path.unlink()
    outcome, seconds, megabytes = ran.stdout.split()

    assert outcome == ("verified" if name == "text" else "inconclusive")
    assert float(seconds) < 2
    assert float(megabytes) < 200


@pytest.mark.parametrize("kind", ["plain", "marked"])
def test_50_000_cases_cost_at_most_8_times_the_bare_parse(kind):
    assert bench_junit.factor(kind) <= bench_junit.FACTOR


@linux
def test_50_000_cases_take_at_most_50_mb_beside_the_file(tmp_path):
    assert bench_junit.megabytes(tmp_path) <= bench_junit.MEGABYTES


# Properties.

RESULTS = st.sampled_from(["pass", "skipped", "failure", "error", "flakyFailure"])
CASES = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.sampled_from(["", "[1]"]), RESULTS))


@given(CASES, st.randoms())
def test_the_verdict_is_that_of_the_rule_whatever_the_order(records, shuffler):
    """Against a second, plain account of the rule."""
    groups = {}
    for classname, name, parameter, result in records:
        groups.setdefault((classname, name, parameter), []).append(result)
    failed = [key for key, results in groups.items() if {"failure", "error"} & set(results)]
    passed = [key for key, results in groups.items() if results == ["pass"]]
    expected = "contradicted" if failed else "verified" if passed else "inconclusive"
    shuffler.shuffle(records)
    written = [
        case(f"{classname}::{name}{parameter}", "" if result == "pass" else result)
        for classname, name, parameter, result in records
    ]
    reading = judge("".join(written), tests="*")

    assert reading.outcome == expected
    assert reading.checks == (0 if expected == "inconclusive" else len(passed))


@given(CASES, st.sampled_from(["failure", "error"]))
def test_a_further_failure_never_leaves_a_report_verified(records, result):
    written = "".join(case(f"{a}::{b}{c}", "" if d == "pass" else d) for a, b, c, d in records)

    assert judge(written + case("a::x", result), tests="*").outcome == "contradicted"


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(SAMPLES), st.data())
def test_no_beginning_of_a_file_is_read(name, data):
    whole = raw(name).rstrip()

    assert refusal(whole[: data.draw(st.integers(0, len(whole) - 1))])


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(SAMPLES), st.data())
def test_whatever_is_changed_in_a_file_it_is_judged_or_refused(name, data):
    whole = bytearray(raw(name))
    for _ in range(data.draw(st.integers(1, 5))):
        start = data.draw(st.integers(0, len(whole)))
        end = min(len(whole), start + data.draw(st.integers(0, 20)))
        piece = data.draw(st.binary(max_size=8) | st.sampled_from(PIECES))
        whole[start:end] = piece
    check(bytes(whole))


PIECES = [
    b"<failure/>",
    b"<testcase/>",
    b"</testcase>",
    b"<testsuite>",
    b"<!DOCTYPE a>",
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"&amp;",
    b"&#0;",
    b"&#x1F600;",
    b' timestamp="1970-01-01T00:00:00"',
    b' name="mlscore" value="data-1"',
    b' file="a/b.py"',
    b' status="x"',
    b'<?xml version="1.0" encoding="utf-7"?>',
    b"\xff\xfe",
    b"\xef\xbb\xbf",
]


@given(st.binary() | st.binary().map(lambda inside: b"<testsuites>" + inside + b"</testsuites>"))
def test_any_bytes_are_judged_or_refused(file):
    check(file)


def check(file):
    """A file is refused, or each way to ask gives a reading with a reason of one line."""
    try:
        report = junit.parse(file)
    except Unreadable as trouble:
        report, reason = None, str(trouble)
    if report is None:
        assert is_one_line(reason)
        return
    for tests in ((), ANY, ["tests/test_features.py::*", "*::test_a[x]"]):
        reading = junit.judge([report], Evidence(junit="x", tests=tests), "data-1")
        assert isinstance(reading, Reading)
        assert is_one_line(reading.reason)
        assert reading.checks or reading.outcome != "verified"


def is_one_line(text):
    # Private use and what Unicode has not assigned yet breaks no line.
    shown = [sign for sign in text if unicodedata.category(sign) not in {"Co", "Cn"}]
    return 0 < len(text) <= 300 and "".join(shown).isprintable()
