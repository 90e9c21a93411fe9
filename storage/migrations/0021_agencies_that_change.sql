-- What else an agency is called, its former names and those of agencies merged into it: a later plan that prints one of
-- them means it. An agency that was merged keeps its row, for what was reported under its name.

CREATE TABLE agency_aliases (
    unit_id BIGINT NOT NULL REFERENCES units (id),
    fold TEXT NOT NULL,
    name TEXT NOT NULL,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    PRIMARY KEY (unit_id, fold)
);
CREATE INDEX agency_aliases_by_agency ON agency_aliases (agency_id);
ALTER TABLE agencies ADD COLUMN merged_into BIGINT REFERENCES agencies (id);

-- The post somebody is invited to in an agency.
ALTER TABLE invitations ADD COLUMN post TEXT;
