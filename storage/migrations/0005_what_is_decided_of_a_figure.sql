-- What those who answer for a figure say of it: sent back with a reason, or confirmed. Each figure is given one of each
-- at most; the figure itself stays, and the next one starts without either.

CREATE TABLE reviews (
    id $ID,
    submission_id BIGINT NOT NULL REFERENCES submissions (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    kind TEXT NOT NULL CHECK (kind IN ('returned', 'confirmed')),
    words TEXT,
    created_at TEXT NOT NULL,
    UNIQUE (submission_id, kind),
    CHECK ((kind = 'returned') = (words IS NOT NULL))
);
