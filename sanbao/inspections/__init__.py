"""Patrol: plans, draws, checklists, visits. The room stands; a later step furnishes it."""
