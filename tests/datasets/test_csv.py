"""A user's file: what comes out of good ones, and what bad ones are told."""

import copy
import csv
import io
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topodash.datasets import CsvError, counted, inspect_csv, read_csv, read_table

GOOD = "x,y,label\n1,10,a\n2,20,b\n3,60,a\n"


def stream(text, encoding="utf-8"):
    return io.BytesIO(text if isinstance(text, bytes) else text.encode(encoding))


def read(text, *, x="x", y="y", label="label", encoding="utf-8", **more):
    return read_csv(stream(text, encoding), x=x, y=y, label=label, **more)


def test_standardised_points_lead_back_to_the_units_of_the_file():
    data = read(GOOD)
    assert data.columns == ("x", "y")
    assert data.centre.tolist() == [2, 30]
    assert data.scale == pytest.approx([np.std([1, 2, 3]), np.std([10, 20, 60])])
    assert data.points.mean(axis=0) == pytest.approx([0, 0], abs=1e-6)
    assert data.points.std(axis=0) == pytest.approx([1, 1])
    assert data.original() == pytest.approx(np.array([[1, 10], [2, 20], [3, 60]]), rel=1e-6)
    assert data.labels.tolist() == [0, 1, 0]
    assert data.class_names == ("a", "b")
    assert data.notices == ()
    assert data.meta["rows_read"] == data.meta["rows_kept"] == 3
    raw = read(GOOD, standardise=False)
    assert raw.points.tolist() == [[1, 10], [2, 20], [3, 60]]
    assert (raw.centre.tolist(), raw.scale.tolist()) == ([0, 0], [1, 1])


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_delimiters_newlines_and_encodings(delimiter, newline, encoding):
    text = 'größe,y,"la, bel; x"\n1,10,é\n2,20,b\n\n3,60,é\n'
    rows = list(csv.reader(io.StringIO(text)))
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=newline).writerows(rows)
    data = read(out.getvalue(), x="größe", label="la, bel; x", encoding=encoding)
    assert data.class_names == ("b", "é")
    assert data.original()[:, 0] == pytest.approx([1, 2, 3])
    assert any("Latin-1" in each for each in data.notices) == (encoding == "latin-1")


def test_a_path_works_and_a_stream_stays_open(tmp_path):
    path = tmp_path / "points.csv"
    path.write_text(GOOD)
    assert len(read_csv(path, x="x", y="y", label="label").points) == 3
    assert len(read_csv(str(path), x="x", y="y", label="label").points) == 3
    with path.open("rb") as file:
        assert inspect_csv(file).rows == 3
        assert len(read_csv(file, x="x", y="y", label="label").points) == 3
    with pytest.raises(ValueError, match="source must be"):
        inspect_csv(io.StringIO(GOOD))


def test_no_header_repeated_and_missing_names():
    data = read("1,10,0\n2,20,1\n", x="column 1", y="column 2", label="column 3")
    assert len(data.points) == 2
    assert "read as data" in data.notices[0]
    assert [each.name for each in inspect_csv(stream("a,,a,a\n1,2,3,4\n")).columns] == [
        "a",
        "column 2",
        "a (2)",
        "a (3)",
    ]


def test_classes_in_numeric_order_where_they_are_numbers():
    assert read("x,y,label\n1,1,10\n2,3,9\n4,4,2\n").class_names == ("2", "9", "10")
    assert read("x,y,label\n1,1,10\n2,3,9\n4,4,b\n").class_names == ("10", "9", "b")


