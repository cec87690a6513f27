"""What a selection of points is like, and who is in it."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from topodash.jobs.answers.mapper_data import image_shape, sampled
from topodash.jobs.sources import Sources
from topodash.topology.mapper.selection import describe_selection

MEMBERS, MEMBER_COLUMNS, IMAGES, SUMMARIES = 200, 8, 24, 20


def mapper_selection(parameters: Mapping[str, Any], sources: Sources) -> dict[str, Any]:
    """{"request": request, "points": [row, ...]} -> class counts, columns against the rest, members, images.

    Rows count in the request's sample; `index` tells the row of the whole source.
    """
    request = parameters["request"]
    data, _, _ = sampled(request, sources)
    rows = np.asarray(parameters["points"], dtype=np.int64)
    summary = describe_selection(data.points, rows, data.labels)
    shown = np.unique(rows)[:MEMBERS]
    shape = image_shape(request["source"], data.points.shape[1])
    images = None
    if shape is not None:
        pictures = data.points[np.unique(rows)[:IMAGES]].reshape(-1, *shape)
        low, high = pictures.min(), pictures.max()
        images = np.round(255 * (pictures - low) / (high - low if high > low else 1)).astype(np.uint8)
    return {
        "size": summary.size,
        "classes": None if summary.classes is None else summary.classes,
        "class_names": list(data.class_names),
        "columns": [
            {
                "name": data.columns[each.column],
                "mean": each.mean,
                "spread": each.spread,
                "rest_mean": each.rest_mean,
                "rest_spread": each.rest_spread,
                "effect": each.effect,
            }
            for each in summary.columns[:SUMMARIES]
        ],
        "all_columns": data.points.shape[1],
        "member_columns": list(data.columns[:MEMBER_COLUMNS]),
        "members": data.points[shown][:, :MEMBER_COLUMNS],
        "member_index": data.index[shown],
        "member_labels": None if data.labels is None else data.labels[shown],
        "images": images,
    }
