-- Heads of agencies, and auditors, who only read. SQLite cannot alter a CHECK: the tables are made anew with their rows.

CREATE TABLE new_memberships (
    person_id BIGINT NOT NULL REFERENCES people (id),
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    role TEXT NOT NULL CHECK (role IN ('primary', 'alternate', 'head')),
    created_at TEXT NOT NULL,
    PRIMARY KEY (person_id, agency_id, role)
);
INSERT INTO new_memberships (person_id, agency_id, role, created_at)
    SELECT person_id, agency_id, role, created_at FROM memberships;
DROP TABLE memberships;
ALTER TABLE new_memberships RENAME TO memberships;
CREATE INDEX memberships_by_agency ON memberships (agency_id);

CREATE TABLE new_grants (
    person_id BIGINT NOT NULL REFERENCES people (id),
    unit_id BIGINT NOT NULL REFERENCES units (id),
    role TEXT NOT NULL CHECK (role IN ('leader', 'admin', 'auditor')),
    created_at TEXT NOT NULL,
    PRIMARY KEY (person_id, unit_id, role)
);
INSERT INTO new_grants (person_id, unit_id, role, created_at)
    SELECT person_id, unit_id, role, created_at FROM grants;
DROP TABLE grants;
ALTER TABLE new_grants RENAME TO grants;
CREATE INDEX grants_by_unit ON grants (unit_id);

CREATE TABLE new_invitations (
    id $ID,
    code_hash TEXT NOT NULL UNIQUE,
    unit_id BIGINT NOT NULL REFERENCES units (id),
    agency_id BIGINT REFERENCES agencies (id),
    role TEXT NOT NULL CHECK (role IN ('officer', 'alternate', 'head', 'leader', 'admin', 'auditor')),
    name TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'used', 'revoked')),
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_by BIGINT REFERENCES people (id),
    used_at TEXT,
    CHECK ((role IN ('officer', 'alternate', 'head')) = (agency_id IS NOT NULL))
);
-- Conversations and the audit know invitations by their ids, which are generated: so that each keeps its own, a row is
-- made for every number up to the last, and those that nobody had are removed.
INSERT INTO new_invitations
    (code_hash, unit_id, agency_id, role, name, status, created_at, expires_at, used_by, used_at)
    WITH RECURSIVE numbers (n) AS (
        SELECT 1 WHERE EXISTS (SELECT 1 FROM invitations)
        UNION ALL SELECT n + 1 FROM numbers WHERE n < (SELECT MAX(id) FROM invitations)
    )
    SELECT COALESCE(i.code_hash, 'nobody ' || n), COALESCE(i.unit_id, (SELECT MIN(unit_id) FROM invitations)),
        i.agency_id, COALESCE(i.role, 'leader'), COALESCE(i.name, ''), COALESCE(i.status, 'open'),
        COALESCE(i.created_at, ''), COALESCE(i.expires_at, ''), i.used_by, i.used_at
    FROM numbers LEFT JOIN invitations i ON i.id = n ORDER BY n;
DELETE FROM new_invitations WHERE code_hash LIKE 'nobody %';
DROP TABLE invitations;
ALTER TABLE new_invitations RENAME TO invitations;
