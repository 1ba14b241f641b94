"""The badge, an SVG: it names project, scale and date, so that it cannot be borrowed or go stale unseen."""

from collections.abc import Sequence
from html import escape

from mlscore.formats import Style
from mlscore.report import Report
from mlscore.text import number, shortened

HEIGHT = 20
GAP = 4
MAX_NAME = 40
"""Characters of a project's name on the badge; the whole name is in its title, up to TITLE."""
MAX_TITLE = 200
MAX_NAMED = 4
"""Projects named in the title of an image of several."""
# Blues from dark grey up the tiers, each at least 4.5 : 1 under white text.
COLORS = ("#6e7781", "#50729c", "#3567a0", "#1f5a99", "#08488c", "#063b72")


def render(reports: Sequence[Report], style: Style) -> str:  # noqa: ARG001 - an image has its own style
    """Draw one badge for each report, one below the other."""
    drawn = [_badge(report, place * (HEIGHT + GAP)) for place, report in enumerate(reports)]
    width = max(width for width, _ in drawn)
    font = "Verdana,Geneva,DejaVu Sans,sans-serif"
    height = len(drawn) * (HEIGHT + GAP) - GAP
    rest = f"; and {len(reports) - MAX_NAMED} more" if len(reports) > MAX_NAMED else ""
    title = escape("; ".join(_title(report) for report in reports[:MAX_NAMED]) + rest)
    body = "".join(text for _, text in drawn)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" role="img" '
        f'aria-label="{title}">\n<title>{title}</title>\n'
        f'<g font-family="{font}" font-size="11" fill="#fff">\n{body}</g>\n</svg>\n'
    )


def badge_label(report: Report) -> str:
    """What the badge is about: the rubric and, as far as it fits, the project."""
    return f"{shortened(report.rubric.id, MAX_NAME)} | {shortened(report.project.project, MAX_NAME)}"


def badge_message(report: Report) -> str:
    """The score with its scale, what of it is verified, and the day."""
    verified = "" if report.verified is None else f", verified {number(report.verified.score)}"
    return f"{number(report.claimed.score)} of {number(report.max_score)}{verified} ({report.as_of})"


def badge_color(report: Report) -> str:
    """The colour of the tier: darker the higher, from first to last."""
    tiers = report.rubric.tiers
    place = tiers.index(report.claimed.tier)
    return COLORS[place * (len(COLORS) - 1) // max(1, len(tiers) - 1)]


def _badge(report: Report, top: int) -> tuple[int, str]:
    label, message = badge_label(report), badge_message(report)
    left, right = _width(label), _width(message)
    return left + right, (
        f'<rect y="{top}" width="{left}" height="{HEIGHT}" fill="#333"/>'
        f'<rect x="{left}" y="{top}" width="{right}" height="{HEIGHT}" fill="{badge_color(report)}"/>'
        f'<text x="6" y="{top + 14}" textLength="{left - 12}">{escape(label)}</text>'
        f'<text x="{left + 6}" y="{top + 14}" textLength="{right - 12}">{escape(message)}</text>\n'
    )


def _title(report: Report) -> str:
    tier = shortened(report.claimed.tier.label, MAX_NAME)
    return f"{shortened(report.project.project, MAX_TITLE)}: {badge_message(report)}, {tier}, {report.rubric.id}"


def _width(text: str) -> int:
    """Pixels of text at 11 px in Verdana, near enough: textLength fits the letters to it."""
    return 12 + sum(7 if character.isascii() else 11 for character in text)
