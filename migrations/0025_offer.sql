-- Needs that services are asked to meet, without a name. The person is told to the service that
-- has accepted, and to nobody before.
CREATE TABLE need (
    place           TEXT NOT NULL,
    id              TEXT NOT NULL,
    person_id       TEXT NOT NULL,
    stay_id         TEXT,
    kind            TEXT NOT NULL,
    zone            TEXT NOT NULL,
    visits          TEXT NOT NULL,
    double_handed   BIGINT NOT NULL,
    skills          TEXT NOT NULL,
    starts_on       TEXT NOT NULL,
    latest_start    TEXT NOT NULL,
    funding         TEXT NOT NULL,
    age_band        TEXT NOT NULL,
    words           TEXT NOT NULL,
    way             TEXT NOT NULL,
    answer_minutes  BIGINT NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'started', 'withdrawn')),
    restarts_id     TEXT,
    written_at      BIGINT NOT NULL,
    written_by      TEXT NOT NULL,
    organisation_id TEXT,
    ended_at        BIGINT,
    ended_by        TEXT NOT NULL,
    ended_why       TEXT NOT NULL,
    version         BIGINT NOT NULL,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, person_id) REFERENCES person (place, id),
    FOREIGN KEY (place, stay_id) REFERENCES stay (place, id)
);
CREATE INDEX need_by_person ON need (place, person_id);
CREATE INDEX need_by_stay ON need (place, stay_id);
CREATE INDEX need_by_state ON need (place, state, written_at);
-- One need offered to one service. Of the link by which it may be answered only the hash is kept.
CREATE TABLE offer (
    place       TEXT NOT NULL,
    id          TEXT NOT NULL,
    need_id     TEXT NOT NULL,
    service_id  TEXT NOT NULL,
    position    BIGINT NOT NULL,
    state       TEXT NOT NULL,
    asked_at    BIGINT,
    due_at      BIGINT,
    seen_at     BIGINT,
    answered_at BIGINT,
    answered_by TEXT NOT NULL,
    starts_on   TEXT,
    reason      TEXT NOT NULL,
    words       TEXT NOT NULL,
    link_hash   TEXT,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, need_id) REFERENCES need (place, id),
    FOREIGN KEY (place, service_id) REFERENCES service (place, id)
);
CREATE UNIQUE INDEX offer_by_need ON offer (place, need_id, service_id);
CREATE INDEX offer_by_service ON offer (place, service_id, state);
CREATE UNIQUE INDEX offer_by_link ON offer (place, link_hash);
-- Every answer as it came, also those that changed nothing.
CREATE TABLE offer_answer (
    place     TEXT NOT NULL,
    offer_id  TEXT NOT NULL,
    number    BIGINT NOT NULL,
    said      TEXT NOT NULL CHECK (said IN ('yes', 'no')),
    starts_on TEXT,
    reason    TEXT NOT NULL,
    words     TEXT NOT NULL,
    outcome   TEXT NOT NULL,
    at        BIGINT NOT NULL,
    by_whom   TEXT NOT NULL,
    PRIMARY KEY (place, offer_id, number),
    FOREIGN KEY (place, offer_id) REFERENCES offer (place, id)
);
