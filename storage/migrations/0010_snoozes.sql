-- Who has put off the reminder of a duty, and until when; others who answer for it are reminded as before.

CREATE TABLE snoozes (
    person_id BIGINT NOT NULL REFERENCES people (id),
    duty_id BIGINT NOT NULL REFERENCES duties (id),
    until TEXT NOT NULL,
    PRIMARY KEY (person_id, duty_id)
);
CREATE INDEX snoozes_by_duty ON snoozes (duty_id);
CREATE INDEX snoozes_by_end ON snoozes (until);
