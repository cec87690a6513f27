"""A study of three small networks, made once, and an application that sees it."""

import json

import pytest

from topodash.cli import main as topodash_main
from topodash.cli_landscapes import main
from topodash.runs import RunStore
from topodash.settings import Settings

SMALL = {
    "networks": 3, "group_size": 3, "points": 700, "hidden": "[5, 4]", "every": 3, "max_steps": 60, "check_every": 5, "thresholds": "[0.6, 0.75]",
    "grid_step": 0.01, "grid_end": 1.0, "depth": 6, "kept_bars": 0, "permutations": 200, "learning_rate": 0.01,
}  # fmt: skip


@pytest.fixture(scope="session")
def settings(tmp_path_factory):
    return Settings(data_dir=tmp_path_factory.mktemp("landscapes"), spare=False, question_workers=1)


@pytest.fixture(scope="session")
def study(settings):
    """The id of the study."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOPODASH_DATA_DIR", str(settings.data_dir))
        assert main(["disks", *(f"--set={name}={value}" for name, value in SMALL.items())]) == 0
    (run_id,) = RunStore.of(settings).ids()
    return run_id


@pytest.fixture(scope="session")
def live_run(settings, study):
    """The id of a short training."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOPODASH_DATA_DIR", str(settings.data_dir))
        assert topodash_main(["train", "--hidden", "4", "3", "--epochs", "6"]) == 0
    (made,) = set(RunStore.of(settings).ids()) - {study}
    return made


@pytest.fixture(scope="session")
def named(settings, study):
    """How a question names the study."""
    with RunStore.of(settings).open(study) as reader:
        return {"study": study, "stamp": reader.artifact_checksum("study"), "changes": {}}


@pytest.fixture(scope="session")
def app(settings):
    from topodash.web import create_app

    return create_app(settings)


@pytest.fixture
def request_context(app):
    import flask

    with app.server.test_request_context("/landscapes"):
        flask.g.topodash_owner = "0" * 32
        yield


@pytest.fixture
def fire(app):
    """fire(input id, values) -> {component id: {property: value}}: what the one callback with that first input answers.

    `values` are those of other inputs and states by component id, or by the control of a table; None for the rest.
    """

    def name(component):
        return json.loads(component) if component.startswith("{") else component

    def value(each, values):
        at = name(each["id"])
        return {**each, "id": at, "value": values.get(at["control"] if isinstance(at, dict) else at)}

    def fire_(first, values):
        (found,) = (
            each
            for each in app._callback_list
            if each["inputs"][0]["id"] == first and each["output"].startswith("..")
        )
        outputs = [part.rsplit(".", 1) for part in found["output"].strip(".").split("...")]
        body = {
            "output": found["output"],
            "outputs": [{"id": name(at), "property": prop.split("@")[0]} for at, prop in outputs],
            "inputs": [value(each, values) for each in found["inputs"]],
            "state": [value(each, values) for each in found["state"]],
            "changedPropIds": [f"{first}.{found['inputs'][0]['property']}"],
        }
        answer = app.server.test_client().post("/_dash-update-component", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json["response"]

    return fire_
