-- Chains of steps, their handovers, and which set of steps is in use.
CREATE TABLE chain (
    place       TEXT NOT NULL,
    id          TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('stay', 'referral', 'reablement', 'placement')),
    case_id     TEXT NOT NULL,
    person_id   TEXT NOT NULL,
    set_name    TEXT NOT NULL,
    began_at    BIGINT NOT NULL,
    over_at     BIGINT,
    updated_at  BIGINT NOT NULL,
    updated_by  TEXT NOT NULL,
    version     BIGINT NOT NULL,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, person_id) REFERENCES person (place, id)
);
CREATE UNIQUE INDEX chain_by_case ON chain (place, kind, case_id);
CREATE INDEX chain_by_person ON chain (place, person_id);
CREATE INDEX chain_open ON chain (place, kind, set_name, id) WHERE over_at IS NULL;
-- A step carries all that its set said of it, so that a set that is gone strands no case.
CREATE TABLE chain_step (
    place       TEXT NOT NULL,
    id          TEXT NOT NULL,
    chain_id    TEXT NOT NULL,
    number      BIGINT NOT NULL,
    step_key    TEXT NOT NULL,
    title       TEXT NOT NULL,
    after_keys  TEXT NOT NULL,
    role        TEXT NOT NULL,
    owner_id    TEXT,
    owner_name  TEXT NOT NULL,
    hours       BIGINT,
    ends_with   TEXT,
    pathways    TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('not started', 'going on', 'waiting', 'done', 'done elsewhere', 'not needed')),
    started_at  BIGINT,
    due_at      BIGINT,
    ended_at    BIGINT,
    ended_why   TEXT NOT NULL,
    waits_set   TEXT,
    waits_code  TEXT,
    waits_since BIGINT,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, chain_id) REFERENCES chain (place, id),
    FOREIGN KEY (place, owner_id) REFERENCES organisation (place, id)
);
CREATE UNIQUE INDEX chain_step_by_key ON chain_step (place, chain_id, step_key);
CREATE INDEX chain_step_open ON chain_step (place, owner_id, due_at, chain_id) WHERE state IN ('going on', 'waiting');
CREATE TABLE handover (
    place         TEXT NOT NULL,
    id            TEXT NOT NULL,
    chain_id      TEXT NOT NULL,
    step_id       TEXT NOT NULL,
    from_id       TEXT,
    to_id         TEXT NOT NULL,
    to_name       TEXT NOT NULL,
    note          TEXT NOT NULL,
    offered_at    BIGINT NOT NULL,
    offered_by    TEXT NOT NULL,
    answer_due_at BIGINT,
    answer        TEXT CHECK (answer IN ('accepted', 'declined', 'withdrawn', 'lapsed')),
    answered_at   BIGINT,
    answered_by   TEXT NOT NULL,
    answer_why    TEXT NOT NULL,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, chain_id) REFERENCES chain (place, id),
    FOREIGN KEY (place, step_id) REFERENCES chain_step (place, id),
    FOREIGN KEY (place, from_id) REFERENCES organisation (place, id),
    FOREIGN KEY (place, to_id) REFERENCES organisation (place, id)
);
CREATE INDEX handover_by_chain ON handover (place, chain_id, offered_at);
-- A step is offered to one at a time.
CREATE UNIQUE INDEX handover_one ON handover (place, step_id) WHERE answer IS NULL;
CREATE INDEX handover_open ON handover (place, to_id, answer_due_at) WHERE answer IS NULL;
-- What people did to a chain, in words.
CREATE TABLE chain_event (
    place        TEXT NOT NULL,
    chain_id     TEXT NOT NULL,
    number       BIGINT NOT NULL,
    step_title   TEXT NOT NULL,
    what         TEXT NOT NULL,
    why          TEXT NOT NULL,
    at           BIGINT NOT NULL,
    actor        TEXT NOT NULL,
    organisation TEXT NOT NULL,
    PRIMARY KEY (place, chain_id, number),
    FOREIGN KEY (place, chain_id) REFERENCES chain (place, id)
);
-- From when which set of steps is used for new cases, and who said so.
CREATE TABLE workflow_switch (
    place     TEXT NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN ('stay', 'referral', 'reablement', 'placement')),
    number    BIGINT NOT NULL,
    set_name  TEXT NOT NULL,
    from_at   BIGINT NOT NULL,
    moved     BIGINT NOT NULL,
    why       TEXT NOT NULL,
    said_at   BIGINT NOT NULL,
    said_by   TEXT NOT NULL,
    organisation TEXT NOT NULL,
    PRIMARY KEY (place, kind, number)
);
