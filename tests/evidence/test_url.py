"""Addresses: never fetched, never shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.samples import fuzz
from mlscore.evidence import url
from mlscore.evidence.reading import Unreadable
from mlscore.project import Evidence
from mlscore.verification import shows


def judge(address):
    return url.judge([], Evidence(url=address), "data-1")


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org",
        "http://example.org/a?b=c#d",
        "HTTPS://EXAMPLE.ORG/",
        "https://wiki.example.org:8443/x",
        "https://[::1]/x",
        "https://bücher.example/prüfung",
        "https://user:s3cret@example.org/report",
    ],
)
def test_an_address_is_asserted(address):
    assert judge(address) == ("asserted", "never fetched: nobody checked it", 0, None)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "example.org",
        "//example.org",
        "https://",
        "https:///path",
        "https://:443/",
        "https://user:s3cret@",
        "https:example.org",
        "https://[::1",
        "https://[s3cret]/",
        "https://example.org:port/",
        "https://example.org:99999/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "javascript://example.org/%0aalert(1)",
        "data:text/html,x",
        "java\nscript://example.org",
        "https://example.org/\x1b[31m",
        "https://exa mple.org/",
        " https://example.org",
        "https://example.org/\u202e",
    ],
)
def test_what_is_no_web_address_shows_nothing(address):
    assert judge(address)[:2] == (
        "inconclusive",
        "it is not an address that begins with http:// or https:// and names a host",
    )


def test_there_is_nothing_to_open():
    assert url.MAX_BYTES == 0
    with pytest.raises(Unreadable):
        url.parse(b"")


@fuzz
@given(st.text() | st.text("htps:/@[]#?.0é ").map("http".__add__))
def test_any_text_is_asserted_or_not(address):
    reading = judge(address)

    assert reading.outcome in {"asserted", "inconclusive"}
    assert reading.checks == 0


def test_it_shows_a_document():
    assert shows("url") == url.SHOWS == "document"
