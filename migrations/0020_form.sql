-- Forms that are filled in, with an answer a row. A form goes on in the version it was begun with.
-- `key_hash` is for somebody who does not sign in: only the hash of what their browser holds.
CREATE TABLE form (
    place           TEXT NOT NULL,
    id              TEXT NOT NULL,
    name            TEXT NOT NULL,
    version         TEXT NOT NULL,
    person_id       TEXT,
    state           TEXT NOT NULL CHECK (state IN ('open', 'signed', 'sent', 'withdrawn')),
    organisation_id TEXT,
    source          TEXT NOT NULL,
    started_at      BIGINT NOT NULL,
    started_by      TEXT NOT NULL,
    starter         TEXT NOT NULL,
    key_hash        TEXT,
    touched_at      BIGINT NOT NULL,
    finished_at     BIGINT,
    finished_by     TEXT,
    finished_why    TEXT,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, person_id) REFERENCES person (place, id),
    FOREIGN KEY (place, organisation_id) REFERENCES organisation (place, id)
);
CREATE INDEX form_by_person ON form (place, person_id);
CREATE INDEX form_by_starter ON form (place, starter, state);
CREATE UNIQUE INDEX form_by_key ON form (place, key_hash);
-- An empty answer is one that was looked at and left; no row is one that nobody has looked at.
-- `number` counts its changes; `page` is the page it was last typed on, so that two are told.
-- `taken_from` is the answer of an earlier form that somebody took over, and `taken_at` its age.
CREATE TABLE form_answer (
    place       TEXT NOT NULL,
    form_id     TEXT NOT NULL,
    link_id     TEXT NOT NULL,
    value       TEXT NOT NULL,
    number      BIGINT NOT NULL,
    page        TEXT NOT NULL,
    answered_at BIGINT NOT NULL,
    answered_by TEXT NOT NULL,
    taken_from  TEXT,
    taken_at    BIGINT,
    PRIMARY KEY (place, form_id, link_id),
    FOREIGN KEY (place, form_id) REFERENCES form (place, id)
);
-- What somebody else had written before it was written over.
CREATE TABLE form_answer_before (
    place       TEXT NOT NULL,
    form_id     TEXT NOT NULL,
    link_id     TEXT NOT NULL,
    number      BIGINT NOT NULL,
    value       TEXT NOT NULL,
    answered_at BIGINT NOT NULL,
    answered_by TEXT NOT NULL,
    PRIMARY KEY (place, form_id, link_id, number),
    FOREIGN KEY (place, form_id) REFERENCES form (place, id)
);
-- Sections that somebody has opened, or has said are complete.
CREATE TABLE form_section (
    place    TEXT NOT NULL,
    form_id  TEXT NOT NULL,
    link_id  TEXT NOT NULL,
    complete BIGINT NOT NULL,
    marked_at BIGINT NOT NULL,
    marked_by TEXT NOT NULL,
    PRIMARY KEY (place, form_id, link_id),
    FOREIGN KEY (place, form_id) REFERENCES form (place, id)
);
