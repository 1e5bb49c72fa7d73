-- What services of the directory have free: a row for each figure. It says who told it and when.
-- What was agreed since is taken off, never below nought.
CREATE TABLE capacity (
    place       TEXT NOT NULL,
    id          TEXT NOT NULL,
    service_id  TEXT NOT NULL,
    kind        TEXT NOT NULL,
    zone        TEXT NOT NULL,
    time_of_day TEXT NOT NULL,
    unit        TEXT NOT NULL,
    skills      TEXT NOT NULL,
    free        BIGINT NOT NULL CHECK (free >= 0),
    told_at     BIGINT NOT NULL,
    told_by     TEXT NOT NULL,
    ended_at    BIGINT,
    version     BIGINT NOT NULL,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, service_id) REFERENCES service (place, id)
);
CREATE INDEX capacity_by_service ON capacity (place, service_id);
-- Everything that ever changed a figure. `need_id` says for which need some was taken or given back.
CREATE TABLE capacity_event (
    place       TEXT NOT NULL,
    capacity_id TEXT NOT NULL,
    number      BIGINT NOT NULL,
    what        TEXT NOT NULL CHECK (what IN ('told', 'taken', 'given back', 'ended')),
    amount      BIGINT NOT NULL,
    free        BIGINT NOT NULL CHECK (free >= 0),
    at          BIGINT NOT NULL,
    by_whom     TEXT NOT NULL,
    need_id     TEXT,
    PRIMARY KEY (place, capacity_id, number),
    FOREIGN KEY (place, capacity_id) REFERENCES capacity (place, id)
);
CREATE INDEX capacity_event_by_need ON capacity_event (place, need_id);
