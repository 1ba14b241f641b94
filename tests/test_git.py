"""What is read of a history: the right commits and contents, whatever the repository and its names hold."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from git_repository import OUTSIDE, GitFolder, all_files, script, spied
from mlscore import git
from mlscore.errors import UsageError
from mlscore.git import MAX_BLOB, Repository

TEXT = "project: x\nanswers: {data-1: none}\n" + "# a line that stays, so that a rename is seen\n" * 9


@pytest.fixture(autouse=True)
def apart(monkeypatch, tmp_path):
    """No settings of the person's, and no repository around the test's folder."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name, value in (OUTSIDE | {"GIT_CEILING_DIRECTORIES": str(tmp_path)}).items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def repo(tmp_path):
    return GitFolder(tmp_path / "repo")


def opened(repo, name="p.yaml"):
    return Repository(os.fspath(repo.folder / os.fsdecode(name)))


def commits(found):
    return [revision.commit for revision in found]


class TestChanges:
    """The commits of the main line that changed a file, newest first."""

    def test_each_commit_comes_with_its_parents_date_author_path_and_content(self, repo):
        first = repo.commit({"p.yaml": TEXT})
        second = repo.commit({"p.yaml": TEXT + "#"}, author="Zoë Müller")

        newest, oldest = opened(repo).changes("p.yaml")

        assert newest == (
            second,
            (first,),
            "2026-01-03T12:00:00+00:00",
            "Zoë Müller",
            "p.yaml",
            repo.git("rev-parse", "HEAD:p.yaml"),
        )
        assert oldest[:4] == (first, (), "2026-01-02T12:00:00+00:00", "Anna")

    def test_commits_of_other_files_are_left_out(self, repo):
        first = repo.commit({"p.yaml": TEXT})
        repo.commit({"other": "x", "sub/p.yaml": TEXT + "#"})

        assert commits(opened(repo).changes("p.yaml")) == [first]

    def test_a_file_that_was_never_committed_has_none(self, repo):
        repo.commit({"other": "x"})

        assert opened(repo).changes("p.yaml") == []

    def test_renames_are_followed_whether_or_not_the_content_changed_with_them(self, repo):
        made = [repo.commit({"a.yaml": TEXT}), repo.rename("a.yaml", "sub/b.yaml")]
        made.append(repo.commit({"sub/b.yaml": None, "p.yaml": TEXT + "# and a line more\n"}))

        found = opened(repo).changes("p.yaml")

        assert commits(found) == made[::-1]
        assert [revision.path for revision in found] == ["p.yaml", "sub/b.yaml", "a.yaml"]

    def test_what_another_file_was_called_before_does_not_matter(self, repo):
        """The name that a file had is another file's now."""
        first = repo.commit({"old.yaml": TEXT})
        second = repo.rename("old.yaml", "p.yaml")
        third = repo.commit({"old.yaml": "something else\n"})

        assert commits(opened(repo).changes("p.yaml")) == [second, first]
        assert commits(opened(repo, "old.yaml").changes("old.yaml")) == [third]

    def test_a_file_that_was_deleted_and_added_again_starts_anew(self, repo):
        repo.commit({"p.yaml": TEXT})
        repo.commit({"p.yaml": None})
        third = repo.commit({"p.yaml": TEXT})
        fourth = repo.commit({"p.yaml": TEXT + "#"})

        assert commits(opened(repo).changes("p.yaml")) == [fourth, third]

    def test_a_deleted_file_ends_with_an_empty_content(self, repo):
        repo.commit({"p.yaml": TEXT, "other": "x"})
        gone = repo.commit({"p.yaml": None})

        found = opened(repo).changes("p.yaml")

        assert (found[0].commit, found[0].path, found[0].blob) == (gone, "p.yaml", "")
        assert len(found) == 2

    def test_a_copy_is_not_followed(self, repo):
        repo.commit({"template.yaml": TEXT})
        copied = repo.commit({"p.yaml": TEXT})
        changed = repo.commit({"template.yaml": TEXT + "#", "q.yaml": TEXT})

        assert commits(opened(repo).changes("p.yaml")) == [copied]
        assert commits(opened(repo).changes("q.yaml")) == [changed]

    def test_a_copy_is_not_followed_where_the_repository_asks_for_copies(self, repo):
        repo.git("config", "diff.renames", "copies")
        repo.commit({"template.yaml": TEXT})
        copied = repo.commit({"p.yaml": TEXT, "template.yaml": TEXT + "#"})

        assert commits(opened(repo).changes("p.yaml")) == [copied]

    def test_a_merge_stands_for_all_that_it_brought(self, repo):
        first = repo.commit({"p.yaml": TEXT})
        repo.branch("side")
        repo.commit({"p.yaml": TEXT + "# 1\n"})
        repo.commit({"p.yaml": TEXT + "# 2\n"})
        content = repo.git("rev-parse", "HEAD:p.yaml")
        repo.go("main")
        repo.commit({"other": "x"})
        merged = repo.merge("side")

        found = opened(repo).changes("p.yaml")

        assert commits(found) == [merged, first]
        assert found[0].blob == content

    def test_a_merge_that_brought_nothing_new_is_left_out(self, repo):
        first = repo.commit({"p.yaml": TEXT})
        repo.branch("side")
        repo.commit({"other": "x"})
        repo.go("main")
        second = repo.commit({"p.yaml": TEXT + "#"})
        repo.merge("side")

        assert commits(opened(repo).changes("p.yaml")) == [second, first]

    def test_a_rename_on_a_branch_comes_with_its_merge(self, repo):
        first = repo.commit({"a.yaml": TEXT, "other": "x"})
        repo.branch("side")
        repo.rename("a.yaml", "p.yaml")
        repo.go("main")
        repo.commit({"other": "y"})
        merged = repo.merge("side")

        assert commits(opened(repo).changes("p.yaml")) == [merged, first]

    def test_a_change_of_mode_is_a_change_with_the_same_content(self, repo):
        repo.commit({"p.yaml": TEXT})
        repo.git("update-index", "--chmod=+x", "p.yaml")
        repo.commit_index()

        found = opened(repo).changes("p.yaml")

        assert len(found) == 2
        assert found[0].blob == found[1].blob


