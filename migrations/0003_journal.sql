-- One row per command and per look, chained by hash. Never updated, never deleted.
CREATE TABLE journal (
    place           TEXT NOT NULL,
    sequence        BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    kind            TEXT NOT NULL CHECK (kind IN ('look', 'command', 'load', 'sign-in')),
    action          TEXT NOT NULL,
    actor           TEXT NOT NULL,
    actor_role      TEXT NOT NULL,
    organisation    TEXT NOT NULL,
    purpose         TEXT NOT NULL,
    legal_basis     TEXT NOT NULL,
    person_id       TEXT,
    subject         TEXT NOT NULL,
    results         BIGINT NOT NULL,
    detail          TEXT NOT NULL,
    previous_hash   TEXT NOT NULL,
    hash            TEXT NOT NULL,
    PRIMARY KEY (place, sequence)
);
CREATE INDEX journal_by_person ON journal (place, person_id, sequence);
-- The end of each place's chain. Every write transaction takes this row first,
-- so that on every engine a place has one writer at a time.
CREATE TABLE journal_head (
    place    TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    hash     TEXT NOT NULL,
    PRIMARY KEY (place)
);
