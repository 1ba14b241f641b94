"""JUnit XML as Jenkins's schema has it, judged by xmllint."""

import subprocess

import pytest

FAULTS = {
    "properties in a case": '<testcase name="x"><properties/></testcase>',
    "an attribute of our own": '<testcase name="x" score="4"/>',
    "a case without a name": "<testcase/>",
    "a time that is none": '<testsuite name="x" tests="0" failures="0" errors="0" time="soon"/>',
}


@pytest.fixture
def lint(xmllint, validator):
    """What xmllint says of a file, and its exit code: 0 when the file fits Jenkins's schema."""

    def run(path):
        command = [xmllint, "--noout", "--nonet", "--schema", validator("junit-10.xsd"), path]
        result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        return result.returncode, result.stderr

    return run


def test_reports_fit_jenkins_s_schema(lint, written):
    path = written("junit")

    assert lint(path) == (0, f"{path} validates\n")


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_the_schema_refuses_what_it_should(lint, tmp_path, fault):
    path = tmp_path / "report.xml"
    path.write_text(
        f'<testsuites><testsuite name="x" tests="1" failures="0" errors="0">{fault}</testsuite></testsuites>'
    )

    code, said = lint(path)

    assert code == 3
    assert "fails to validate" in said
