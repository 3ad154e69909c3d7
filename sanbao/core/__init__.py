"""The office: people, access, journal, files, documents, jobs, clock. Nothing here knows what a merchant is."""
