"""The WSGI application: the edge in front of Flask. Any WSGI server runs `wsgi:app`."""

from app import settings, wiring
from app.web.serving import serve

app = serve(wiring.build(settings.read()))
