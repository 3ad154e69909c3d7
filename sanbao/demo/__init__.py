"""Builds the demonstration district through the services, and serves it."""


def main(argv: list[str]) -> int:
    """Refuse clearly until the district can be built."""
    raise SystemExit("The demonstration district cannot be built yet.")