class TestGraph:
    """All commits that changed a file, on every branch, with the parents among themselves."""

    def test_both_sides_of_a_merge(self, repo):
        first = repo.commit({"p.yaml": TEXT})
        repo.branch("side")
        side = repo.commit({"p.yaml": TEXT + "# side\n"})
        repo.go("main")
        main = repo.commit({"p.yaml": "# main\n" + TEXT})
        merged = repo.merge("side")

        found = {revision.commit: revision for revision in opened(repo).graph("p.yaml")}

        assert next(iter(found)) == merged
        assert list(found)[-1] == first
        assert found[merged].parents == (main, side)
        assert found[main].parents == found[side].parents == (first,)
        assert found[merged].blob == repo.git("rev-parse", "HEAD:p.yaml")

    def test_commits_of_other_files_are_bridged(self, repo):
        first = repo.commit({"p.yaml": TEXT})
        repo.commit({"other": "x"})
        last = repo.commit({"p.yaml": TEXT + "#"})

        newest, oldest = opened(repo).graph("p.yaml")

        assert (newest.commit, newest.parents, oldest.commit) == (last, (first,), first)

    def test_earlier_names_belong_to_it(self, repo):
        made = [repo.commit({"a.yaml": TEXT}), repo.rename("a.yaml", "b.yaml"), repo.rename("b.yaml", "p.yaml")]

        assert commits(opened(repo).graph("p.yaml")) == made[::-1]


