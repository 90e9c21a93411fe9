-- What somebody asks of those above them, who grant or refuse it: a later due day, or another figure in a closed period.
-- `wanted` is plain data of its kind.

CREATE TABLE requests (
    id $ID,
    kind TEXT NOT NULL CHECK (kind IN ('extension', 'correction')),
    duty_id BIGINT NOT NULL REFERENCES duties (id),
    line_id BIGINT REFERENCES duty_lines (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    words TEXT NOT NULL,
    wanted TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'granted', 'refused', 'withdrawn')),
    created_at TEXT NOT NULL,
    decided_by BIGINT REFERENCES people (id),
    decided_at TEXT,
    CHECK ((status = 'open') = (decided_at IS NULL)),
    CHECK ((kind = 'correction') = (line_id IS NOT NULL))
);
CREATE UNIQUE INDEX requests_open ON requests (duty_id, kind, COALESCE(line_id, 0)) WHERE status = 'open';
CREATE INDEX requests_by_line ON requests (line_id);

-- The due day of the plan, where a later one was granted; `due_on` is the one that counts.
ALTER TABLE duties ADD COLUMN extended_from TEXT;
