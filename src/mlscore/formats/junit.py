"""JUnit XML, as Jenkins's schema has it: a suite for each category, and one for the gate.

A test that earns points passes; one that earns none, or whose evidence does not back the claim, is skipped with
the reason. Only the gate can fail.
"""

from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as ET

from mlscore.formats import Style
from mlscore.report import CategoryScore, Report, TestScore
from mlscore.text import number, one_line, points
from mlscore.verification import shortfall


def render(reports: Sequence[Report], style: Style) -> str:  # noqa: ARG001 - data has no style
    """Write one document with the suites of all reports."""
    root = ET.Element("testsuites", name="mlscore")
    for place, suite in enumerate(suite for report in reports for suite in _suites(report)):
        suite.set("id", str(place))
        root.append(suite)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suites(report: Report) -> Iterator[ET.Element]:
    for item in report.categories:
        suite = _suite(report, item.category.title, len(item.tests))
        suite.set("skipped", str(sum(not (test.points and test.is_backed) for test in item.tests)))
        _properties(suite, report, item)
        for test in item.tests:
            suite.append(_case(report, item, test))
        yield suite
    if report.gate is not None:
        yield _gate(report, report.gate.failures)


def _suite(report: Report, title: str, tests: int) -> ET.Element:
    name = one_line(f"{report.project.project}: {title}")
    return ET.Element("testsuite", name=name, tests=str(tests), failures="0", errors="0", skipped="0", time="0")


def _properties(suite: ET.Element, report: Report, item: CategoryScore) -> None:
    properties = ET.SubElement(suite, "properties")
    facts = {
        "rubric": report.rubric.id,
        "rubric_version": str(report.rubric.version),
        "rubric_digest": report.rubric.digest,
        "as_of": report.as_of.isoformat(),
        "score": f"{number(report.claimed.score)} of {number(report.max_score)}",
        "points": f"{number(item.points)} of {number(item.max_points)}",
    }
    if report.verified is not None and item.verified_points is not None:
        facts["verified_score"] = number(report.verified.score)
        facts["verified_points"] = number(item.verified_points)
    for name, value in facts.items():
        ET.SubElement(properties, "property", name=name, value=value)


def _case(report: Report, item: CategoryScore, test: TestScore) -> ET.Element:
    case = ET.Element(
        "testcase",
        name=one_line(f"{test.test.id} {test.test.title}"),
        classname=f"mlscore.{report.rubric.id}.{item.category.id}",
        time="0",
    )
    if not test.points:
        reason = test.answer.reason if test.answer else None
        ET.SubElement(case, "skipped", message=one_line(f"{test.status}: {reason}" if reason else test.status))
    elif not test.is_backed:
        ET.SubElement(case, "skipped", message=one_line(f"{test.status}, {shortfall(test)}"))
    ET.SubElement(case, "system-out").text = f"{test.status}, {points(test.points)} of {number(test.max_points)}"
    return case


def _gate(report: Report, failures: tuple[str, ...]) -> ET.Element:
    suite = _suite(report, "gate", 1)
    case = ET.SubElement(suite, "testcase", name="gate", classname=f"mlscore.{report.rubric.id}.gate", time="0")
    if failures:
        suite.set("failures", "1")
        failure = ET.SubElement(case, "failure", message=one_line(failures[0]), type="gate")
        failure.text = "; ".join(one_line(text) for text in failures)
    return suite