BAD = [
    ("", "The file is empty.", {}),
    ("\n\n", "The file is empty.", {}),
    ("x,y,label\n", "The file has a header but no rows.", {}),
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "The file is binary", {}),
    (GOOD.encode("utf-16"), "UTF-16", {}),
    (
        "x,y,label\n1,2,a\nn/a,2,b\n3,n/a,a\n",
        'Row 3, column "x": "n/a" is not a number. 2 such rows; import without them?',
        {"row": 3, "column": "x", "text": "n/a", "count": 2, "can_drop": True},
    ),
    (
        "x,y,label\n1,2,a\n1,nan,b\n",
        'Row 3, column "y": "nan" is not finite. 1 such row; import without it?',
        {"row": 3, "column": "y", "count": 1, "can_drop": True},
    ),
    ("x,y,label\n1,2,a\n-inf,1,b\n", 'Row 3, column "x": "-inf" is not finite.', {"can_drop": True}),
    ("x,y,label\n1,2,a\n1e999,1,b\n", "is not finite", {"row": 3}),
    ("x,y,label\n1,2,a\n1_000,1,b\n", '"1_000" is not a number', {"row": 3}),
    ("x,y,label\n1,2,a\n,1,b\n", 'Row 3, column "x": the cell is empty.', {"row": 3, "text": ""}),
    ("x,y,label\n1,2,a\n1,1, \n", 'Row 3, column "label": the cell is empty.', {"row": 3, "column": "label"}),
    ("x;y;label\n1,5;2;a\n2;1;b\n", '"1,5" has a decimal comma', {"row": 2}),
    ("x,y,label\n1,2,a\n\n1,2\n3,4,b\n", "Row 4 has 2 cells, the header has 3.", {"row": 4, "column": None}),
    ("x,y,label\nu,v,a\nw,1,b\n", "2 such rows, and no other.", {"row": 2, "count": 2, "can_drop": False}),
    ("x,y,label\n1,2,a\n", "The file has one usable row", {}),
    ("x,y,label\n1,2,a\n3,4,a\n", 'Column "label" holds one class only ("a")', {"column": "label"}),
    ("x,y,label\n1,2,a\n1,4,b\n", 'Column "x" is constant: every value is 1.', {"column": "x"}),
    ("x,y,label\n1e308,2,a\n-1e308,4,b\n", 'Column "x" reaches from', {"column": "x"}),
    ("x,y,label\n1e-300,2,a\n2e-300,4,b\n", 'Column "x" reaches from', {"column": "x"}),
    ("x,z,label\n1,2,a\n1,4,b\n", 'There is no column "y". The file has "x", "z", "label".', {"column": "y"}),
    ("x,y,label\n" + "".join(f"{i},{i * i},{i}\n" for i in range(11)), "11 different values", {}),
    ('x,y,label\n1,"' + "2,a\n" * 50_000, "quotation mark", {}),
    ("x" * 3_000_000, "a row longer than 1 MB", {}),
]


@pytest.mark.parametrize(("text", "message", "fields"), BAD, ids=[each[1][:30] for each in BAD])
def test_every_bad_file_is_told_where_what_and_what_to_do(text, message, fields):
    with pytest.raises(CsvError, match=re.escape(message)) as caught:
        read(text)
    for name, value in fields.items():
        assert getattr(caught.value, name) == value
    assert caught.value.as_dict()["message"] == str(caught.value)
    again = copy.copy(caught.value)  # as when a worker process hands it to the page
    assert again.as_dict() == caught.value.as_dict()


@pytest.mark.parametrize(("count", "words"), [(0, "0 rows"), (1, "1 row"), (2000, "2,000 rows")])
def test_a_number_of_things_is_said_with_its_plural(count, words):
    assert counted(count, "row") == words
    assert counted(count, "class", "classes").endswith("class" if count == 1 else "classes")


def test_bad_rows_can_be_left_out_and_that_is_said():
    data = read("x,y,label\n1,2,a\nn/a,2,b\n3,3\n4,5,b\ninf,1,c\n", drop_bad_rows=True)
    assert data.original() == pytest.approx(np.array([[1, 2], [4, 5]]))
    assert data.class_names == ("a", "b")
    assert data.meta["rows_read"] == 5
    assert data.meta["rows_dropped"] == 3
    assert data.notices == ('3 bad rows were left out; the first: Row 3, column "x": "n/a" is not a number.',)


def test_unstandardised_numbers_must_fit_float32():
    with pytest.raises(CsvError, match=r"1 to 1e\+50, which is out of range"):
        read("x,y,label\n1,2,a\n1e50,4,b\n", standardise=False)
    assert np.abs(read("x,y,label\n1,2,a\n1e50,4,b\n").points).tolist() == [[1, 1], [1, 1]]


def test_same_column_twice_and_bad_arguments_are_refused():
    with pytest.raises(CsvError, match="two different columns"):
        read(GOOD, y="x")
    with pytest.raises(ValueError, match="held_out"):
        read(GOOD, held_out=1)
    for limit in (0, -1, 2.5, True):
        with pytest.raises(ValueError, match="limit"):
            read(GOOD, limit=limit)
    with pytest.raises(ValueError, match="columns"):
        read_table(stream(GOOD), "x")
    with pytest.raises(ValueError, match="distinct"):
        inspect_csv(stream(GOOD), distinct=0)


@pytest.fixture(scope="module")
def long_file():
    rows = "".join(f"{i},{(i * 7919) % 10007},{'ab'[i % 2]}\n" for i in range(30_000))
    return ("x,y,label\n" + rows).encode()


