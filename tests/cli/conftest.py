"""A git repository for the commands that read one."""

import os

import pytest

from git_repository import OUTSIDE, GitFolder


@pytest.fixture
def repo(monkeypatch, tmp_path):
    """An empty repository, in which the test works; no settings of the person's, and none around it."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name, value in (OUTSIDE | {"GIT_CEILING_DIRECTORIES": str(tmp_path)}).items():
        monkeypatch.setenv(name, value)
    folder = GitFolder(tmp_path / "repo")
    monkeypatch.chdir(folder.folder)
    return folder
