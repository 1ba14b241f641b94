"""The badge as SVG, and as JSON for shields.io."""

import json
import re
from itertools import pairwise
from typing import NamedTuple
from xml.etree import ElementTree as ET

import jsonschema
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
  serving-2: automated
"""
SVG = "{http://www.w3.org/2000/svg}"
MAX_BYTES = 4096
WHITE = "#fff"
# shields.io's documentation of the endpoint badge; everything that mlscore does not write is left out.
SHIELDS = {
    "type": "object",
    "required": ["schemaVersion", "label", "message"],
    "additionalProperties": False,
    "properties": {
        "schemaVersion": {"const": 1},
        "label": {"type": "string"},
        "message": {"type": "string", "minLength": 1},
        "color": {"type": "string", "pattern": "^#[0-9a-f]{6}$"},
    },
}


def svg(*reports):
    return render("badge", reports, Style())


def shields(*reports, many=False):
    return json.loads(render("shields", reports, Style(many=many)))


class Part(NamedTuple):
    """One half of a badge: the text, and the box it is on."""

    text: str
    color: str
    left: int
    top: int
    right: int
    text_left: int
    text_right: int


def parts(text):
    """Every half of every badge, from left to right and from top to bottom."""
    root = ET.fromstring(text)
    boxes, texts = list(root.iter(f"{SVG}rect")), list(root.iter(f"{SVG}text"))
    found = []
    for box, words in zip(boxes, texts, strict=True):
        left, start = int(box.get("x", "0")), int(words.get("x"))
        found.append(
            Part(
                words.text,
                box.get("fill"),
                left,
                int(box.get("y")),
                left + int(box.get("width")),
                start,
                start + int(words.get("textLength")),
            )
        )
    return found


def contrast(first, second):
    """The contrast of two colours as WCAG 2 defines it, 1 to 21."""

    def luminance(color):
        digits = color.removeprefix("#")
        digits = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
        channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    darker, lighter = sorted((luminance(first), luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def of_score(assessed, score, rubric="ml-test-score-2016"):
    sums = dict.fromkeys(("data", "model", "infra", "monitor"), score)
    text = project_with(sums) if score else "project: churn\nanswers: {}\n"
    return assessed(f"rubric: {rubric}\n{text}")


def test_the_whole_badge(assessed):
    assert svg(assessed(CHURN)) == snapshot("""\
