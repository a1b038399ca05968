"""The WSGI application: the edge in front of Flask. Any WSGI server runs `wsgi:app`."""

import gc

from app import settings, wiring
from app.web.serving import serve

app = serve(wiring.build(settings.read()))

# What is loaded by now stays for good. Looking through its 150,000 objects again with every full
# collection took 90 ms, after every second batch of a thousand decisions.
gc.collect()
gc.freeze()
