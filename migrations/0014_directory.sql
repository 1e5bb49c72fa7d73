-- The directory of services: what there is in the place, for whom, where and when. Nothing in it
-- is about a person who is cared for. An entry that came in a file is known by its source and key.
CREATE TABLE service (
    place             TEXT NOT NULL,
    id                TEXT NOT NULL,
    name              TEXT NOT NULL,
    organisation      TEXT NOT NULL,
    organisation_code TEXT,
    what              TEXT NOT NULL,
    needs             TEXT NOT NULL,
    areas             TEXT NOT NULL,
    how               TEXT NOT NULL,
    who_for           TEXT NOT NULL,
    referral          TEXT NOT NULL,
    hours             TEXT NOT NULL,
    hours_note        TEXT NOT NULL,
    address           TEXT NOT NULL,
    postcode          TEXT NOT NULL,
    telephone         TEXT NOT NULL,
    web               TEXT NOT NULL,
    cost              TEXT NOT NULL,
    checked_on        TEXT NOT NULL,
    checked_by        TEXT NOT NULL,
    ended_on          TEXT,
    source            TEXT NOT NULL,
    source_key        TEXT,
    inbox_id          TEXT,
    version           BIGINT NOT NULL,
    changed_at        BIGINT NOT NULL,
    changed_by        TEXT NOT NULL,
    changed_what      TEXT NOT NULL,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, inbox_id) REFERENCES inbox (place, id)
);
CREATE UNIQUE INDEX service_by_source ON service (place, source, source_key);
CREATE INDEX service_by_name ON service (place, name, id);
-- Organisations as the NHS Organisation Data Service lists them, by code. Those that the place has
-- to do with are in `organisation` too. Nothing is deleted: what has closed has its day.
CREATE TABLE listed_organisation (
    place       TEXT NOT NULL,
    code        TEXT NOT NULL,
    listed_as   TEXT NOT NULL,
    name        TEXT NOT NULL,
    address     TEXT NOT NULL,
    postcode    TEXT NOT NULL,
    telephone   TEXT NOT NULL,
    opened_on   TEXT,
    closed_on   TEXT,
    inbox_id    TEXT NOT NULL,
    changed_at  BIGINT NOT NULL,
    PRIMARY KEY (place, code),
    FOREIGN KEY (place, inbox_id) REFERENCES inbox (place, id)
);
CREATE INDEX listed_by_postcode ON listed_organisation (place, listed_as, postcode);
CREATE INDEX person_by_practice ON person (place, practice_code);
