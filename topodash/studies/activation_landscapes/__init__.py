"""Paper B, *activation landscapes*: the topology of every layer over many networks, from one frozen
configuration.

In the paper's order, a file a step:

1. `config`: everything the study depends on, each default marked as the paper's or ours;
2. `training`: the networks, in fixed groups; weights at the initialisation and at accuracy thresholds;
3. `units`: activations of the input batch, normalised or local, their persistent homology;
4. `study`: the units of work, resumable, in one process or many (`workers`); how long they take, and what cannot be done (`forecast`);
5. `result`: landscapes, averages over networks, norms, Gram matrices;
6. `comparison`: permutation tests between moments (Table I), landscape curves (figure 3).
"""

from topodash.studies.activation_landscapes.comparison import (
    Curves,
    MomentTest,
    compare,
    curves,
    principal_coordinates,
    table,
)
from topodash.studies.activation_landscapes.config import DISKS, MNIST, PRESETS, LandscapeConfig
from topodash.studies.activation_landscapes.forecast import (
    class_names,
    estimate_seconds,
    refuse_what_cannot_be_done,
)
from topodash.studies.activation_landscapes.result import (
    LandscapeStudy,
    combine,
    diagram_of,
    input_diagram_of,
)
from topodash.studies.activation_landscapes.study import Part, Underway, attend, networks_done, run, units
from topodash.studies.activation_landscapes.units import Reason
from topodash.studies.activation_landscapes.workers import Workers, WorkersDied, reports_to

__all__ = [
    "DISKS",
    "MNIST",
    "PRESETS",
    "Curves",
    "LandscapeConfig",
    "LandscapeStudy",
    "MomentTest",
    "Part",
    "Reason",
    "Underway",
    "Workers",
    "WorkersDied",
    "attend",
    "class_names",
    "combine",
    "compare",
    "curves",
    "diagram_of",
    "estimate_seconds",
    "input_diagram_of",
    "networks_done",
    "principal_coordinates",
    "refuse_what_cannot_be_done",
    "reports_to",
    "run",
    "table",
    "units",
]