class TestPathAt:
    """What a file was called in an earlier commit."""

    def test_the_old_name_of_a_renamed_file(self, repo):
        first = repo.commit({"a.yaml": TEXT, "other": "x"})
        repo.rename("a.yaml", "sub/p.yaml")
        repo.commit({"sub/p.yaml": TEXT + "#"})

        assert opened(repo, "sub/p.yaml").path_at(first, "sub/p.yaml") == "a.yaml"

    @pytest.mark.parametrize("name", ["p.yaml", "none.yaml"])
    def test_a_file_that_was_not_renamed_has_its_own_name(self, repo, name):
        first = repo.commit({"p.yaml": TEXT})
        repo.commit({"p.yaml": TEXT + "#"})

        assert opened(repo).path_at(first, name) == name

    @pytest.mark.parametrize("name", [b"a\nb.yaml", b"-a b.yaml", b'"a".yaml', b"\xff.yaml", "ü.yaml".encode()])
    def test_names_of_any_kind(self, repo, name):
        first = repo.commit({name: TEXT})
        (repo.folder / os.fsdecode(name)).rename(repo.folder / "p.yaml")
        repo.commit()

        assert opened(repo).path_at(first, "p.yaml") == os.fsdecode(name)


NO_COMMITS = {
    "an option": "--help",
    "a short option": "-x",
    "an option with a program": "--upload-pack=touch x",
    "an option that writes": "--output=x",
    "a line break": "main\nHEAD",
    "NUL": "main\0",
    "nothing": "",
    "a space": " ",
    "a file": "HEAD:p.yaml",
    "a folder": "HEAD:",
    "a tree": "HEAD^{tree}",
    "no upstream": "@{u}",
    "a range": "main..HEAD",
    "all parents": "HEAD^@",
    "very long": "x" * 10_000,
    "too long for the system": "x" * 200_000,
    "not UTF-8": "\udcff",
    "unknown": "nope",
    "unknown commit": "0" * 40,
    "a glob": "mai*",
}


class TestCommits:
    @pytest.mark.parametrize("ref", ["main", "HEAD", "HEAD~0", "v1", "v1^{}", "@", "refs/heads/main", "a/ü"])
    def test_every_way_to_name_a_commit(self, repo, ref):
        head = repo.commit({"p.yaml": TEXT})
        repo.git("branch", "a/ü")
        repo.git("tag", "-a", "-m", "x", "v1")

        assert opened(repo).commit(ref) == opened(repo).commit(head[:10]) == head

    @pytest.mark.parametrize("ref", NO_COMMITS.values(), ids=NO_COMMITS)
    def test_what_is_no_commit_is_refused_in_one_short_line(self, repo, ref):
        repo.commit({"p.yaml": TEXT})
        before = all_files(repo.folder)

        with pytest.raises(UsageError) as said:
            opened(repo).commit(ref)

        assert str(said.value).endswith(" is no commit of this repository")
        assert len(str(said.value)) < 120
        assert "\n" not in str(said.value)
        assert all_files(repo.folder) == before
        assert not Path("x").exists()

    def test_a_branch_that_is_called_like_an_option(self, repo):
        head = repo.commit({"p.yaml": TEXT})
        repo.git("update-ref", "refs/heads/-x", head)

        assert opened(repo).commit("-x") == opened(repo).commit("refs/heads/-x") == head

    def test_a_repository_without_commits(self, repo):
        with pytest.raises(UsageError, match="'HEAD' is no commit of this repository"):
            opened(repo).commit("HEAD")

    def test_the_merge_base_is_where_two_branches_part(self, repo):
        first = repo.commit({"p.yaml": TEXT})
        repo.branch("side")
        repo.commit({"p.yaml": TEXT + "#"})
        repo.go("main")
        repo.commit({"other": "x"})
        repo.go("side")

        assert opened(repo).merge_base("main") == first

    def test_the_merge_base_of_a_merge_is_what_was_merged(self, repo):
        repo.commit({"p.yaml": TEXT})
        repo.branch("side")
        repo.commit({"p.yaml": TEXT + "#"})
        repo.go("main")
        tip = repo.commit({"other": "x"})
        repo.branch("pull")
        repo.merge("side")

        assert opened(repo).merge_base("main") == tip

    def test_no_common_history(self, repo):
        repo.commit({"p.yaml": TEXT})
        repo.git("checkout", "-q", "--orphan", "other")
        repo.commit({"p.yaml": TEXT + "#"})

        with pytest.raises(UsageError, match="'main' and HEAD have no common commit: they share no history"):
            opened(repo).merge_base("main")

    def test_a_shallow_clone_says_that_it_is_one(self, repo, tmp_path):
        first = repo.commit({"p.yaml": TEXT})
        repo.branch("side")
        repo.commit({"p.yaml": TEXT + "#"})
        repo.go("main")
        repo.commit({"other": "x"})
        clone = tmp_path / "clone"
        repo.git("clone", "-q", "--depth=1", "--no-single-branch", f"file://{repo.folder}", clone)
        found = Repository(os.fspath(clone / "p.yaml"))

        assert found.is_shallow
        assert not opened(repo).is_shallow
        with pytest.raises(UsageError, match="is no commit of this repository; the clone is shallow, fetch more"):
            found.commit(first)
        with pytest.raises(UsageError, match="have no common commit: the clone is shallow, fetch more of it"):
            found.merge_base("origin/side")


