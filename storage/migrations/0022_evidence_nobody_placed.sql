-- Evidence of which nobody has said what it shows: found at night without reading all the rest.

CREATE INDEX evidence_unplaced ON evidence (id) WHERE status = 'unplaced';
