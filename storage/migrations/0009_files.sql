-- Files people send: asked for in the turn that hears of one, fetched outside of it; and what they are evidence of.

CREATE TABLE files (
    id $ID,
    channel TEXT NOT NULL,
    sender TEXT NOT NULL,
    person_id BIGINT NOT NULL REFERENCES people (id),
    inbox_id BIGINT NOT NULL UNIQUE,
    remote_id TEXT NOT NULL, -- the messenger's own id of it, emptied once it is settled
    kind TEXT NOT NULL CHECK (kind IN ('photo', 'document', 'other')),
    name TEXT NOT NULL,
    size BIGINT,
    media_type TEXT NOT NULL,
    album TEXT,
    purpose TEXT NOT NULL,
    lines TEXT NOT NULL, -- the duty lines it was sent for, as a list
    words TEXT NOT NULL, -- what stood below it and is no figure
    status TEXT NOT NULL CHECK (status IN ('wanted', 'kept', 'failed', 'unwanted', 'erased')),
    reason TEXT,
    sha256 TEXT,
    format TEXT,
    found TEXT, -- what a reader made of it, until it is answered
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before TEXT NOT NULL,
    leased_until TEXT,
    created_at TEXT NOT NULL,
    settled_at TEXT,
    answered_at TEXT
);
CREATE INDEX files_wanted ON files (channel, id) WHERE status = 'wanted';
CREATE INDEX files_unwanted ON files (id) WHERE status = 'unwanted';
CREATE INDEX files_by_album ON files (channel, sender, album) WHERE album IS NOT NULL;
CREATE INDEX files_by_content ON files (sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX files_by_person ON files (person_id, created_at);

CREATE TABLE evidence (
    id $ID,
    batch BIGINT NOT NULL, -- what was sent together: the inbox message whose turn added it
    line_id BIGINT REFERENCES duty_lines (id),
    submission_id BIGINT REFERENCES submissions (id),
    file_id BIGINT REFERENCES files (id),
    words TEXT NOT NULL,
    person_id BIGINT NOT NULL REFERENCES people (id),
    status TEXT NOT NULL CHECK (status IN ('attached', 'unplaced', 'withdrawn')),
    created_at TEXT NOT NULL,
    withdrawn_at TEXT,
    withdrawn_by BIGINT REFERENCES people (id),
    CHECK (file_id IS NOT NULL OR words <> ''),
    CHECK (status <> 'attached' OR line_id IS NOT NULL)
);
CREATE INDEX evidence_by_line ON evidence (line_id) WHERE status = 'attached';
CREATE INDEX evidence_by_batch ON evidence (batch);
CREATE INDEX evidence_by_file ON evidence (file_id) WHERE file_id IS NOT NULL;
