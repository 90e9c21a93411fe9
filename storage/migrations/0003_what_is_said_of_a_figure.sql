-- Why a target was missed and what is done about it; when a figure is promised; in which message one was given.

CREATE TABLE remarks (
    id $ID,
    submission_id BIGINT NOT NULL REFERENCES submissions (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    kind TEXT NOT NULL CHECK (kind IN ('reason', 'remedy')),
    words TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (submission_id, kind)
);

ALTER TABLE duty_lines ADD COLUMN promised_on TEXT;

-- The channel's id of the message, and which item of a list in it, when there were several.
ALTER TABLE submissions ADD COLUMN said_in TEXT;
ALTER TABLE submissions ADD COLUMN item INTEGER;
CREATE INDEX submissions_by_message ON submissions (said_in) WHERE said_in IS NOT NULL;

-- The line a receipt is about, so that a reply to it is known as a correction.
ALTER TABLE outbox ADD COLUMN line_id BIGINT REFERENCES duty_lines (id);
CREATE INDEX outbox_receipts ON outbox (channel, recipient, external_id) WHERE line_id IS NOT NULL;

-- Set while a numbered list nobody asked for stands below the question of a form in progress: whose numbers are meant?
ALTER TABLE conversations ADD COLUMN overlaid_at TEXT;
