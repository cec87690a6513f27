"""How the Python snippets of all pages read a run: from its exported file, wherever the snippet is taken."""


def run_file(run_id: str) -> list[str]:
    """The lines that name the file, and tell where it comes from."""
    return [
        "# Reads the run from its file: on the page Runs, Export it, and put the file beside this script under this name.",
        f'RUN_FILE = "{run_id}.run"',
    ]
