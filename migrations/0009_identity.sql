-- Records of one person from several sources: keys to find who a record may be, reviews that
-- wait for somebody to decide, links made and undone.
CREATE TABLE person_key (
    place     TEXT NOT NULL,
    key       BIGINT NOT NULL,
    person_id TEXT NOT NULL,
    PRIMARY KEY (place, key, person_id),
    FOREIGN KEY (place, person_id) REFERENCES person (place, id)
) /* sqlite: WITHOUT ROWID */;
CREATE INDEX person_key_by_person ON person_key (place, person_id);
-- A record that may be a person who is here. `person_id` is the record's own row of `person`;
-- none while nothing was made of it. The other columns are what the record says.
CREATE TABLE identity_review (
    place         TEXT NOT NULL,
    id            TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('open', 'asked', 'linked', 'apart')),
    why           TEXT NOT NULL,
    patient_key   TEXT NOT NULL,
    person_id     TEXT,
    nhs_number    TEXT,
    family_name   TEXT NOT NULL,
    given_name    TEXT NOT NULL,
    birth_date    TEXT,
    gender        TEXT NOT NULL,
    address       TEXT NOT NULL,
    postcode      TEXT NOT NULL,
    telephone     TEXT NOT NULL,
    inbox_id      TEXT NOT NULL,
    made_at       BIGINT NOT NULL,
    version       BIGINT NOT NULL,
    decided_at    BIGINT,
    decided_by    TEXT,
    decided_why   TEXT,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, person_id) REFERENCES person (place, id),
    FOREIGN KEY (place, inbox_id) REFERENCES inbox (place, id)
);
CREATE INDEX identity_review_by_state ON identity_review (place, state, made_at, id);
CREATE INDEX identity_review_by_key ON identity_review (place, patient_key);
-- Who a record may be, as it was weighed when it arrived: a line a field.
CREATE TABLE identity_candidate (
    place       TEXT NOT NULL,
    review_id   TEXT NOT NULL,
    person_id   TEXT NOT NULL,
    millibits   BIGINT NOT NULL,
    fields      TEXT NOT NULL,
    PRIMARY KEY (place, review_id, person_id),
    FOREIGN KEY (place, review_id) REFERENCES identity_review (place, id),
    FOREIGN KEY (place, person_id) REFERENCES person (place, id)
);
-- Two sets of records made one. Undoing gives `moved` back to the head that it had.
CREATE TABLE identity_link (
    place       TEXT NOT NULL,
    id          TEXT NOT NULL,
    kept_id     TEXT NOT NULL,
    given_up_id TEXT NOT NULL,
    moved       TEXT NOT NULL,
    why         TEXT NOT NULL,
    made_at     BIGINT NOT NULL,
    made_by     TEXT NOT NULL,
    undone_at   BIGINT,
    undone_by   TEXT,
    undone_why  TEXT,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, kept_id) REFERENCES person (place, id),
    FOREIGN KEY (place, given_up_id) REFERENCES person (place, id)
);
CREATE INDEX identity_link_by_kept ON identity_link (place, kept_id);
CREATE INDEX identity_link_by_given_up ON identity_link (place, given_up_id);
-- Two records that somebody has said are two people, so that one number may be both's.
CREATE TABLE identity_apart (
    place    TEXT NOT NULL,
    one_id   TEXT NOT NULL,
    other_id TEXT NOT NULL,
    said_at  BIGINT NOT NULL,
    said_by  TEXT NOT NULL,
    PRIMARY KEY (place, one_id, other_id),
    FOREIGN KEY (place, one_id) REFERENCES person (place, id),
    FOREIGN KEY (place, other_id) REFERENCES person (place, id)
);
