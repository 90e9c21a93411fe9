-- Who is to confirm the figures of a plan before they count as final; a new version of it inherits that.
ALTER TABLE plans ADD COLUMN confirmed_by TEXT NOT NULL DEFAULT 'nobody' CHECK (confirmed_by IN ('nobody', 'head'));
-- The newest review there was of a duty when its agency's heads were last asked to confirm it; 0 where there was none.
ALTER TABLE duties ADD COLUMN confirm_asked_after BIGINT;
-- When an admin was told that nobody heads an agency whose figures wait for its head.
ALTER TABLE agencies ADD COLUMN head_wanted_at TEXT;
-- Why a request was refused, where its decider says so.
ALTER TABLE requests ADD COLUMN answer TEXT;
