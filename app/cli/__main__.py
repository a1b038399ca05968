"""`python -m app.cli` is the `mailtide` command."""

import sys

from app.cli import main

sys.exit(main())