class TestObjects:
    """Contents, one after another, from one process."""

    def test_contents_by_commit_and_path_and_by_id(self, repo):
        repo.commit({"p.yaml": TEXT, "sub/empty": "", "no line end": b"\0x"})

        with opened(repo).objects() as objects:
            assert objects.read("HEAD:p.yaml") == TEXT.encode()
            assert objects.read("HEAD:sub/empty") == b""
            assert objects.read("HEAD:no line end") == b"\0x"
            assert objects.read(repo.git("rev-parse", "HEAD:p.yaml")) == TEXT.encode()

    @pytest.mark.parametrize(
        "name",
        [
            "HEAD:none.yaml",
            "HEAD:p.yaml ",
            "HEAD:sub",
            "HEAD:",
            "HEAD",
            "nope:p.yaml",
            "",
            " ",
            "--batch",
            "0" * 40,
            "HEAD:p.yaml\nHEAD:p.yaml",
            "HEAD:\0p.yaml",
            "HEAD:" + "x/" * 5_000,
            "HEAD:\udcff",
        ],
        ids=repr,
    )
    def test_what_is_no_file_is_none_and_the_next_one_is_read_all_the_same(self, repo, name):
        repo.commit({"p.yaml": TEXT, "sub/p.yaml": TEXT})

        with opened(repo).objects() as objects:
            assert objects.read(name) is None
            assert objects.read("HEAD:p.yaml") == TEXT.encode()

    @pytest.mark.parametrize("more", [-1, 0, 1, 2, MAX_BLOB, MAX_BLOB + 1, 2 * MAX_BLOB + 5])
    def test_of_a_large_file_one_byte_more_than_the_limit_is_read(self, repo, more):
        repo.commit({"p.yaml": TEXT, "large": b"x" * (MAX_BLOB + more)})

        with opened(repo).objects() as objects:
            assert len(objects.read("HEAD:large")) == MAX_BLOB + min(more, 1)
            assert objects.read("HEAD:p.yaml") == TEXT.encode()

    def test_a_content_that_is_damaged_is_not_there(self, repo):
        repo.commit({"p.yaml": TEXT, "q.yaml": TEXT + "#"})
        blob = repo.git("rev-parse", "HEAD:p.yaml")
        place = repo.folder / ".git" / "objects" / blob[:2] / blob[2:]
        place.chmod(0o644)
        place.write_bytes(b"not compressed")

        with opened(repo).objects() as objects:
            assert objects.read("HEAD:p.yaml") is None
            assert objects.read("HEAD:q.yaml") == (TEXT + "#").encode()

    def test_a_git_that_hangs_while_it_reads_is_ended(self, repo, tmp_path, monkeypatch):
        repo.commit({"p.yaml": TEXT})
        found = opened(repo)
        monkeypatch.setattr(git, "MAX_READING", 0.2)
        script(tmp_path / "bin" / "git", "exec sleep 30")
        monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")

        with found.objects() as objects, pytest.raises(UsageError, match="reading the history ended early"):
            objects.read("HEAD:p.yaml")

    def test_no_process_is_left(self, repo):
        repo.commit({"p.yaml": TEXT})

        with opened(repo).objects() as objects:
            objects.read("HEAD:p.yaml")

        assert objects._process.returncode is not None
        assert objects._process.stdout.closed


