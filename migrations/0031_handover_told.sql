-- To whom the silence on an offer of a step was told, and when: once for each level.
CREATE TABLE handover_told (
    place           TEXT NOT NULL,
    handover_id     TEXT NOT NULL,
    level           TEXT NOT NULL CHECK (level IN ('their lead', 'the hub')),
    organisation_id TEXT,
    whom            TEXT NOT NULL,
    told_at         BIGINT NOT NULL,
    PRIMARY KEY (place, handover_id, level),
    FOREIGN KEY (place, handover_id) REFERENCES handover (place, id),
    FOREIGN KEY (place, organisation_id) REFERENCES organisation (place, id)
);
CREATE INDEX handover_told_to ON handover_told (place, organisation_id, handover_id);
CREATE INDEX handover_late ON handover (place, answer_due_at) WHERE answer IS NULL;
