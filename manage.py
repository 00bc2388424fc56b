#!/usr/bin/env python
"""For Django's own commands while developing. Operators use `ilex`."""

import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ilex.config.settings")
execute_from_command_line(sys.argv)
