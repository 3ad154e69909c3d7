"""The demonstration: builds an invented district through the services, and serves it.

    sanbao demo [--premises 3000] [--days 60] [--seed 1] [--build-only] [--fresh] [--port 8000] [--host 127.0.0.1]

The command is `command`; building is `build` with one module for each story; `home` keeps it and `serving` shows it.
"""


def main(argv: list[str]) -> int:
    """`sanbao demo`; the answer is the exit code."""
    from sanbao.demo.command import run  # needs Django, which the command line starts first

    return run(argv)
