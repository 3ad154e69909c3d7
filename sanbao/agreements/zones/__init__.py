"""Which stretch of the street belongs to which front: the side of a segment as a tiling, by a rule that is data."""
