-- A new version of a plan takes the place of the old one. The old one's rows stay as they are; its duties and lines move.

ALTER TABLE plans ADD COLUMN status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'replaced'));
ALTER TABLE plans ADD COLUMN replaced_by BIGINT REFERENCES plans (id);

-- The target a figure was judged against, where that reads otherwise than the present target of its line.
ALTER TABLE submissions ADD COLUMN target_id BIGINT REFERENCES targets (id);

-- The verdict on a line's newest figure once its target was exchanged; NULL: the one the figure was stored with holds.
ALTER TABLE duty_lines ADD COLUMN verdict TEXT
    CHECK (verdict IN ('met', 'not_met', 'not_assessable', 'needs_judgement'));
