"""Penalise: cases, steps, evidence, decisions, service, payments."""
