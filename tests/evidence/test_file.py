"""Documents: that they are there, and unchanged."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.samples import fuzz
from mlscore.evidence import file
from mlscore.project import Evidence
from mlscore.verification import shows

CONTENT = b"# Ablation\n"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def judge(*files, **keys):
    return file.judge(files, Evidence(file="docs/*.md", **keys), "data-1")


@pytest.mark.parametrize(
    ("files", "reason"),
    [([None], "the document is there"), ([None, None, None], "3 documents are there")],
)
def test_documents_that_are_there_are_verified_unread(files, reason):
    assert judge(*files) == ("verified", reason, 0, None)
    assert not file.reads(Evidence(file="a.md"))


def test_no_document_is_missing():
    assert judge() == ("missing", "there is no such file", 0, None)


@pytest.mark.parametrize("digest", [DIGEST, DIGEST.upper(), f"sha256:{DIGEST}", f" {DIGEST} "])
def test_a_document_with_the_digest_noted_is_unchanged(digest):
    reading = judge(file.parse(CONTENT), sha256=digest)

    assert reading == ("verified", "the document is there, unchanged", 0, None)
    assert file.reads(Evidence(file="a.md", sha256=digest))


def test_a_document_with_another_digest_contradicts():
    reading = judge(file.parse(CONTENT + b" "), sha256=DIGEST)

    assert reading[:2] == ("contradicted", "the document has changed: its sha256 is another")


@pytest.mark.parametrize("digest", ["", "abc", DIGEST[:-1], DIGEST + "0", "g" * 64, "md5:" + DIGEST, "٠" * 64])
def test_a_malformed_digest_says_what_to_write(digest):
    reading = judge(file.parse(CONTENT), sha256=digest)

    assert reading[:2] == ("inconclusive", "its sha256 is not one: write 64 hexadecimal digits")


def test_a_digest_is_of_one_document():
    reading = judge(file.parse(CONTENT), file.parse(CONTENT), sha256=DIGEST)

    assert reading[:2] == ("inconclusive", "its sha256 is of one document, and 2 documents are there")


@fuzz
@given(st.binary(max_size=50), st.text(max_size=70))
def test_any_content_and_digest_end_in_a_reading(content, digest):
    assert judge(file.parse(content), sha256=digest).outcome in {"verified", "contradicted", "inconclusive"}


def test_it_shows_a_document():
    assert shows("file") == file.SHOWS == "document"