def test_large_files_are_sampled_fairly_seeded_and_said(long_file):
    first = read(long_file, limit=5000, seed=1)
    again = read(long_file, limit=5000, seed=1)
    assert np.array_equal(first.points, again.points)
    assert len(first.points) == 5000
    assert "5,000 of 30,000 rows, drawn at random with seed 1." in first.notices
    assert first.meta["rows_sampled"]
    x = first.original()[:, 0]
    assert np.all(np.diff(x) > 0), "no row twice, in the order of the file"
    assert np.histogram(x, bins=10, range=(0, 30_000))[0] == pytest.approx(np.full(10, 500), abs=90)
    assert not np.array_equal(first.points, read(long_file, limit=5000, seed=2).points)


def test_the_sample_does_not_depend_on_how_rows_are_batched(long_file, monkeypatch):
    before = read_table(stream(long_file), ["x"], limit=700)
    monkeypatch.setattr("topodash.datasets.csv_source._BATCH_ROWS", 37)
    after = read_table(stream(long_file), ["x"], limit=700)
    assert np.array_equal(before.rows, after.rows)
    assert np.array_equal(before.values, after.values)
    assert np.array_equal(before.rows, before.values[:, 0] + 2)  # the header is row 1


def test_read_table_takes_many_columns_and_many_classes():
    rng = np.random.default_rng(0)
    values = rng.standard_normal((400, 300))
    lines = [",".join(f"u{i}" for i in range(300)) + ",kind"]
    lines += [",".join(map(repr, row.tolist())) + f",c{i % 300:03d}" for i, row in enumerate(values)]
    table = read_table(stream("\n".join(lines)), [f"u{i}" for i in range(299, -1, -1)], "kind")
    assert np.array_equal(table.values, values[:, ::-1]), "exact, in the columns' order"
    assert len(table.class_names) == 300
    assert table.labels.tolist() == [i % 300 for i in range(400)]
    assert read_table(stream("\n".join(lines)), ["u0"]).labels is None
    with pytest.raises(CsvError, match="learns at most 10"):
        read("\n".join(lines), x="u0", y="u1", label="kind")


def test_a_column_of_ids_is_no_label():
    text = "x,y,id\n" + "".join(f"{i},{i},n{i}\n" for i in range(10_002))
    with pytest.raises(CsvError, match="more than 10,000 different values"):
        read_table(stream(text), ["x"], "id")


def test_the_summary_tells_columns_rows_values_and_bad_cells():
    text = "id,x,kind,note\n1,0.5,a,\n2,oops,b,hello\n3,-2,a,\n4\n5,inf,b,\n6,7,a,\n"
    summary = inspect_csv(stream(text), distinct=3)
    assert summary.rows == 6
    assert summary.bad_rows == 1
    assert summary.numeric == ("id", "x")
    assert summary.label_candidates() == ("kind",)
    by_name = {each.name: each for each in summary.columns}
    assert by_name["x"].bad == 2
    assert (by_name["x"].minimum, by_name["x"].maximum) == (-2, 7)
    assert by_name["kind"].values == ("a", "b")
    assert by_name["id"].more_values
    assert [(each.row, each.column, each.text) for each in summary.bad_cells] == [
        (3, "x", "oops"),
        (5, None, None),
        (6, "x", "inf"),
    ]
    assert str(summary.bad_cells[1]) == "Row 5 has 1 cell, the header has 4."


@given(
    rows=st.lists(
        st.tuples(
            st.floats(allow_nan=False, allow_infinity=False),
            st.text(
                st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")),
                min_size=1,
                max_size=8,
            ),
        ),
        min_size=1,
        max_size=30,
    ),
    delimiter=st.sampled_from(",;\t"),
)
@settings(max_examples=100, deadline=None)
def test_what_the_csv_module_writes_is_read_back_exactly(rows, delimiter):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(["value", "text"])
    writer.writerows((repr(value), text) for value, text in rows)
    table = read_table(stream(out.getvalue()), ["value"], "text")
    assert table.values[:, 0].tolist() == [value for value, _ in rows]
    assert [table.class_names[label] for label in table.labels] == [text for _, text in rows]


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_bytes_give_a_summary_or_a_clear_error(content):
    try:
        summary = inspect_csv(io.BytesIO(content))
    except CsvError as error:
        assert str(error)
    else:
        assert summary.rows >= 0


def test_wide_tables_are_sampled_before_they_fill_the_memory(long_file, monkeypatch):
    monkeypatch.setattr("topodash.datasets.csv_table._MOST_NUMBERS", 600)
    table = read_table(stream(long_file), ["x", "y"], limit=5000)
    assert table.values.shape == (300, 2)
    assert "300 of 30,000 rows" in table.notices[0]
