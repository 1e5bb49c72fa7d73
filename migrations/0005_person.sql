-- People, the identifiers they are known by, and their timeline. A row is what one source says;
-- rows with one head are one person. What hangs on a row never moves to another.
CREATE TABLE person (
    place         TEXT NOT NULL,
    id            TEXT NOT NULL,
    head_id       TEXT NOT NULL,
    nhs_number    TEXT,
    family_name   TEXT NOT NULL,
    given_name    TEXT NOT NULL,
    birth_date    TEXT,
    gender        TEXT NOT NULL CHECK (gender IN ('female', 'male', 'other', 'unknown')),
    address       TEXT NOT NULL,
    postcode      TEXT NOT NULL,
    telephone     TEXT NOT NULL,
    council_id    TEXT,
    practice_code TEXT,
    died_on       TEXT,
    flags         TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, council_id) REFERENCES organisation (place, id)
);
CREATE INDEX person_by_head ON person (place, head_id);
CREATE INDEX person_by_nhs_number ON person (place, nhs_number);
CREATE INDEX person_by_birth_date ON person (place, birth_date);
CREATE TABLE person_identifier (
    place     TEXT NOT NULL,
    system    TEXT NOT NULL,
    value     TEXT NOT NULL,
    person_id TEXT NOT NULL,
    PRIMARY KEY (place, system, value),
    FOREIGN KEY (place, person_id) REFERENCES person (place, id)
);
CREATE INDEX person_identifier_by_person ON person_identifier (place, person_id);
-- The words a person can be found by, filed under their first two letters.
CREATE TABLE person_word (
    place     TEXT NOT NULL,
    person_id TEXT NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN ('name', 'postcode')),
    word      TEXT NOT NULL,
    head      TEXT NOT NULL,
    PRIMARY KEY (place, person_id, kind, word),
    FOREIGN KEY (place, person_id) REFERENCES person (place, id)
);
CREATE INDEX person_word_by_head ON person_word (place, kind, head, word);
