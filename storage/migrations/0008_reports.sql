-- What reports are made of: the file a plan came from, when a commune ceased to be, and sums over many communes.

-- The bytes of the file, in base64: the appendix is returned as it was, filled in.
CREATE TABLE plan_sources (
    plan_id BIGINT PRIMARY KEY REFERENCES plans (id),
    content TEXT NOT NULL
);

-- The first day on which a commune is no longer: merged into another, or split.
ALTER TABLE units ADD COLUMN closed_on TEXT;
CREATE INDEX units_by_parent ON units (parent_id);

-- Whose rules reports on a plan follow: the administration's or the Party's.
ALTER TABLE plans ADD COLUMN issuer TEXT NOT NULL DEFAULT 'state' CHECK (issuer IN ('state', 'party'));
UPDATE plans SET issuer = 'party' WHERE number LIKE '%/ĐU';

-- How many targets of its own for its year a plan has, owed or not. A plan is never changed.
ALTER TABLE plans ADD COLUMN own_targets INTEGER NOT NULL DEFAULT 0;
UPDATE plans SET own_targets = (
    SELECT COUNT(*) FROM indicators i JOIN targets t ON t.indicator_id = i.id
    WHERE i.plan_id = plans.id AND t.scope = 'xa' AND t.kind <> 'not_assigned'
    AND COALESCE(t.year, plans.year) = plans.year
);

-- From now on a line always holds the verdict on its newest figure: a country is counted without its figures.
UPDATE duty_lines SET verdict = (SELECT b.verdict FROM submissions b WHERE b.id = duty_lines.submission_id)
WHERE verdict IS NULL AND submission_id IS NOT NULL;
CREATE INDEX duty_lines_counted ON duty_lines (duty_id, status, verdict);
