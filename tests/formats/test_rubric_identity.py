"""Every report says by which rubric it was made: id, version and digest."""

import pytest

from formats.samples import PROJECT
from mlscore.formats import FORMATS, Style, render

# An annotation, a finding list, an image and a bare number have no place for it; the id is what fits.
SHORT = {"github", "gitlab", "badge", "shields", "value"}


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in SHORT])
def test_a_report_names_id_version_and_digest(name, assessed):
    report = assessed(PROJECT)

    text = render(name, [report], Style(width=80))

    assert report.rubric.id in text
    assert report.rubric.short_digest in text
    assert f"{report.rubric.version}" in text


def test_a_narrow_table_still_names_them(assessed):
    text = render("table", [assessed(PROJECT)], Style(width=40))

    assert "small, version 3" in text
    assert assessed(PROJECT).rubric.short_digest in text
