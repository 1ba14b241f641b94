"""What all HTML pages share: the templates' environment, and a page of a headline, remarks and tables.

Every text goes through `_shown` on its way into a page: it cannot become markup or a command of a CI log.
"""

import os
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

import mlscore
from mlscore.diagnostics import shown_path
from mlscore.planning import describe
from mlscore.text import number, one_line, points


class Band(NamedTuple):
    """A tier behind a chart; places are in percent of the chart's height, from the top."""

    label: str
    top: float
    height: float


class Mark(NamedTuple):
    """A score in a chart; places are in percent, from the left and from the top."""

    x: float
    y: float
    text: str


class Chart(NamedTuple):
    """Scores over time, as a line in steps over the tiers."""

    bands: Sequence[Band]
    marks: Sequence[Mark]
    start: str
    end: str


class Table(NamedTuple):
    """A table with a caption; `numbers` are the columns that are set to the right."""

    caption: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int] = frozenset()


class Page(NamedTuple):
    """A page that is no report."""

    title: str
    """The project."""
    about: str
    """What the page shows, in a word or two."""
    headline: str
    remarks: Sequence[str]
    tables: Sequence[Table]
    source: str
    """What it was made from."""
    chart: Chart | None = None


def render(page: Page) -> str:
    """Write a page. ASCII only, so that it reads the same in whatever encoding."""
    return ascii_only(template("page.html.jinja").render(page=page, version=mlscore.__version__))


def ascii_only(text: str) -> str:
    """Return a page with everything beyond ASCII as character references."""
    return text.encode("ascii", "xmlcharrefreplace").decode()


@cache
def template(name: str) -> Template:
    """Load a template; what it is given is made safe as it is written."""
    environment = Environment(
        loader=FileSystemLoader(os.path.dirname(__file__)),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    for function in (describe, number, points, shown_path, _digest, _href):
        environment.filters[function.__name__.lstrip("_")] = function
    return environment.get_template(name)


def _shown(value: object) -> Markup:
    """Return text as it may stand in the page: visible, on one line, escaped, no command wherever it stands."""
    if isinstance(value, Markup):
        return value
    return Markup(str(escape(one_line(str(value)))).replace("::", "&#58;:"))  # noqa: S704 - escaped


def _digest(css: str) -> str:
    return b64encode(sha256(css.encode()).digest()).decode()


def _href(address: str) -> str:
    """Return an address one may follow, without user and password: http or https, with a host. Else nothing."""
    try:
        parts = urlsplit(address)
        sound = parts.scheme in {"http", "https"} and parts.hostname and (parts.port or True)
    except ValueError:
        return ""
    if not sound or not address.isprintable() or set(address) & set(' \\<>"'):
        return ""
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
