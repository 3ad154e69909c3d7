"""The door of phones."""