<svg xmlns="http://www.w3.org/2000/svg" width="248" height="20" role="img" aria-label="churn: 1 of 2 (2026-11-21), Low, small">
<title>churn: 1 of 2 (2026-11-21), Low, small</title>
<g font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11" fill="#fff">
<rect y="0" width="103" height="20" fill="#333"/><rect x="103" y="0" width="145" height="20" fill="#6e7781"/><text x="6" y="14" textLength="91">small | churn</text><text x="109" y="14" textLength="133">1 of 2 (2026-11-21)</text>
</g>
</svg>
""")  # noqa: E501


def test_it_names_rubric_project_scale_and_date(assessed):
    assert [part.text for part in parts(svg(assessed(CHURN)))] == ["small | churn", "1 of 2 (2026-11-21)"]


def test_it_is_an_image_with_a_name(assessed):
    root = ET.fromstring(svg(assessed(CHURN)))
    title = "churn: 1 of 2 (2026-11-21), Low, small"

    assert root.tag == f"{SVG}svg"
    assert (root.get("role"), root.get("aria-label"), root.find(f"{SVG}title").text) == ("img", title, title)


def test_it_holds_nothing_that_acts_or_loads(assessed):
    text = svg(assessed(CHURN.replace("churn", in_yaml("<script>x</script><image href='y' onload='z'/>&lt;"))))
    root = ET.fromstring(text)

    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {"svg", "title", "g", "rect", "text"}
    assert [name for element in root.iter() for name in element.attrib if re.match(r"on|.*href|style", name)] == []
    assert "<!" not in text
    assert "url(" not in text


@pytest.mark.parametrize("rubric", ["ml-test-score-2016", "ml-test-score-2017"])
@pytest.mark.parametrize("score", range(15))
def test_white_text_can_be_read_on_the_colour_of_every_tier(assessed, score, rubric):
    text = svg(of_score(assessed, score, rubric))

    assert ET.fromstring(text).find(f"{SVG}g").get("fill") == WHITE
    assert [part for part in parts(text) if contrast(part.color, WHITE) < 4.5] == []


def test_the_contrast_is_measured_as_wcag_does():
    """Reference values of WCAG 2: black on white, and the lightest grey that white text can be read on."""
    assert contrast("#000", "#fff") == 21
    assert round(contrast("#767676", "#fff"), 2) == 4.54


def test_a_higher_tier_is_never_lighter(assessed):
    colors = [parts(svg(of_score(assessed, score)))[1].color for score in range(15)]
    contrasts = [contrast(color, WHITE) for color in colors]

    assert contrasts == sorted(contrasts)
    assert len(set(colors)) == 6


@pytest.mark.parametrize("count", [1, 2, 3, 7, 12])
def test_a_rubric_may_have_any_number_of_tiers(assessed, write, count):
    tiers = "".join(f"  - {{id: t{n}, from: {n}, label: T{n}}}\n" for n in range(count))
    head, tail = RUBRIC.index("tiers:"), RUBRIC.index("categories:")
    write("small.yaml", f"{RUBRIC[:head]}tiers:\n{tiers}{RUBRIC[tail:]}")

    assert contrast(parts(svg(assessed(CHURN)))[1].color, WHITE) >= 4.5


def test_every_text_is_inside_its_box(assessed):
    text = svg(assessed(CHURN), of_score(assessed, 14), assessed(CHURN.replace("churn", "データの品質 👩")))

    assert [part for part in parts(text) if not part.left < part.text_left < part.text_right < part.right] == []


def test_wide_letters_get_wider_boxes(assessed):
    wide, narrow = (parts(svg(assessed(CHURN.replace("churn", name))))[0] for name in ("データの品質", "abcdef"))

    assert wide.right - wide.left > narrow.right - narrow.left + 6 * 3


# Several projects


def test_several_projects_have_a_badge_each_one_below_the_other(assessed):
    text = svg(*(assessed(CHURN.replace("churn", f"churn-{place}")) for place in range(12)))
    root, found = ET.fromstring(text), parts(text)

    assert [part.text for part in found[::2]] == [f"small | churn-{place}" for place in range(12)]
    tops = [part.top for part in found[::2]]
    assert min(below - above for above, below in pairwise(tops)) > 20
    assert int(root.get("height")) == tops[-1] + 20
    assert int(root.get("width")) == max(part.right for part in found)


@pytest.mark.parametrize("count", [1, 4, 5, 12])
def test_the_image_s_name_counts_the_projects_it_leaves_out(assessed, count):
    text = svg(*(assessed(CHURN.replace("churn", f"churn-{place:02}")) for place in range(count)))
    title = ET.fromstring(text).find(f"{SVG}title").text
    named = len(re.findall(r"churn-\d\d: ", title))

    assert named == count or f"{count - named} more" in title


@pytest.mark.parametrize("count", [1, 2, 12])
def test_shields_has_an_object_for_one_project_and_an_array_for_several(assessed, count):
    found = shields(*[assessed(CHURN)] * count, many=count > 1)

    jsonschema.validate(found, SHIELDS if count == 1 else {"type": "array", "items": SHIELDS, "minItems": count})


def test_shields_has_an_array_when_only_one_of_several_could_be_read(assessed):
    jsonschema.validate(shields(assessed(CHURN), many=True), {"type": "array", "items": SHIELDS, "maxItems": 1})


# Long and strange names

LONG = {
    "letters": "x" * 10_000,
    "words": "word " * 2_000,
    "quotes": "'\"" * 5_000,
    "ampersands": "&" * 10_000,
    "emoji": "👩" * 10_000,
    "escapes": "\x1b" * 10_000,
    "combining": "e" + "\u0335" * 9_999,
}


@pytest.mark.parametrize("name", LONG.values(), ids=LONG)
def test_a_badge_stays_below_4_kb_whatever_the_texts(assessed, write, name):
    text = in_yaml(name)
    rubric = RUBRIC.replace("id: small", f"id: {'s' * 64}").replace("label: High", f"label: {text}")
    write("small.yaml", rubric.replace("label: Low", f"label: {text}"))

    drawn = svg(assessed(CHURN.replace("churn", text)))

    assert len(drawn.encode()) < MAX_BYTES
    assert len(parts(drawn)) == 2


@pytest.mark.parametrize("count", [2, 12])
def test_several_badges_stay_below_4_kb_each(assessed, count):
    report = assessed(CHURN.replace("churn", in_yaml("'" * 10_000)))

    assert len(svg(*[report] * count).encode()) < MAX_BYTES * count


@pytest.mark.parametrize("name", LONG.values(), ids=LONG)
def test_a_long_name_is_cut_where_it_is_shown(assessed, name):
    report = assessed(CHURN.replace("churn", in_yaml(name)))
    (label, _) = parts(svg(report))

    assert len(label.text) == len("small | ") + 40
    assert label.text.endswith("…")
    assert shields(report)["label"] == label.text


def test_shields_says_what_the_badge_says(assessed):
    report = assessed(CHURN)

    assert shields(report) == snapshot(
        {"schemaVersion": 1, "label": "small | churn", "message": "1 of 2 (2026-11-21)", "color": "#6e7781"}
    )
    assert [shields(report)[key] for key in ("label", "message")] == [part.text for part in parts(svg(report))]


# Claims and what backs them


def backed(outcome):
    """The report of a project that claims data-1, whose evidence turned out so."""
    text = "project: churn\nanswers: {data-1: {status: automated, evidence: [{junit: r.xml, date: 2026-11-20}]}}\n"
    rubric, project = parse_project(text.encode(), "project.yaml")
    return assess(rubric, project, AS_OF, {"data-1": (Reading(outcome, "as it says"),)})


def test_the_badge_has_the_verified_score_beside_the_claimed_one():
    report = backed("missing")

    assert parts(svg(report))[1].text == shields(report)["message"] == "0 of 14, verified 0 (2026-11-21)"
