"""Correspond: letters between departments, receipts, clocks. The room stands; a later step furnishes it."""
