"""The merchant's own side of the promise: the personal link that opens its page, and what it checks in front of its own door."""
