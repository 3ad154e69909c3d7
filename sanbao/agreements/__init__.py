"""Promise: forms, responsibility letters, coverage."""
