"""One module of pages per room."""
