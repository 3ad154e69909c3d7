"""The door of the public."""
