"""All SQL, and nothing but: one text for SQLite and PostgreSQL behind one door (`storage.database.connect`)."""
