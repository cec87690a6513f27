"""Uploads: streamed, bounded, named by their content, and gone when the folder is full."""

import errno
import io
import os

import pytest

from topodash.runs.uploads import UploadError, Uploads, UploadTooLarge


@pytest.fixture
def uploads(tmp_path):
    return Uploads(tmp_path / "uploads", max_bytes=1000)


def test_a_file_is_kept_once_whoever_uploads_it(uploads):
    first = uploads.store(io.BytesIO(b"x,y\n1,2\n"), 100, "ann", "points.csv")
    second = uploads.store(io.BytesIO(b"x,y\n1,2\n"), 100, "bob", "copy.csv")
    assert first == second
    assert uploads.path(first).read_bytes() == b"x,y\n1,2\n"
    entry = uploads.entry(first)
    assert (entry.name, entry.size, entry.owners) == ("points.csv", 8, ("ann", "bob"))
    assert [entry.id for entry in uploads.entries("bob")] == [first]
    assert uploads.entries("eve") == []
    uploads.delete(first)
    assert list(uploads.folder.iterdir()) == []


def test_too_much_is_refused_while_it_streams(uploads):
    class Endless:
        given = 0

        def read(self, size):
            self.given += size
            return b"x" * size

    stream = Endless()
    with pytest.raises(UploadTooLarge, match="larger than 2 MB"):
        uploads.store(stream, 2 * 2**20, "ann")
    assert stream.given <= 4 * 2**20
    assert list(uploads.folder.iterdir()) == []


def test_an_empty_file_is_refused(uploads):
    with pytest.raises(UploadError, match="empty"):
        uploads.store(io.BytesIO(b""), 100, "ann")


def test_a_connection_or_disk_that_breaks_leaves_nothing(uploads):
    class Broken:
        def read(self, size):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(UploadError, match="No space left"):
        uploads.store(Broken(), 100, "ann")
    assert list(uploads.folder.iterdir()) == []


def test_what_was_unused_for_longest_goes_first(uploads):
    ids = []
    for number in range(4):
        ids.append(uploads.store(io.BytesIO(bytes([number]) * 300), 1000, "ann"))
        os.utime(uploads.folder / f"{ids[-1]}.bin", (number + 1, number + 1))
    uploads.path(ids[1])  # used now
    newest = uploads.store(io.BytesIO(b"z" * 600), 1000, "ann")
    assert {entry.id for entry in uploads.entries()} == {ids[1], newest}
    with pytest.raises(UploadError, match="upload the file again"):
        uploads.path(ids[0])


@pytest.mark.parametrize("upload_id", ["", "../../etc/passwd", "0" * 31, "0" * 32, "A" * 32, None, 7])
def test_ids_never_become_paths(uploads, upload_id):
    for use in (uploads.path, uploads.entry):
        with pytest.raises(UploadError):
            use(upload_id)


def test_a_damaged_note_hides_only_its_own_upload(uploads):
    one = uploads.store(io.BytesIO(b"1"), 100, "ann")
    two = uploads.store(io.BytesIO(b"2"), 100, "ann")
    (uploads.folder / f"{one}.json").write_text("{")
    assert [entry.id for entry in uploads.entries()] == [two]
