"""How the Python snippets of all pages read a run or an uploaded file: from beside the script, wherever it is taken."""


def run_file(asked: object) -> list[str]:
    """The lines that name a run's exported file, and tell where it comes from; of an id only what cannot be code."""
    run_id = "".join(letter for letter in str(asked) if letter in "0123456789abcdef")
    return [
        "# Reads the run from its file: Export it on the page Runs (or take it from the server's address",
        f"# /api/runs/{run_id}/export), and put the file beside this script under this name.",
        f'RUN_FILE = "{run_id}.run"',
    ]


def uploaded_file(name: str) -> list[str]:
    """The lines that name a file that somebody uploaded; `repr`, so that no name becomes code."""
    return ["# Reads the file that was uploaded: put it beside this script.", f"OWN_FILE = {name!r}"]
