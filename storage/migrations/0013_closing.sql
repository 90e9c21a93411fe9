-- When the figures of a duty are closed, a correction is a request. Of itself that is so many working days after the due
-- day; whoever looks after the unit may close it before, or open it again.

ALTER TABLE plans ADD COLUMN closes_after INTEGER NOT NULL DEFAULT 10;
ALTER TABLE duties ADD COLUMN closing TEXT NOT NULL DEFAULT 'auto' CHECK (closing IN ('auto', 'closed', 'open'));