NAMES = [
    b"a b.yaml",
    b" a.yaml ",
    b'"a".yaml',
    b"'a'.yaml",
    b"a\nb.yaml",
    b"a\tb.yaml",
    b"a\\b.yaml",
    b"-a.yaml",
    b"--help",
    b"--output=x",
    b":(glob)*",
    b":(exclude)p.yaml",
    b":!p.yaml",
    b"*",
    b"[p].yaml",
    b"HEAD",
    b"a:b.yaml",
    b"commit",
    b":100644 100644 a b M",
    "größer🚀.yaml".encode(),
    b"\xff\xfe.yaml",
    b"\x1b[31m.yaml",
    b"p.yaml missing",
]


@pytest.mark.parametrize("name", NAMES, ids=repr)
class TestNames:
    """A file may be called anything: its history is its own, and complete."""

    def test_its_history(self, repo, name):
        made = [repo.commit({name: TEXT}), repo.commit({"p.yaml": "x\n"}), repo.commit({name: TEXT + "#"})]
        path = os.fsdecode(name)
        found = opened(repo, name)

        changes = found.changes(found.path_of(os.fspath(repo.folder / path)))

        assert commits(changes) == [made[2], made[0]]
        assert [revision.path for revision in changes] == [path, path]
        assert commits(found.graph(path)) == [made[2], made[0]]
        with found.objects() as objects:
            assert objects.read(changes[0].blob) == (TEXT + "#").encode()
            if b"\n" not in name:
                assert objects.read(f"{made[0]}:{path}") == TEXT.encode()

    def test_its_renames(self, repo, name):
        first = repo.commit({"before.yaml": TEXT})
        path = os.fsdecode(name)
        second = repo.rename("before.yaml", path)

        assert commits(opened(repo).changes(path)) == [second, first]
        assert opened(repo).path_at(first, path) == "before.yaml"


@pytest.mark.parametrize(
    "setting",
    ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_NAMESPACE", "GIT_CONFIG_PARAMETERS"],
)
def test_what_a_hook_says_of_another_repository_does_not_mislead(repo, tmp_path, monkeypatch, setting):
    head = repo.commit({"p.yaml": TEXT})
    other = GitFolder(tmp_path / "other")
    other.commit({"p.yaml": "other\n"})
    values = {
        "GIT_DIR": f"{other.folder}/.git",
        "GIT_WORK_TREE": f"{other.folder}",
        "GIT_INDEX_FILE": f"{other.folder}/.git/index",
        "GIT_CONFIG_PARAMETERS": "'log.showroot'='true'",
    }
    monkeypatch.setenv(setting, values.get(setting, "sub/"))

    found = opened(repo)

    assert found.root == os.fspath(repo.folder)
    assert commits(found.changes("p.yaml")) == [head]


def test_a_program_for_differences_in_the_environment_is_not_run(repo, tmp_path, monkeypatch):
    first = repo.commit({"p.yaml": TEXT})
    repo.rename("p.yaml", "q.yaml")
    evil = script(tmp_path / "evil", f'touch "{tmp_path}/ran"')
    for name in ("GIT_EXTERNAL_DIFF", "GIT_PAGER", "PAGER", "GIT_SSH_COMMAND", "GIT_ASKPASS", "GIT_EDITOR"):
        monkeypatch.setenv(name, os.fspath(evil))

    read_all(repo, first, "q.yaml")

    assert not (tmp_path / "ran").exists()


def read_all(repo, first, path):
    found = opened(repo, path)
    assert found.changes(path)
    assert found.graph(path)
    found.path_at(first, path)
    found.merge_base("main")
    with found.objects() as objects:
        assert objects.read(f"HEAD:{path}") is not None


