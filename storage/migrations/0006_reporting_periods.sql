-- Plans may be reported on period by period. A duty without a cut-off takes figures in up to its due day; without
-- `asked_from` its figures are asked for from the beginning.

ALTER TABLE plans ADD COLUMN cycle TEXT NOT NULL DEFAULT 'deadlines';
ALTER TABLE duties ADD COLUMN cut_off TEXT;
ALTER TABLE duties ADD COLUMN asked_from TEXT;

-- The last day that a figure takes in; of those given before this was kept, the day they were given on.
ALTER TABLE submissions ADD COLUMN as_of TEXT;
UPDATE submissions SET as_of = SUBSTR(recorded_at, 1, 10) WHERE value IS NOT NULL;

-- The next to be reminded of is found without sorting all that are due at the same opening.
DROP INDEX duties_by_reminder;
CREATE INDEX duties_by_bell ON duties (next_reminder_at, id);
