"""The JSON of a shields.io endpoint badge."""

import json
from collections.abc import Sequence

from mlscore.formats import Style
from mlscore.formats.badge import badge_color, badge_label, badge_message
from mlscore.report import Report


def render(reports: Sequence[Report], style: Style) -> str:
    """Write one object for one project, an array for several."""
    objects = [
        {
            "schemaVersion": 1,
            "label": badge_label(report),
            "message": badge_message(report),
            "color": badge_color(report),
        }
        for report in reports
    ]
    return json.dumps(objects if style.many else objects[0], indent=2) + "\n"