SIGN = 'cat > /dev/null\necho "\n[GNUPG:] SIG_CREATED " >&2\necho "-----BEGIN PGP SIGNATURE-----"\n'
PROGRAMS = {
    # setting: (what the repository's config holds, .gitattributes, a command of git that does run it)
    "core.fsmonitor": ({"core.fsmonitor": "EVIL"}, "", ["status"]),
    "diff.external": ({"diff.external": "EVIL"}, "", ["diff", "HEAD~1"]),
    "a driver": ({"diff.evil.command": "EVIL"}, "*.yaml diff=evil", ["diff", "HEAD~1"]),
    "textconv": ({"diff.evil.textconv": "EVIL"}, "*.yaml diff=evil", ["diff", "HEAD~1"]),
    "clean": ({"filter.evil.clean": "EVIL"}, "*.yaml filter=evil", ["diff"]),
    "process": ({"filter.evil.process": "EVIL"}, "*.yaml filter=evil", ["diff"]),
    "gpg.program": ({"log.showSignature": "true", "gpg.program": "EVIL"}, "", ["log"]),
    "core.pager": ({"core.pager": "EVIL", "pager.log": "true", "pager.diff": "EVIL"}, "", None),
    "alias": ({"alias.log": "!EVIL", "alias.diff": "!EVIL", "alias.rev-parse": "!EVIL"}, "", None),
    "promisor": (
        {
            "core.repositoryFormatVersion": "1",
            "extensions.partialClone": "origin",
            "remote.origin.promisor": "true",
            "remote.origin.url": "ext::EVIL",
            "protocol.ext.allow": "always",
        },
        "",
        ["cat-file", "-p", "HEAD~1:p.yaml"],
    ),
}


@pytest.mark.parametrize(("settings", "attributes", "control"), PROGRAMS.values(), ids=PROGRAMS)
def test_no_program_is_run_that_the_repository_names(repo, tmp_path, settings, attributes, control):
    evil = script(tmp_path / "evil", f'touch "{tmp_path}/ran"')
    repo.git("config", "gpg.program", script(tmp_path / "sign", SIGN))
    repo.git("config", "commit.gpgSign", "true")
    first = repo.commit({"p.yaml": TEXT})
    repo.commit({"p.yaml": TEXT + "#"})
    repo.write(".gitattributes", attributes)
    repo.write("p.yaml", TEXT + "# not committed\n")
    if "extensions.partialClone" in settings:
        blob = repo.git("rev-parse", "HEAD~1:p.yaml")
        (repo.folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    for name, value in settings.items():
        repo.git("config", name, value.replace("EVIL", os.fspath(evil)))

    read_all(repo, first, "p.yaml")
    with opened(repo).objects() as objects:
        objects.read("HEAD~1:p.yaml")

    assert not (tmp_path / "ran").exists()
    if control:  # the trap is set: git itself walks into it
        subprocess.run(["git", "-C", repo.folder, *control], capture_output=True, check=False)
        assert (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("color.ui", "always"),
        ("core.abbrev", "4"),
        ("core.quotePath", "true"),
        ("diff.noPrefix", "true"),
        ("diff.relative", "true"),
        ("diff.renameLimit", "1"),
        ("diff.renames", "false"),
        ("format.pretty", "oneline"),
        ("log.abbrevCommit", "true"),
        ("log.date", "relative"),
        ("log.decorate", "full"),
        ("log.follow", "true"),
        ("log.mailmap", "false"),
        ("notes.displayRef", "*"),
    ],
)
def test_settings_of_the_repository_do_not_change_what_is_found(repo, name, value):
    first = repo.commit({"a.yaml": TEXT, "other": "x"})
    repo.branch("side")
    repo.rename("a.yaml", "p.yaml", author="Zoë")
    repo.go("main")
    repo.commit({"other": "y"})
    repo.merge("side")
    expected = opened(repo).changes("p.yaml"), opened(repo).graph("p.yaml"), "a.yaml"

    repo.git("config", name, value)

    found = opened(repo)
    assert (found.changes("p.yaml"), found.graph("p.yaml"), found.path_at(first, "p.yaml")) == expected


