-- Which of their agencies somebody with several speaks for; asked once, kept where they are reached.

ALTER TABLE addresses ADD COLUMN speaks_for BIGINT REFERENCES agencies (id);
