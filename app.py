"""TopoDash as a web application: `python app.py`, or `gunicorn -k gthread --threads 16 app:server`."""

from topodash.web import create_app
from topodash.web.serving import serve

if __name__ == "__main__":
    raise SystemExit(serve())

# A process that multiprocessing spawns reads this file again under that name and needs no application.
if __name__ != "__mp_main__":
    app = create_app()
    server = app.server
