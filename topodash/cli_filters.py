"""`topodash filters`: the filter study on the command line.

topodash filters                                   the shipped banks
topodash filters mnist_64_8_512 --nulls 99         a bank, with evidence
topodash filters weights.safetensors --layer conv1.weight --json out.json

Null banks that are done are kept in the data folder: after Ctrl-C the same command goes on.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from topodash.cli_files import complain, refuse_target
from topodash.cli_filters_evidence import Stopped, evidence
from topodash.json_text import json_text
from topodash.studies.filter_topology import DESCRIPTION, EVIDENCE, FilterTopology, filter_topology
from topodash.studies.filter_topology_bank import FilterSet, bank_names, load_bank
from topodash.studies.filter_topology_config import IMPROVED, PAPER, REPLICATION, FilterTopologyConfig
from topodash.studies.filter_topology_evidence import Evidence
from topodash.studies.filter_topology_sensitivity import sensitivity
from topodash.studies.filter_topology_upload import read_filters
from topodash.studies.filter_topology_verdict import LEVEL, Shown, verdicts
from topodash.studies.filter_topology_wheel import wheel

PRESETS = {"paper": PAPER, "improved": IMPROVED, "replication": REPLICATION}
_STATE_DICTS = (".pt", ".pth")
ENDINGS = (".npz", ".safetensors", *_STATE_DICTS)
INTERRUPTED = 130  # as shells have it


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Add `filters` to the command line's subparsers."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "filters",
        help="the topology of a convolution's first-layer filters",
        description="Density filter, Mapper, degree-1 bars, Klein bottle and null banks of a set of filters.",
    )
    parser.add_argument(
        "source",
        nargs="?",
        help="a shipped bank, or a .npz, .safetensors, .pt or .pth file; none lists the banks",
    )
    parser.add_argument("--iteration", type=int, help="recorded iteration of a bank (default: the last)")
    parser.add_argument("--layer", help="name of the weights in a file (default: the first convolution)")
    parser.add_argument(
        "--channels", choices=("mean", "each"), default="mean", help="average input channels or not"
    )
    parser.add_argument(
        "--preset", choices=tuple(PRESETS), default="replication", help="settings to start from"
    )
    parser.add_argument("--k", type=int, help="density filter: which neighbour")
    parser.add_argument("--fraction", type=float, help="density filter: share to keep")
    parser.add_argument("--metric", choices=("variance_normalised", "euclidean"))
    parser.add_argument("--lens", choices=("pca", "neighbourhood"))
    parser.add_argument(
        "--nulls", type=int, default=0, help="null banks for p-values (99 for p down to 0.01)"
    )
    parser.add_argument("--workers", type=int, default=1, help="processes for the null banks")
    parser.add_argument("--seed", type=int, default=0, help="of the null banks, the lens and the shuffles")
    parser.add_argument("--sensitivity", action="store_true", help="also a grid over k and the fraction")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything to FILE")
    parser.set_defaults(run=run)
    return parser


def main(arguments: Sequence[str]) -> int:
    """The command by itself, as `topodash` calls it."""
    parser = argparse.ArgumentParser(prog="topodash")
    add_parser(parser.add_subparsers())
    return run(parser.parse_args(["filters", *arguments]))


def run(args: argparse.Namespace) -> int:
    """Run the study; 0 when it worked, else as `complain` says."""
    if args.source is None:
        _say("\n".join(bank_names()) or "no banks are shipped with this installation")
        return 0
    try:
        _refuse_arguments(args)
        config = _config(args)
        filters, untrained = _read(args)
        document = _study(filters, config, args, untrained)
        if args.json is not None:
            args.json.write_text(json_text(document) + "\n", encoding="utf-8")
    except (ValueError, OSError) as error:
        return complain("filters", error)
    except (Stopped, KeyboardInterrupt) as stop:
        sys.stderr.write(f"topodash filters: {stop or 'stopped'}\n")
        return INTERRUPTED
    return 0


def _refuse_arguments(args: argparse.Namespace) -> None:
    """ValueError for what could only fail after minutes of work, or would not be looked at."""
    for name, least in (("nulls", 0), ("workers", 1), ("seed", 0)):
        if getattr(args, name) < least:
            raise ValueError(f"--{name} must be at least {least}; it was {getattr(args, name)}")
    refuse_target("--json", args.json)
    if not _is_bank(args.source):
        if Path(args.source).suffix.lower() not in ENDINGS:
            raise ValueError(f"a file must end in {', '.join(ENDINGS)}; it was {args.source}")
        if not Path(args.source).is_file():
            raise ValueError(f"there is no file {args.source}")
    if args.iteration is not None and not _is_bank(args.source):
        raise ValueError("--iteration is for banks; a file holds one moment of its filters")
    if args.layer is not None and _is_bank(args.source):
        raise ValueError("--layer is for files; a bank holds first layers only")


def _is_bank(source: str) -> bool:
    suffix = Path(source).suffix.lower()
    # a bank's npz has its provenance beside it
    return suffix == "" or (suffix == ".npz" and Path(source).with_suffix(".json").is_file())


def _read(args: argparse.Namespace) -> tuple[FilterSet, bool]:
    """The filters, and whether they are known to be from before training."""
    if Path(args.source).suffix.lower() in _STATE_DICTS:
        from topodash.jobs.state_dicts import read_state_dict

        return read_state_dict(args.source, args.layer, args.channels), False
    if _is_bank(args.source):
        bank = load_bank(args.source)
        iteration = int(bank.iterations[-1]) if args.iteration is None else args.iteration
        return bank.at(iteration), iteration == 0
    return read_filters(args.source, args.layer, args.channels), False


def _config(args: argparse.Namespace) -> FilterTopologyConfig:
    given = {
        name: getattr(args, name)
        for name in ("k", "fraction", "metric", "lens")
        if getattr(args, name) is not None
    }
    return replace(PRESETS[args.preset], seed=args.seed, **given)


def _study(
    filters: FilterSet, config: FilterTopologyConfig, args: argparse.Namespace, untrained: bool
) -> dict[str, Any]:
    result = filter_topology(filters.flat, config)
    picture = result.picture
    around = wheel(picture.pca_angle, picture.dense.values)
    _say(f"{filters.source}: {len(filters)} filters, {len(picture.dense)} densest kept")
    if len(picture.dense.constant):
        _say(f"constant filters left out: {len(picture.dense.constant)}")
    _say(f"Mapper: {len(picture.graph)} nodes, {len(picture.graph.edges)} edges, Betti {picture.graph.betti}")
    _say(f"averaged filters {around.said} around the principal plane")
    document: dict[str, Any] = {
        "source": filters.source,
        "config": asdict(config),
        "kept": picture.dense.indices.tolist(),
        "constant": picture.dense.constant.tolist(),
        "mapper": {
            "nodes": [node.tolist() for node in picture.graph.nodes],
            "edges": picture.graph.edges.tolist(),
            "betti": list(picture.graph.betti),
        },
        "bars": result.bars.tolist(),
        "klein": {
            "theta": picture.klein.theta.tolist(),
            "phi": picture.klein.phi.tolist(),
            "r2": picture.klein.r2.tolist(),
        },
        "turns": around.turns,
        "statistics": result.statistics,
    }
    found = _evidence(filters, config, result, args) if args.nulls else None
    document |= _circular(result, found, untrained)
    for name in (*EVIDENCE, *DESCRIPTION):
        p = "" if found is None or name not in EVIDENCE else f"  p = {found.p_values[name]:.3f}"
        said = "" if name in EVIDENCE else "  (description, no evidence)"
        _say(f"{name:16} {result.statistics[name]:.4f}{p}{said}")
    if found is not None:
        document["evidence"] = {
            "p_values": found.p_values,
            "null": {name: values.tolist() for name, values in found.null.items()},
            "conclusion": verdicts(
                [Shown("these filters", result.statistics, found.null, untrained)], args.nulls
            ),
        }
        _say("\n".join(document["evidence"]["conclusion"]))
    if args.sensitivity:
        document["sensitivity"] = []
        for cell in sensitivity(filters.flat, config):
            document["sensitivity"].append(asdict(cell))
            _say(
                f"rho({cell.k}, {cell.fraction:.0%}): "
                + (cell.reason or f"longest bar {cell.statistics['longest_bar']:.3f}, ring: {cell.ring}")
            )
    return document


def _circular(result: FilterTopology, found: Evidence | None, untrained: bool) -> dict[str, Any]:
    """The circular coordinate when its bar has beaten its null, and a line that says why there is none."""
    p = None if found is None else found.p_values["longest_bar"]
    if result.circular is None:
        why = f"none {result.circular_reason}"
    elif p is None:
        why = "none before its bar is held against null banks (--nulls 99)"
    elif untrained:
        why = (
            f"none, filters before training are independent draws and a bar of theirs is chance (p = {p:.3f})"
        )
    elif p > LEVEL:
        why = f"none, its bar has not beaten its null (p = {p:.3f})"
    else:
        why = f"of a bar that has beaten its null (p = {p:.3f})"
    _say(f"circular coordinate: {why}")
    drawn = result.circular is not None and p is not None and p <= LEVEL and not untrained
    angles = result.circular.angles.tolist() if result.circular is not None and drawn else None
    return {"circular_coordinate": angles, "circular_coordinate_said": why}


def _evidence(
    filters: FilterSet, config: FilterTopologyConfig, result: FilterTopology, args: argparse.Namespace
) -> Evidence:
    return evidence(
        filters, config, result.statistics, nulls=args.nulls, seed=args.seed, workers=args.workers
    )


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
