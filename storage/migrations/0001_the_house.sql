-- The first shape. $ID is the generated key of either engine. Statuses are words with a CHECK; instants are UTC text
-- of fixed width, days ISO text, figures decimal text, so that both engines compare and sort them alike.

CREATE TABLE units (
    id $ID,
    kind TEXT NOT NULL CHECK (kind IN ('province', 'commune')),
    name TEXT NOT NULL,
    fold TEXT NOT NULL,
    parent_id BIGINT REFERENCES units (id),
    created_at TEXT NOT NULL
);
CREATE UNIQUE INDEX units_by_name ON units (COALESCE(parent_id, 0), name);

CREATE TABLE agencies (
    id $ID,
    unit_id BIGINT NOT NULL REFERENCES units (id),
    name TEXT NOT NULL,
    fold TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('agency', 'group', 'external')),
    created_at TEXT NOT NULL,
    UNIQUE (unit_id, name)
);

CREATE TABLE people (
    id $ID,
    name TEXT NOT NULL,
    created_at TEXT NOT NULL,
    consented_at TEXT NOT NULL
);

CREATE TABLE addresses (
    id $ID,
    channel TEXT NOT NULL,
    external_id TEXT NOT NULL,
    person_id BIGINT REFERENCES people (id),
    status TEXT NOT NULL DEFAULT 'reachable' CHECK (status IN ('reachable', 'unreachable')),
    wrong_codes INTEGER NOT NULL DEFAULT 0,
    locked_until TEXT,
    created_at TEXT NOT NULL,
    UNIQUE (channel, external_id)
);
CREATE INDEX addresses_by_person ON addresses (person_id);

CREATE TABLE memberships (
    person_id BIGINT NOT NULL REFERENCES people (id),
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    role TEXT NOT NULL CHECK (role IN ('primary', 'alternate')),
    created_at TEXT NOT NULL,
    PRIMARY KEY (person_id, agency_id)
);
CREATE INDEX memberships_by_agency ON memberships (agency_id);

CREATE TABLE grants (
    person_id BIGINT NOT NULL REFERENCES people (id),
    unit_id BIGINT NOT NULL REFERENCES units (id),
    role TEXT NOT NULL CHECK (role IN ('leader', 'admin')),
    created_at TEXT NOT NULL,
    PRIMARY KEY (person_id, unit_id, role)
);
CREATE INDEX grants_by_unit ON grants (unit_id);

CREATE TABLE invitations (
    id $ID,
    code_hash TEXT NOT NULL UNIQUE,
    unit_id BIGINT NOT NULL REFERENCES units (id),
    agency_id BIGINT REFERENCES agencies (id),
    role TEXT NOT NULL CHECK (role IN ('officer', 'leader', 'admin')),
    name TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'used', 'revoked')),
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_by BIGINT REFERENCES people (id),
    used_at TEXT,
    CHECK ((role = 'officer') = (agency_id IS NOT NULL))
);

CREATE TABLE plans (
    id $ID,
    unit_id BIGINT NOT NULL REFERENCES units (id),
    number TEXT,
    title TEXT,
    issued_on TEXT,
    year INTEGER NOT NULL,
    source_name TEXT NOT NULL,
    source_sha256 TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (unit_id, source_sha256)
);

CREATE TABLE sections (
    id $ID,
    plan_id BIGINT NOT NULL REFERENCES plans (id),
    position INTEGER NOT NULL,
    path TEXT NOT NULL,
    title TEXT NOT NULL,
    UNIQUE (plan_id, position)
);

CREATE TABLE indicators (
    id $ID,
    plan_id BIGINT NOT NULL REFERENCES plans (id),
    section_id BIGINT REFERENCES sections (id),
    position INTEGER NOT NULL,
    ordinal TEXT NOT NULL,
    name TEXT NOT NULL,
    unit TEXT,
    deadline TEXT,
    collection TEXT NOT NULL CHECK (collection IN ('chat', 'restricted')),
    UNIQUE (plan_id, position)
);

CREATE TABLE assignments (
    indicator_id BIGINT NOT NULL REFERENCES indicators (id),
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    role TEXT NOT NULL CHECK (role IN ('lead', 'monitor', 'coordinate', 'report')),
    position INTEGER NOT NULL,
    PRIMARY KEY (indicator_id, agency_id, role)
);

