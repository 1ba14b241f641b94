"""What evidence may point at: files inside the root, bounded, each read once. All else is a reading."""

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import mlscore.evidence.json as json_kind
from mlscore.evidence import KINDS, kind
from mlscore.evidence.gather import MAX_FILES, read_evidence
from mlscore.evidence.reading import Reading
from mlscore.loading import load_project
from mlscore.project import KINDS as KEYS
from mlscore.verification import SHOWS

PASSING = '{"ok": true, "time": "2026-11-21T08:00:00Z"}'


@pytest.fixture
def read(write: Callable[..., Path]) -> Callable[..., list[Reading]]:
    """Read the evidence of one answer in `ml/project.yaml`; the root is the folder of the test."""
    write(".git/HEAD", "ref: refs/heads/main\n")

    def readings(*entries: str) -> list[Reading]:
        lines = "".join(f"      - {entry}\n" for entry in entries)
        path = write(
            "ml/project.yaml", f"project: p\nanswers:\n  data-1:\n    status: automated\n    evidence:\n{lines}"
        )
        return list(read_evidence(load_project(path))["data-1"])

    return readings


def check(path: str) -> str:
    return f'{{json: "{path}", checks: /ok == true, time: /time}}'


@pytest.mark.parametrize(
    ("place", "target"),
    [
        ("ml/r.json", "r.json"),
        ("ml/reports/r.json", "./reports/r.json"),
        ("r.json", "../r.json"),
        ("ml/reports/r.json", "reports/*.json"),
        ("ml/a/b/c/r.json", "a/**/r.json"),
        ("ml/r.json", "**/r.json"),
        ("r.json", "../*.json"),
        ("ml/r[1].json", "r[1].json"),
        ("ml/.hidden/r.json", ".hidden/r.json"),
        ("ml/.hidden/r.json", ".h*/r.json"),
        ("ml/ü b.json", "ü b.json"),
    ],
)
def test_a_file_inside_the_root_is_read(read, write, place: str, target: str) -> None:
    write(place, PASSING)

    assert [item.outcome for item in read(check(target))] == ["verified"]


@pytest.mark.parametrize(
    "target", ["gone.json", "gone/*.json", "gone/r.json", "*.xml", "**/gone.json", "ml/project.yaml/x"]
)
def test_what_is_not_there_is_missing(read, target: str) -> None:
    assert [item.outcome for item in read(check(target))] == ["missing"]


@pytest.mark.parametrize(
    "target",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "../../*/passwd",
        "/etc/*",
        "..",
        "../..",
        "sub/../../../x",
        "/gone/x.json",
    ],
)
def test_what_lies_outside_the_root_is_not_looked_at(read, target: str) -> None:
    (reading,) = read(check(target))

    assert reading.outcome == "inconclusive"
    assert "outside" in reading.reason or "regular file" in reading.reason


