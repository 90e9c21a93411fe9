-- Who was sent a digest on which day, one a day at most, and which duties it told them of: what the ladder of reminders
-- goes by, and what those higher up are shown.

CREATE TABLE digests (
    person_id BIGINT NOT NULL REFERENCES people (id),
    day TEXT NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES units (id),
    queued_at TEXT NOT NULL,
    PRIMARY KEY (person_id, day)
);

CREATE TABLE notices (
    duty_id BIGINT NOT NULL REFERENCES duties (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    day TEXT NOT NULL,
    rung TEXT NOT NULL CHECK (rung IN ('officer', 'alternate', 'head', 'leader')),
    PRIMARY KEY (duty_id, person_id, day)
);
CREATE INDEX notices_by_person ON notices (person_id, day);

-- Who is away from the first to the last day, both included, and who is told in their stead.
CREATE TABLE absences (
    id $ID,
    person_id BIGINT NOT NULL REFERENCES people (id),
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    stand_in_id BIGINT REFERENCES people (id),
    status TEXT NOT NULL DEFAULT 'planned' CHECK (status IN ('planned', 'called_off')),
    created_at TEXT NOT NULL
);
CREATE INDEX absences_by_person ON absences (person_id, last_day);

-- Steps of a plan's own, as working days after the due day: "-10 -3 0 2"; without them those of the settings.
ALTER TABLE plans ADD COLUMN steps TEXT;

-- Somebody said that they are at it: they are left alone until the next step.
ALTER TABLE duties ADD COLUMN acknowledged_at TEXT;
