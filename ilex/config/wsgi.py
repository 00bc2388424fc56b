"""The pages as a WSGI application, for our own `ilex up` and for any other server."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ilex.config.settings")
pages = get_wsgi_application()
