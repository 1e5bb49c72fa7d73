-- Passports (short portable documents for one purpose). A passport has versions; the latest is
-- the one that stands, and nothing is erased. An ended passport says when, by whom and why.
CREATE TABLE passport (
    place      TEXT NOT NULL,
    id         TEXT NOT NULL,
    person_id  TEXT NOT NULL,
    purpose    TEXT NOT NULL,
    version    BIGINT NOT NULL,
    ended_at   BIGINT,
    ended_by   TEXT,
    ended_why  TEXT,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, person_id) REFERENCES person (place, id)
);
CREATE INDEX passport_by_person ON passport (place, person_id);
-- What was filled in, by the keys of the template's headings, and the signed copy as the QR code
-- holds it: what is printed is what was signed.
CREATE TABLE passport_version (
    place        TEXT NOT NULL,
    passport_id  TEXT NOT NULL,
    number       BIGINT NOT NULL,
    answers      TEXT NOT NULL,
    code         TEXT NOT NULL,
    valid_until  TEXT NOT NULL,
    made_at      BIGINT NOT NULL,
    made_by      TEXT NOT NULL,
    organisation TEXT NOT NULL,
    PRIMARY KEY (place, passport_id, number),
    FOREIGN KEY (place, passport_id) REFERENCES passport (place, id)
);
-- The keys that sign. The one that is not retired signs; all of them check.
CREATE TABLE passport_key (
    place      TEXT NOT NULL,
    id         TEXT NOT NULL,
    public_key TEXT NOT NULL,
    secret_key TEXT NOT NULL,
    made_at    BIGINT NOT NULL,
    retired_at BIGINT,
    PRIMARY KEY (place, id)
);