class TestGitItself:
    """The program may be missing, slow, or say no."""

    def test_git_is_not_installed(self, repo, tmp_path, monkeypatch):
        monkeypatch.setenv("PATH", os.fspath(tmp_path))

        with pytest.raises(UsageError, match="git is needed for this, but it is not installed"):
            opened(repo)

    def test_git_went_away(self, repo, tmp_path, monkeypatch):
        found = opened(repo)
        monkeypatch.setenv("PATH", os.fspath(tmp_path))

        with pytest.raises(UsageError, match="git is needed for this, but it is not installed"):
            found.objects()

    def test_git_may_not_be_run(self, repo, tmp_path, monkeypatch):
        script(tmp_path / "bin" / "git", "").chmod(0o644)
        monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}")

        with pytest.raises(UsageError, match="git cannot be run: permission denied"):
            opened(repo)

    def test_git_hangs(self, repo, tmp_path, monkeypatch):
        script(tmp_path / "bin" / "git", "exec sleep 30")
        monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
        monkeypatch.setattr(git, "TIMEOUT", 0.2)

        with pytest.raises(UsageError, match=r"git rev-parse took longer than 0\.2 seconds"):
            opened(repo)

    @pytest.mark.parametrize(
        ("body", "says"),
        [
            ("exit 3", "git: rev-parse ended with 3"),
            ("echo 'fatal: no, not today' >&2; echo more >&2; exit 128", "git: no, not today"),
            (r"printf '\377\n' >&2; exit 1", "git: �"),
        ],
    )
    def test_its_own_words_are_told_where_it_fails(self, repo, tmp_path, monkeypatch, body, says):
        script(tmp_path / "bin" / "git", body)
        monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")

        with pytest.raises(UsageError) as said:
            opened(repo)

        assert str(said.value) == says

    def test_its_words_are_cut(self, repo, tmp_path, monkeypatch):
        script(tmp_path / "bin" / "git", "head -c 1000000 /dev/zero | tr '\\0' x >&2; exit 1")
        monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")

        with pytest.raises(UsageError) as said:
            opened(repo)

        assert len(str(said.value)) <= git.MAX_SAID + len("git: ")

    def test_its_words_are_english_everywhere(self, repo, tmp_path, monkeypatch):
        path, _ = spied(tmp_path)
        monkeypatch.setenv("PATH", path)
        script(tmp_path / "bin" / "git", 'echo "$LC_ALL $GIT_TERMINAL_PROMPT" >&2; exit 1')
        monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")

        with pytest.raises(UsageError, match="git: C 0"):
            opened(repo)

    def test_a_repository_of_somebody_else_is_refused(self, repo, monkeypatch):
        repo.commit({"p.yaml": TEXT})
        monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")

        with pytest.raises(UsageError, match="git: detected dubious ownership in repository"):
            opened(repo)


