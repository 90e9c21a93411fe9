-- A leader asks an agency to explain how one indicator stands; the answer goes back to whoever asked.

CREATE TABLE explanations (
    id $ID,
    line_id BIGINT NOT NULL REFERENCES duty_lines (id),
    asked_by BIGINT NOT NULL REFERENCES people (id),
    asked_at TEXT NOT NULL,
    answered_by BIGINT REFERENCES people (id),
    answered_at TEXT,
    words TEXT,
    CHECK ((words IS NULL) = (answered_at IS NULL))
);
CREATE INDEX explanations_by_line ON explanations (line_id);
