-- When the bell of reminders was last rung, so that somebody else can see that it no longer is.

CREATE TABLE bells (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    rung_at TEXT NOT NULL
);
