-- An officer says that a line is not their agency's; an admin moves it to another or leaves it. Until then it is owed.

CREATE TABLE disputes (
    id $ID,
    raised_in BIGINT NOT NULL,
    line_id BIGINT NOT NULL REFERENCES duty_lines (id),
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    words TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'moved', 'kept')),
    created_at TEXT NOT NULL,
    moved_to BIGINT REFERENCES agencies (id),
    decided_by BIGINT REFERENCES people (id),
    decided_at TEXT,
    UNIQUE (raised_in, line_id)
);
CREATE UNIQUE INDEX disputes_open ON disputes (line_id, agency_id) WHERE status = 'open';
