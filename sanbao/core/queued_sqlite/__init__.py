"""A database backend of Django's: SQLite, with a queue before its one writer."""
