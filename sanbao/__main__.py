"""`python -m sanbao` is the command `sanbao`."""

import sys

from sanbao.cli import main

sys.exit(main(sys.argv[1:]))
