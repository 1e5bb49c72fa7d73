-- Services that a person has or had, in the words of the national return (Client Level Data). What
-- was written down by mistake has a reason why it does not count; nothing is erased.
CREATE TABLE service_period (
    place            TEXT NOT NULL,
    id               TEXT NOT NULL,
    person_id        TEXT NOT NULL,
    service_type     TEXT NOT NULL,
    component        TEXT,
    starts_on        TEXT NOT NULL,
    ends_on          TEXT,
    outcome          TEXT,
    council_id       TEXT,
    organisation_id  TEXT,
    stay_id          TEXT,
    visits_a_week    BIGINT CHECK (visits_a_week BETWEEN 0 AND 200),
    minutes_a_visit  BIGINT CHECK (minutes_a_visit BETWEEN 0 AND 1440),
    mistake_why      TEXT,
    source           TEXT NOT NULL,
    sector           TEXT NOT NULL,
    made_at          BIGINT NOT NULL,
    updated_at       BIGINT NOT NULL,
    updated_by       TEXT NOT NULL,
    version          BIGINT NOT NULL,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, person_id) REFERENCES person (place, id),
    FOREIGN KEY (place, council_id) REFERENCES organisation (place, id),
    FOREIGN KEY (place, organisation_id) REFERENCES organisation (place, id),
    FOREIGN KEY (place, stay_id) REFERENCES stay (place, id)
);
CREATE INDEX service_period_by_person ON service_period (place, person_id, starts_on);
CREATE INDEX service_period_by_start ON service_period (place, starts_on, id) WHERE mistake_why IS NULL;
-- What somebody wants to reach with a service, in their own words, and how far it was reached.
CREATE TABLE service_goal (
    place             TEXT NOT NULL,
    service_period_id TEXT NOT NULL,
    number            BIGINT NOT NULL,
    goal              TEXT NOT NULL,
    result            TEXT NOT NULL CHECK (result IN ('not yet known', 'reached', 'partly reached', 'not reached')),
    PRIMARY KEY (place, service_period_id, number),
    FOREIGN KEY (place, service_period_id) REFERENCES service_period (place, id)
);
CREATE TABLE service_period_change (
    place             TEXT NOT NULL,
    service_period_id TEXT NOT NULL,
    number            BIGINT NOT NULL,
    field             TEXT NOT NULL,
    before            TEXT NOT NULL,
    after             TEXT NOT NULL,
    why               TEXT NOT NULL,
    at                BIGINT NOT NULL,
    actor             TEXT NOT NULL,
    organisation      TEXT NOT NULL,
    PRIMARY KEY (place, service_period_id, number),
    FOREIGN KEY (place, service_period_id) REFERENCES service_period (place, id)
);
-- Cases whose time the law or a place limits. When one is due is worked out, never stored. An
-- urgent authorisation may be extended once; a standard one may say until when an urgent one runs.
CREATE TABLE statutory_case (
    place         TEXT NOT NULL,
    id            TEXT NOT NULL,
    person_id     TEXT NOT NULL,
    kind          TEXT NOT NULL,
    owner_id      TEXT NOT NULL,
    professional  TEXT NOT NULL,
    opened_at     BIGINT NOT NULL,
    extended_on   TEXT,
    urgent_until  TEXT,
    closed_at     BIGINT,
    outcome       TEXT,
    why           TEXT NOT NULL,
    updated_at    BIGINT NOT NULL,
    updated_by    TEXT NOT NULL,
    version       BIGINT NOT NULL,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, person_id) REFERENCES person (place, id),
    FOREIGN KEY (place, owner_id) REFERENCES organisation (place, id)
);
CREATE INDEX statutory_case_by_person ON statutory_case (place, person_id);
CREATE INDEX statutory_case_open ON statutory_case (place, opened_at, id) WHERE closed_at IS NULL;
CREATE TABLE statutory_case_change (
    place              TEXT NOT NULL,
    statutory_case_id  TEXT NOT NULL,
    number             BIGINT NOT NULL,
    field              TEXT NOT NULL,
    before             TEXT NOT NULL,
    after              TEXT NOT NULL,
    why                TEXT NOT NULL,
    at                 BIGINT NOT NULL,
    actor              TEXT NOT NULL,
    organisation       TEXT NOT NULL,
    PRIMARY KEY (place, statutory_case_id, number),
    FOREIGN KEY (place, statutory_case_id) REFERENCES statutory_case (place, id)
);
