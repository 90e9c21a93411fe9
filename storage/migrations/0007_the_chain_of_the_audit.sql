-- Each unit's record is a chain: a line's hash covers the one before it, and the chain's head says how long it is. What
-- is of no unit is in chain 0. Lines of before have no position.

ALTER TABLE audit ADD COLUMN unit_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE audit ADD COLUMN position BIGINT;
ALTER TABLE audit ADD COLUMN hash TEXT;
CREATE UNIQUE INDEX audit_by_position ON audit (unit_id, position);

CREATE TABLE audit_chains (
    unit_id BIGINT NOT NULL PRIMARY KEY,
    length BIGINT NOT NULL,
    hash TEXT NOT NULL
);
