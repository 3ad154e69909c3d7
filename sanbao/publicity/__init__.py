"""Publish: commendations, exposures, published rankings, as frozen approved copies."""
