-- Hospital stays, the delays in them, the notices about them, and every change made to them.
CREATE TABLE stay (
    place                TEXT NOT NULL,
    id                   TEXT NOT NULL,
    person_id            TEXT NOT NULL,
    hospital_id          TEXT NOT NULL,
    ward                 TEXT NOT NULL,
    bed                  TEXT NOT NULL,
    council_id           TEXT,
    care_type            TEXT NOT NULL CHECK (care_type IN ('acute', 'non-acute')),
    source               TEXT NOT NULL,
    source_key           TEXT,
    admitted_on          TEXT NOT NULL,
    admission_method     TEXT,
    expected_on          TEXT,
    clinical_ready_on    TEXT,
    mdt_ready_on         TEXT,
    safe_on              TEXT,
    ready_on             TEXT,
    discharged_on        TEXT,
    discharge_method     TEXT,
    discharge_destination TEXT,
    assessed_on          TEXT,
    pathway              BIGINT CHECK (pathway BETWEEN 0 AND 3),
    destination          TEXT NOT NULL,
    destination_state    TEXT NOT NULL CHECK (destination_state IN ('not sought', 'sent', 'seen', 'accepted', 'declined', 'started')),
    starts_on            TEXT,
    next_action          TEXT NOT NULL,
    next_owner_id        TEXT,
    next_owner_name      TEXT NOT NULL,
    next_due_at          BIGINT,
    waiting_reason       TEXT,
    waiting_responsible  TEXT CHECK (waiting_responsible IN ('nhs', 'social care', 'both')),
    waiting_organisation_id TEXT,
    updated_at           BIGINT NOT NULL,
    updated_by           TEXT NOT NULL,
    version              BIGINT NOT NULL,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, person_id) REFERENCES person (place, id),
    FOREIGN KEY (place, hospital_id) REFERENCES organisation (place, id),
    FOREIGN KEY (place, council_id) REFERENCES organisation (place, id),
    FOREIGN KEY (place, next_owner_id) REFERENCES organisation (place, id),
    FOREIGN KEY (place, waiting_organisation_id) REFERENCES organisation (place, id)
);
CREATE UNIQUE INDEX stay_by_source ON stay (place, source, source_key);
CREATE INDEX stay_by_person ON stay (place, person_id, admitted_on);
-- The board: in its order, with every column it filters and counts by, so that
-- it reads this index alone until it knows its rows.
CREATE INDEX stay_open ON stay (place, COALESCE(ready_on, '9999-12-31'), COALESCE(expected_on, '9999-12-31'),
    admitted_on, id, hospital_id, ward, council_id, pathway, waiting_responsible, waiting_organisation_id,
    ready_on, next_due_at, discharged_on, version) WHERE discharged_on IS NULL;
CREATE INDEX stay_by_discharge ON stay (place, discharged_on) WHERE discharged_on IS NOT NULL;
-- A correction supersedes a segment; it never erases one.
CREATE TABLE delay_segment (
    place            TEXT NOT NULL,
    id               TEXT NOT NULL,
    stay_id          TEXT NOT NULL,
    starts_on        TEXT NOT NULL,
    ends_on          TEXT,
    code_set         TEXT NOT NULL,
    reason           TEXT NOT NULL,
    responsible      TEXT NOT NULL CHECK (responsible IN ('nhs', 'social care', 'both')),
    organisation_id  TEXT,
    recorded_at      BIGINT NOT NULL,
    recorded_by      TEXT NOT NULL,
    superseded_at    BIGINT,
    superseded_by    TEXT,
    superseded_why   TEXT,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, stay_id) REFERENCES stay (place, id),
    FOREIGN KEY (place, organisation_id) REFERENCES organisation (place, id)
);
CREATE INDEX delay_segment_by_stay ON delay_segment (place, stay_id, starts_on);
-- A message is known by its id and kind. One that waits for its stay has no stay.
-- The last columns are what the message said of the stay.
CREATE TABLE notice (
    place        TEXT NOT NULL,
    id           TEXT NOT NULL,
    message_id   TEXT NOT NULL,
    stay_id      TEXT,
    person_id    TEXT NOT NULL,
    kind         TEXT NOT NULL,
    sent_at      BIGINT NOT NULL,
    received_at  BIGINT NOT NULL,
    sender       TEXT NOT NULL,
    receiver     TEXT NOT NULL,
    proposed_on  TEXT,
    responds_to  TEXT,
    status       TEXT NOT NULL,
    reason       TEXT,
    free_text    TEXT NOT NULL,
    inbox_id     TEXT NOT NULL,
    withdraws    TEXT CHECK (withdraws IN ('all', 'assessment', 'discharge')),
    stay_key     TEXT,
    admitted_on  TEXT,
    ward         TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, stay_id) REFERENCES stay (place, id),
    FOREIGN KEY (place, person_id) REFERENCES person (place, id),
    FOREIGN KEY (place, inbox_id) REFERENCES inbox (place, id)
);
CREATE UNIQUE INDEX notice_by_message ON notice (place, message_id, kind);
CREATE INDEX notice_by_stay ON notice (place, stay_id, sent_at);
CREATE INDEX notice_waiting ON notice (place, person_id) WHERE stay_id IS NULL;
CREATE TABLE stay_change (
    place        TEXT NOT NULL,
    stay_id      TEXT NOT NULL,
    number       BIGINT NOT NULL,
    field        TEXT NOT NULL,
    before       TEXT NOT NULL,
    after        TEXT NOT NULL,
    why          TEXT NOT NULL,
    at           BIGINT NOT NULL,
    actor        TEXT NOT NULL,
    organisation TEXT NOT NULL,
    PRIMARY KEY (place, stay_id, number),
    FOREIGN KEY (place, stay_id) REFERENCES stay (place, id)
);
