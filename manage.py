#!/usr/bin/env python3
"""Django's own door, for those who look for it here; `sanbao COMMAND` does the same."""

import sys

from sanbao.cli import main

sys.exit(main(sys.argv[1:]))
