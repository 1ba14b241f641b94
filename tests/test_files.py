"""Reading what may not be a file, and writing whole or not at all."""

import io
import os
import stat
from pathlib import Path
from types import SimpleNamespace

import pytest

from mlscore.errors import InputError, OutputError
from mlscore.files import append, edit_file, read_input, repository_of, write_output

LIMIT = 100


class TestRead:
    @pytest.mark.parametrize("size", [0, 1, LIMIT - 1, LIMIT])
    def test_a_file_up_to_the_limit(self, write, size):
        assert read_input(str(write("f", b"x" * size)), LIMIT) == b"x" * size

    @pytest.mark.parametrize("size", [LIMIT + 1, LIMIT + 2, 10 * LIMIT])
    def test_one_byte_more_tells_that_a_file_is_larger(self, write, size):
        assert len(read_input(str(write("f", b"x" * size)), LIMIT)) == LIMIT + 1

    def test_a_sparse_file_of_10_gb_costs_nothing(self):
        with open("f", "wb") as file:
            file.truncate(10 * 1024**3)

        assert len(read_input("f", LIMIT)) == LIMIT + 1

    def test_bytes_come_as_they_are(self, write):
        every = bytes(range(256))

        assert read_input(str(write("f", every)), 256) == every

    def test_a_link_to_a_file_is_read(self, write):
        Path("link").symlink_to(write("f", b"x"))

        assert read_input("link", LIMIT) == b"x"

    @pytest.mark.parametrize(
        ("path", "problem"),
        [
            ("folder", "folder: a folder, not a file"),
            ("fifo", "fifo: not a regular file; pipe it in and name it -"),
            ("link", "link: not a regular file; pipe it in and name it -"),
            ("/dev/zero", "/dev/zero: not a regular file; pipe it in and name it -"),
            ("none", "none: cannot be read: no such file or directory"),
            ("", "'': cannot be read: no such file or directory"),
            ("fifo/x", "fifo/x: cannot be read: not a directory"),
            ("a\0b", "a\\x00b: cannot be read: no such name or stream"),
            ("a\n::error::b", "a\\n::error::b: cannot be read: no such file or directory"),
        ],
    )
    def test_what_is_no_file(self, path, problem):
        Path("folder").mkdir()
        os.mkfifo("fifo")
        Path("link").symlink_to("fifo")

        with pytest.raises(InputError) as caught:
            read_input(path, LIMIT)

        assert str(caught.value) == problem

    def test_no_descriptor_is_left_open(self, write):
        write("f", b"x")
        Path("folder").mkdir()
        before = len(os.listdir("/proc/self/fd"))

        read_input("f", LIMIT)
        with pytest.raises(InputError):
            read_input("folder", LIMIT)

        assert len(os.listdir("/proc/self/fd")) == before

    @pytest.mark.parametrize("size", [0, LIMIT, LIMIT + 1])
    def test_standard_input(self, monkeypatch, size):
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"x" * size * 5)))

        assert len(read_input("-", LIMIT)) == min(size * 5, LIMIT + 1)

    def test_standard_input_that_is_closed(self, monkeypatch):
        monkeypatch.setattr("sys.stdin", None)

        with pytest.raises(InputError, match=r"^<stdin>: cannot be read: no such name or stream$"):
            read_input("-", LIMIT)


def fail(error):
    def raises(*arguments):
        raise error

    return raises


