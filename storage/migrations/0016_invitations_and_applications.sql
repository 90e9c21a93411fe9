-- Which words somebody agreed to, what their post is in an agency, and who invited them.

ALTER TABLE people ADD COLUMN consent_version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE memberships ADD COLUMN post TEXT;
ALTER TABLE invitations ADD COLUMN made_by BIGINT REFERENCES people (id);

-- Somebody without an invitation who asks to be let in, as the contact of an agency.
CREATE TABLE applications (
    id $ID,
    channel TEXT NOT NULL,
    external_id TEXT NOT NULL,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    name TEXT NOT NULL,
    consent_version INTEGER NOT NULL,
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'granted', 'refused', 'withdrawn')),
    created_at TEXT NOT NULL,
    decided_by BIGINT REFERENCES people (id),
    decided_at TEXT,
    CHECK ((status = 'open') = (decided_at IS NULL))
);
CREATE UNIQUE INDEX applications_open ON applications (channel, external_id) WHERE status = 'open';

-- A one-time code by which somebody who has joined makes another of their accounts known as theirs.
CREATE TABLE pairings (
    id $ID,
    code_hash TEXT NOT NULL UNIQUE,
    person_id BIGINT NOT NULL REFERENCES people (id),
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'used', 'revoked')),
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
);
CREATE INDEX pairings_by_person ON pairings (person_id);