CREATE TABLE targets (
    id $ID,
    indicator_id BIGINT NOT NULL REFERENCES indicators (id),
    position INTEGER NOT NULL,
    year INTEGER,
    scope TEXT NOT NULL CHECK (scope IN ('xa', 'tinh')),
    component TEXT,
    kind TEXT NOT NULL
        CHECK (kind IN ('number', 'range', 'boolean', 'qualitative', 'task', 'not_assigned')),
    op TEXT CHECK (op IN ('>=', '<=', '>', '<', '==')),
    op_printed TEXT,
    value TEXT,
    value_max TEXT,
    words TEXT,
    unit TEXT,
    direction TEXT CHECK (direction IN ('higher', 'lower')),
    printed TEXT NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('cell', 'name')),
    due_on TEXT,
    UNIQUE (indicator_id, position)
);

CREATE TABLE duties (
    id $ID,
    plan_id BIGINT NOT NULL REFERENCES plans (id),
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    period TEXT NOT NULL,
    due_on TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'complete')),
    created_at TEXT NOT NULL,
    next_reminder_at TEXT,
    reminded_at TEXT,
    UNIQUE (plan_id, agency_id, period)
);
CREATE INDEX duties_by_reminder ON duties (next_reminder_at);
CREATE INDEX duties_by_agency ON duties (agency_id);

CREATE TABLE duty_lines (
    id $ID,
    duty_id BIGINT NOT NULL REFERENCES duties (id),
    target_id BIGINT NOT NULL REFERENCES targets (id),
    position INTEGER NOT NULL,
    status TEXT NOT NULL DEFAULT 'missing' CHECK (status IN ('missing', 'reported', 'no_data')),
    submission_id BIGINT,
    UNIQUE (duty_id, target_id)
);
CREATE INDEX duty_lines_by_target ON duty_lines (target_id);

CREATE TABLE submissions (
    id $ID,
    line_id BIGINT NOT NULL REFERENCES duty_lines (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    value TEXT,
    verdict TEXT NOT NULL CHECK (verdict IN ('met', 'not_met', 'not_assessable', 'needs_judgement')),
    typed TEXT NOT NULL,
    reading TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    replaces_id BIGINT REFERENCES submissions (id),
    inbox_id BIGINT NOT NULL,
    UNIQUE (inbox_id, line_id)
);
CREATE INDEX submissions_by_line ON submissions (line_id);

CREATE TABLE inbox (
    id $ID,
    channel TEXT NOT NULL,
    external_id TEXT NOT NULL,
    sender TEXT NOT NULL,
    payload TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'done', 'set_aside')),
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before TEXT NOT NULL,
    sent_at TEXT NOT NULL,
    received_at TEXT NOT NULL,
    finished_at TEXT,
    error TEXT,
    UNIQUE (channel, external_id)
);
CREATE INDEX inbox_waiting ON inbox (channel, sender, id) WHERE status = 'waiting';
CREATE INDEX inbox_waiting_by_age ON inbox (channel, id) WHERE status = 'waiting';

CREATE TABLE outbox (
    id $ID,
    channel TEXT NOT NULL,
    recipient TEXT NOT NULL,
    dedupe_key TEXT UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('conversation', 'broadcast')),
    payload TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'sending', 'sent', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    not_before TEXT NOT NULL,
    leased_until TEXT,
    created_at TEXT NOT NULL,
    sent_at TEXT,
    external_id TEXT,
    reason TEXT
);
CREATE INDEX outbox_unsent ON outbox (channel, recipient, kind, id) WHERE status IN ('queued', 'sending');
CREATE INDEX outbox_unsent_by_age ON outbox (channel, kind, id) WHERE status IN ('queued', 'sending');

CREATE TABLE conversations (
    channel TEXT NOT NULL,
    external_id TEXT NOT NULL,
    flow TEXT,
    step TEXT,
    data TEXT,
    prompt TEXT,
    last_choice TEXT,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (channel, external_id),
    CHECK ((flow IS NULL) = (step IS NULL))
);

CREATE TABLE audit (
    id $ID,
    at TEXT NOT NULL,
    person_id BIGINT REFERENCES people (id),
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL
);