def test_a_link_that_leaves_the_root_is_refused(read, tmp_path: Path, tmp_path_factory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "r.json"
    outside.write_text(PASSING)
    (tmp_path / "ml").mkdir()
    (tmp_path / "ml" / "link.json").symlink_to(outside)
    (tmp_path / "ml" / "folder").symlink_to(outside.parent)

    readings = read(
        check("link.json"), check("folder/r.json"), check("l*.json"), check("folder/*.json"), check("*/r.json")
    )

    assert [item.outcome for item in readings] == [*["inconclusive"] * 4, "missing"]


def test_a_link_inside_the_root_is_followed(read, write, tmp_path: Path) -> None:
    write("shared/r.json", PASSING)
    (tmp_path / "ml").mkdir()
    (tmp_path / "ml" / "link.json").symlink_to(tmp_path / "shared" / "r.json")

    assert [item.outcome for item in read(check("link.json"))] == ["verified"]


def test_links_that_loop_end(read, tmp_path: Path) -> None:
    (tmp_path / "ml").mkdir()
    (tmp_path / "ml" / "a.json").symlink_to("b.json")
    (tmp_path / "ml" / "b.json").symlink_to("a.json")
    (tmp_path / "ml" / "loop").symlink_to(".")

    readings = read(check("a.json"), check("loop/loop/loop/a.json"), check("**/a.json"))

    assert {item.outcome for item in readings} <= {"inconclusive", "missing"}


@pytest.mark.parametrize(
    "entry", ["json: pipe, checks: /ok == true", "file: pipe", "file: pipe, sha256: aa", "junit: pipe"]
)
def test_a_fifo_is_not_waited_for(read, tmp_path: Path, entry: str) -> None:
    (tmp_path / "ml").mkdir()
    os.mkfifo(tmp_path / "ml" / "pipe")
    began = time.monotonic()

    (reading,) = read(f"{{{entry}}}")

    assert (reading.outcome, reading.reason) == ("inconclusive", "it is not a regular file")
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("entry", ["json: sub, checks: /ok == true", "file: sub"])
def test_a_folder_is_no_evidence(read, tmp_path: Path, entry: str) -> None:
    (tmp_path / "ml" / "sub").mkdir(parents=True)

    assert [item.outcome for item in read(f"{{{entry}}}")] == ["inconclusive"]


def test_a_file_over_the_limit_is_refused_without_being_read(read, tmp_path: Path) -> None:
    (tmp_path / "ml").mkdir()
    with (tmp_path / "ml" / "big.json").open("wb") as file:
        file.truncate(10 * 1024**3)  # sparse

    assert [item.reason for item in read(check("big.json"))] == ["larger than the limit of 16 MiB"]


def test_a_glob_over_the_limit_is_refused(read, tmp_path: Path) -> None:
    (tmp_path / "ml" / "many").mkdir(parents=True)
    for place in range(MAX_FILES + 1):
        (tmp_path / "ml" / "many" / f"{place}.json").touch()

    (reading,) = read(check("many/*.json"))

    assert (reading.outcome, reading.reason) == ("inconclusive", "its glob matches more than 1,000 files")


def test_each_file_is_parsed_once_however_often_it_is_named(read, write, monkeypatch: pytest.MonkeyPatch) -> None:
    write("ml/r.json", PASSING)
    parsed = []
    original = json_kind.parse
    monkeypatch.setattr(json_kind, "parse", lambda raw: parsed.append(len(raw)) or original(raw))

    readings = read(*[check("r.json")] * 3, check("./r.json"), check("*.json"))

    assert [item.outcome for item in readings] == ["verified"] * 5
    assert len(parsed) == 1


def test_a_reader_that_fails_is_a_finding(read, write, monkeypatch: pytest.MonkeyPatch) -> None:
    write("ml/r.json", PASSING)
    monkeypatch.setattr(json_kind, "parse", lambda raw: 1 / 0)

    assert [item.reason for item in read(check("r.json"))] == ["its reader failed (ZeroDivisionError)"]


def test_a_document_is_hashed_only_when_a_digest_is_given(read, write) -> None:
    write("ml/notes.md", "x")
    digest = hashlib.sha256(b"x").hexdigest()

    readings = read(
        "file: notes.md", f"{{file: notes.md, sha256: {digest}}}", f"{{file: notes.md, sha256: {'0' * 64}}}"
    )

    assert [item.outcome for item in readings] == ["verified", "verified", "contradicted"]


def test_without_a_repository_the_root_is_the_project_s_folder(write) -> None:
    write("r.json", PASSING)
    path = write(
        "ml/project.yaml",
        f"project: p\nanswers: {{data-1: {{status: automated, evidence: [{check('../r.json')}]}}}}",
    )

    assert [item.outcome for item in read_evidence(load_project(path))["data-1"]] == ["inconclusive"]


def test_every_kind_has_a_module_and_its_keys() -> None:
    assert list(KINDS) == list(KEYS)
    for name in KINDS:
        module = kind(name)
        assert callable(module.parse)
        assert callable(module.judge)
        assert module.MAX_BYTES >= 0
        assert SHOWS.get(name, "result") == module.SHOWS


def test_a_package_can_offer_a_kind_of_its_own(read, write, monkeypatch: pytest.MonkeyPatch) -> None:
    """As an installed distribution would: its entry point is the key, and it gets the entry's further keys."""

    class Custom:
        MAX_BYTES = 100

        @staticmethod
        def parse(raw: bytes) -> bytes:
            return raw

        @staticmethod
        def judge(files, entry, test_id: str) -> Reading:
            assert entry.extension is not None
            return Reading("verified", f"{files[0].decode()} {dict(entry.extension.options)} {test_id}", 1)

    class Point:
        name = "custom"

        def load(self) -> type[Custom]:
            return Custom

    def entry_points(*, group: str, name: str | None = None) -> list[Point]:
        if group != "mlscore.evidence":
            return []
        return [Point()]

    monkeypatch.setattr("importlib.metadata.entry_points", entry_points)
    monkeypatch.setattr("mlscore.project._offered", lambda: ["custom"])
    write("ml/r.txt", "hello")

    (reading,) = read("{custom: r.txt, threshold: 3, max_age: 7d}")

    assert reading == Reading("verified", "hello {'threshold': 3} data-1", 1)


def test_the_field_for_packages_cannot_be_written_in_a_file(mlscore, write) -> None:
    write("project.yaml", "project: p\nanswers: {data-1: {status: automated, evidence: [{extension: {kind: x}}]}}")

    run = mlscore("assess", "project.yaml")

    assert (run.code, run.out) == (2, "")
