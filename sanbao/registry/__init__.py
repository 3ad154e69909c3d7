"""Places and parties: areas, streets, segments, premises, merchants, registers and their import."""