class TestPlaces:
    """Where a repository may lie, and what may look like one."""

    def test_a_linked_worktree(self, repo, tmp_path):
        head = repo.commit({"p.yaml": TEXT})
        repo.git("worktree", "add", "-q", "-b", "side", tmp_path / "tree")
        path = os.fspath(tmp_path / "tree" / "p.yaml")
        found = Repository(path)

        assert found.root == os.fspath(tmp_path / "tree")
        assert commits(found.changes(found.path_of(path))) == [head]
        assert found.commit("HEAD") == found.commit("side") == head

    def test_a_submodule_is_a_repository_of_its_own(self, repo, tmp_path):
        inner = GitFolder(tmp_path / "inner")
        head = inner.commit({"p.yaml": TEXT})
        repo.commit({"p.yaml": "outer\n"})
        repo.git(
            "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.folder), "modules/in"
        )
        repo.commit()
        path = os.fspath(repo.folder / "modules" / "in" / "p.yaml")
        found = Repository(path)

        assert found.path_of(path) == "p.yaml"
        assert commits(found.changes("p.yaml")) == [head]

    def test_the_path_of_a_file_in_a_subfolder_is_taken_from_the_top(self, repo, monkeypatch):
        repo.commit({"sub/deep/p.yaml": TEXT})
        monkeypatch.chdir(repo.folder / "sub")

        for path in ("deep/p.yaml", "../sub/deep/p.yaml", os.fspath(repo.folder / "sub/deep/p.yaml")):
            assert Repository(path).path_of(path) == "sub/deep/p.yaml"

    def test_a_folder_that_is_reached_by_a_link(self, repo, tmp_path):
        head = repo.commit({"p.yaml": TEXT})
        (tmp_path / "link").symlink_to(repo.folder)
        path = os.fspath(tmp_path / "link" / "p.yaml")
        found = Repository(path)

        assert found.path_of(path) == "p.yaml"
        assert commits(found.changes("p.yaml")) == [head]

    @pytest.mark.parametrize("name", [" a", "a ", "größe", "-x", ":(glob)*", '"'])
    def test_folders_of_any_name(self, tmp_path, name):
        repo = GitFolder(tmp_path / name)
        head = repo.commit({"p.yaml": TEXT})

        assert opened(repo).root == os.fspath(repo.folder)
        assert commits(opened(repo).changes("p.yaml")) == [head]

    def test_no_repository(self, tmp_path):
        with pytest.raises(UsageError, match="git: not a git repository"):
            Repository(os.fspath(tmp_path / "p.yaml"))

    def test_a_bare_repository(self, tmp_path):
        repo = GitFolder(tmp_path / "bare", "--bare")

        with pytest.raises(UsageError, match="git: this operation must be run in a work tree"):
            opened(repo)

    def test_a_bare_repository_hidden_in_the_tree_is_not_taken(self, repo):
        """Its config could name programs; a clone can hold such a folder."""
        repo.commit({"p.yaml": TEXT})
        GitFolder(repo.folder / "bare", "--bare")

        with pytest.raises(UsageError, match="git: this operation must be run in a work tree"):
            opened(repo, "bare/p.yaml")

    @pytest.mark.parametrize(
        ("content", "says"),
        [("", "git: "), ("gitdir: /nowhere\n", "git: not a git repository"), ("nonsense", "git: invalid gitfile")],
    )
    def test_a_git_file_that_leads_nowhere(self, tmp_path, content, says):
        (tmp_path / ".git").write_text(content)

        with pytest.raises(UsageError, match=says):
            Repository(os.fspath(tmp_path / "p.yaml"))

    def test_a_git_folder_without_a_config_or_with_a_broken_one(self, repo):
        repo.commit({"p.yaml": TEXT})
        (repo.folder / ".git" / "config").write_text("[core\n")

        with pytest.raises(UsageError, match="git: bad config line 1"):
            opened(repo)

    def test_a_folder_that_is_gone(self, tmp_path):
        with pytest.raises(UsageError, match="git: cannot change to"):
            Repository(os.fspath(tmp_path / "none" / "p.yaml"))

    def test_a_name_with_nul(self):
        with pytest.raises(UsageError, match="git cannot be run"):
            Repository("a\0/p.yaml")

    def test_a_repository_with_longer_names_of_commits(self, tmp_path):
        repo = GitFolder(tmp_path / "repo", "--object-format=sha256")
        first = repo.commit({"a.yaml": TEXT})
        second = repo.rename("a.yaml", "p.yaml")
        found = opened(repo)

        assert len(first) == 64
        assert commits(found.changes("p.yaml")) == commits(found.graph("p.yaml")) == [second, first]
        assert found.path_at(first, "p.yaml") == "a.yaml"
        with found.objects() as objects:
            assert objects.read(f"{first}:a.yaml") == TEXT.encode()
        repo.commit({"p.yaml": None, "other": "x"})
        assert found.changes("p.yaml")[0].blob == ""

    def test_replaced_commits_are_taken_as_they_were(self, repo):
        repo.commit({"p.yaml": TEXT})
        blob = repo.git("rev-parse", "HEAD:p.yaml")
        other = repo.git("hash-object", "-w", "--stdin", stdin=b"something else")
        repo.git("replace", blob, other)

        with opened(repo).objects() as objects:
            assert objects.read("HEAD:p.yaml") == TEXT.encode()


def test_nothing_is_written(repo):
    first = repo.commit({"a.yaml": TEXT})
    repo.rename("a.yaml", "p.yaml")
    repo.write("p.yaml", TEXT + "# not committed\n")
    os.utime(repo.folder / "p.yaml", (0, 0))  # git would refresh its index
    before = all_files(repo.folder)

    read_all(repo, first, "p.yaml")

    assert all_files(repo.folder) == before


def test_git_is_there():
    """The tests above mean something only where it is."""
    assert shutil.which("git")
