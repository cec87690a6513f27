"""The catalogue: whose, called what, in which order, and what is wanted; from many processes at once."""

import multiprocessing
import sqlite3
import threading

import pytest

from topodash.runs import Catalogue, CatalogueError, Control, RunNotFound, RunTooNew

A, B, C = "a" * 16, "b" * 16, "c" * 16


@pytest.fixture
def catalogue(tmp_path):
    return Catalogue(tmp_path / "catalogue.sqlite")


def test_owner_and_title(catalogue):
    catalogue.add(A, "ann", "first")
    catalogue.add(B, "bob", "second")
    catalogue.add(C, "ann", "third")
    assert [entry.id for entry in catalogue.entries("ann")] == [C, A]
    assert [entry.id for entry in catalogue.entries()] == [C, B, A]
    assert [entry.id for entry in catalogue.entries("ann", limit=1)] == [C]
    catalogue.rename(A, "Ünïcode ∅'; DROP TABLE runs")
    assert catalogue.entry(A).title == "Ünïcode ∅'; DROP TABLE runs"
    catalogue.delete(A)
    with pytest.raises(RunNotFound, match="may have been deleted"):
        catalogue.entry(A)
    for change in (
        lambda: catalogue.rename(A, "x"),
        lambda: catalogue.control(A),
        lambda: catalogue.set_control(A),
    ):
        with pytest.raises(RunNotFound):
            change()


def test_the_queue_keeps_its_order_and_holds_a_run_once(catalogue):
    for run_id in (B, A, C, A):
        catalogue.enqueue(run_id)
    assert catalogue.queued() == [B, A, C]
    assert catalogue.dequeue(A)
    assert not catalogue.dequeue(A)
    catalogue.enqueue(A)
    assert catalogue.queued() == [B, C, A]
    catalogue.occupy(B, 123)
    assert catalogue.queued() == [C, A]
    assert [(slot.id, slot.pid, slot.tries) for slot in catalogue.slots()] == [(B, 123, 1)]
    catalogue.move_in(B, 456)
    assert catalogue.slots()[0].pid == 456
    catalogue.vacate(B)
    catalogue.move_in(B, 789)  # too late: the run ended before its starter was done
    assert catalogue.slots() == []


def test_control_changes_only_what_is_given_and_its_version_grows(catalogue):
    catalogue.add(A, "", "", control=Control(epochs_per_second=30.0))
    first = catalogue.control(A)
    assert first == Control(epochs_per_second=30.0, version=1)
    second = catalogue.set_control(A, learning_rate=0.25, pause=True)
    assert second == Control(pause=True, learning_rate=0.25, epochs_per_second=30.0, version=2)
    third = catalogue.set_control(A, epochs_per_second=None)
    assert third == Control(pause=True, learning_rate=0.25, epochs_per_second=None, version=3)
    with pytest.raises(ValueError, match="fields of Control"):
        catalogue.set_control(A, version=9)


@pytest.mark.parametrize(
    ("control", "step", "holds"),
    [
        (Control(), 5, False),
        (Control(pause=True), 5, True),
        (Control(pause=True, step_until=6), 5, False),
        (Control(pause=True, step_until=6), 6, True),
        (Control(step_until=6), 5, False),
        (Control(step_until=6), 7, True),
    ],
)
def test_step_until_wins_over_pause(control, step, holds):
    assert control.holds(step) is holds


def test_another_connection_changes_the_data_version(catalogue, tmp_path):
    catalogue.add(A, "", "")
    other = Catalogue(tmp_path / "catalogue.sqlite")
    before = catalogue.data_version()
    assert catalogue.data_version() == before
    other.set_control(A, pause=True)
    assert catalogue.data_version() != before
    assert catalogue.control(A).pause


def _steer(path, run_id, times):
    catalogue = Catalogue(path)
    for _ in range(times):
        catalogue.set_control(run_id, pause=True)
        catalogue.enqueue(run_id)


def test_no_change_is_lost_among_processes_and_threads(catalogue):
    catalogue.add(A, "", "")
    context = multiprocessing.get_context("fork")  # as a preloading server does, with a connection open
    workers = [context.Process(target=_steer, args=(catalogue.path, A, 40)) for _ in range(3)]
    workers += [threading.Thread(target=_steer, args=(catalogue.path, A, 40)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert catalogue.control(A).version == 1 + 5 * 40
    assert catalogue.queued() == [A]


def test_a_damaged_or_newer_catalogue_says_so(tmp_path):
    path = tmp_path / "catalogue.sqlite"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(CatalogueError, match="cannot be used"):
        Catalogue(path).entries()
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(RunTooNew, match="update TopoDash"):
        Catalogue(path).entries()
    with pytest.raises(CatalogueError):
        Catalogue(tmp_path / "catalogue.sqlite" / "below").entries()


def test_an_id_that_is_none_is_refused(catalogue):
    with pytest.raises(ValueError, match="run_id must be 16"):
        catalogue.add("x", "", "")
