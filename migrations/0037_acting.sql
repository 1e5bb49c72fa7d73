-- Who acts for a person: attorneys, deputies, advocates, and the next of kin as told. Nothing is
-- overwritten: what was wrong or is over is ended, with why.
CREATE TABLE acting (
    place        TEXT NOT NULL,
    id           TEXT NOT NULL,
    person_id    TEXT NOT NULL,
    part         TEXT NOT NULL,
    name         TEXT NOT NULL,
    relation     TEXT NOT NULL,
    telephone    TEXT NOT NULL,
    welfare      BIGINT NOT NULL CHECK (welfare IN (0, 1)),
    property     BIGINT NOT NULL CHECK (property IN (0, 1)),
    starts_on    TEXT,
    ends_on      TEXT,
    source       TEXT NOT NULL,
    source_words TEXT NOT NULL,
    made_at      BIGINT NOT NULL,
    made_by      TEXT NOT NULL,
    organisation TEXT NOT NULL,
    sector       TEXT NOT NULL,
    ended_at     BIGINT,
    ended_by     TEXT NOT NULL,
    ended_why    TEXT NOT NULL,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, person_id) REFERENCES person (place, id)
);
CREATE INDEX acting_by_person ON acting (place, person_id);