class TestWrite:
    def test_a_new_file(self):
        write_output("f", "größer\n")

        assert Path("f").read_bytes() == "größer\n".encode()
        assert os.listdir() == ["f"]

    def test_an_old_file_is_replaced(self, write):
        write("f", "old" * 1000)
        other = os.stat("f").st_ino

        write_output("f", "new")

        assert Path("f").read_text() == "new"
        assert os.stat("f").st_ino != other
        assert os.listdir() == ["f"]

    @pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
    def test_its_mode_is_what_the_umask_says(self, umask, mode):
        before = os.umask(umask)
        try:
            write_output("f", "x")
        finally:
            os.umask(before)

        assert stat.S_IMODE(os.stat("f").st_mode) == mode

    def test_a_symbolic_link_is_replaced_not_followed(self, write):
        write("victim", "precious")
        Path("f").symlink_to("victim")

        write_output("f", "x")

        assert (Path("victim").read_text(), Path("f").read_text()) == ("precious", "x")
        assert not Path("f").is_symlink()

    def test_a_hard_link_keeps_the_old_content(self, write):
        os.link(write("victim", "precious"), "f")

        write_output("f", "x")

        assert Path("victim").read_text() == "precious"

    @pytest.mark.parametrize(
        ("path", "problem"),
        [
            ("folder", "folder: not written: it is a folder"),
            ("fifo", "fifo: not written: it is not a regular file; use - for stdout"),
            ("/dev/null", "/dev/null: not written: it is not a regular file; use - for stdout"),
            ("none/f", "none/f: not written: no such file or directory"),
            ("fifo/f", "fifo/f: not written: not a directory"),
            ("", "'': not written: no such file or directory"),
            ("a\0b", "a\\x00b: not written: no such name or stream"),
            ("none/\x1b[31m\n", "none/\\x1b[31m\\n: not written: no such file or directory"),
        ],
    )
    def test_places_that_cannot_hold_a_file(self, path, problem):
        Path("folder").mkdir()
        os.mkfifo("fifo")

        with pytest.raises(OutputError) as caught:
            write_output(path, "x")

        assert str(caught.value) == problem
        assert sorted(os.listdir()) == ["fifo", "folder"]

    @pytest.mark.parametrize("name", ["x" * 250 + ".json", "漢" * 80 + ".json", "🚀" * 60 + ".json", ".x", "-"])
    def test_any_name_that_a_file_can_have(self, name):
        """The temporary file's own name must not be longer than a name may be."""
        write_output(name, "x")

        assert os.listdir() == [name]

    @pytest.mark.parametrize("exists", [True, False])
    @pytest.mark.parametrize("step", ["os.fsync", "os.replace"])
    @pytest.mark.parametrize(
        ("error", "raised"),
        [
            (OSError(28, "No space left on device"), OutputError),
            (OSError(27, "File too large"), OutputError),
            (KeyboardInterrupt(), KeyboardInterrupt),
            (MemoryError(), MemoryError),
        ],
        ids=["full", "too large", "Ctrl-C", "memory"],
    )
    def test_a_failure_half_way_leaves_nothing_new(self, write, monkeypatch, exists, step, error, raised):
        if exists:
            write("f", "old")
        monkeypatch.setattr(step, fail(error))

        with pytest.raises(raised):
            write_output("f", "x" * 100_000)

        assert os.listdir() == ["f"] * exists
        assert not exists or Path("f").read_text() == "old"

    def test_text_that_is_not_unicode_leaves_nothing_new(self):
        with pytest.raises(OutputError, match=r"^f: not written: "):
            write_output("f", "\ud800")

        assert os.listdir() == []

    def test_the_reason_is_the_system_s_in_lower_case(self, monkeypatch):
        monkeypatch.setattr("os.replace", fail(PermissionError(13, "Permission denied")))

        with pytest.raises(OutputError, match=r"^f: not written: permission denied$"):
            write_output("f", "x")


class TestEdit:
    """A document that was read and changed stays what it was: its link, its mode."""

    @pytest.mark.parametrize("mode", [0o644, 0o600, 0o755])
    def test_the_mode_stays(self, write, mode):
        write("f", "old").chmod(mode)

        edit_file("f", "new")

        assert (Path("f").read_text(), stat.S_IMODE(os.stat("f").st_mode)) == ("new", mode)
        assert os.listdir() == ["f"]

    def test_a_link_is_followed(self, write):
        write("folder/target", "old")
        Path("link").symlink_to("folder/target")

        edit_file("link", "new")

        assert Path("link").is_symlink()
        assert Path("folder/target").read_text() == "new"
        assert os.listdir("folder") == ["target"]

    @pytest.mark.parametrize(
        ("path", "problem"),
        [
            ("none", "none: not written: no such file or directory"),
            ("loop", "loop: not written: too many levels of symbolic links"),
            ("folder", "folder: not written: it is a folder"),
            ("fifo", "fifo: not written: it is not a regular file; use - for stdout"),
            ("a\0b", "a\\x00b: not written: no such name or stream"),
        ],
    )
    def test_what_is_no_document(self, path, problem):
        Path("folder").mkdir()
        os.mkfifo("fifo")
        Path("loop").symlink_to("loop")

        with pytest.raises(OutputError) as caught:
            edit_file(path, "x")

        # The path behind a link is named in full.
        assert str(caught.value).removeprefix(f"{os.getcwd()}/") == problem

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
    def test_a_file_that_is_read_only_stays(self, write):
        write("f", "old").chmod(0o444)

        with pytest.raises(OutputError, match=r"^f: not written: permission denied$"):
            edit_file("f", "new")

        assert Path("f").read_text() == "old"


class TestAppend:
    def test_text_is_added(self, write):
        write("f", "one\n")

        append("f", "zwölf\n")

        assert Path("f").read_bytes() == "one\nzwölf\n".encode()

    def test_a_file_that_is_not_there_yet(self):
        append("f", "x")

        assert Path("f").read_text() == "x"

    @pytest.mark.parametrize(
        ("path", "reason"),
        [
            ("folder", "is a directory"),
            ("none/f", "no such file or directory"),
            ("a\0b", "no such name or stream"),
        ],
    )
    def test_places_that_cannot_be_added_to(self, path, reason):
        Path("folder").mkdir()

        with pytest.raises(OutputError, match=f": not written: {reason}$"):
            append(path, "x")


class TestRepository:
    @pytest.mark.parametrize("folder", ["repo", "repo/a", "repo/a/b"])
    @pytest.mark.parametrize("mark", ["folder", "file"], ids=["repository", "worktree"])
    def test_the_nearest_folder_with_a_git_is_found(self, tmp_path, folder, mark):
        (tmp_path / "repo/a/b").mkdir(parents=True)
        git = tmp_path / "repo/.git"
        git.mkdir() if mark == "folder" else git.write_text("gitdir: elsewhere\n")

        assert repository_of(str(tmp_path / folder)) == str(tmp_path / "repo")

    def test_there_may_be_none(self):
        assert repository_of("/proc") == ""
