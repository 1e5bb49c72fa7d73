-- Requests for help that were sent. What was asked is in the form; here is what becomes of it.
-- `told` says that the person knows of it; `hidden` that it is not shown on their own pages.
CREATE TABLE referral (
    place        TEXT NOT NULL,
    id           TEXT NOT NULL,
    reference    TEXT NOT NULL,
    form_id      TEXT NOT NULL,
    person_id    TEXT NOT NULL,
    inbox_id     TEXT NOT NULL,
    owner_id     TEXT NOT NULL,
    asked_by     TEXT NOT NULL,
    asker        TEXT NOT NULL,
    source       TEXT NOT NULL,
    told         BIGINT NOT NULL,
    sent_at      BIGINT NOT NULL,
    priority     TEXT NOT NULL CHECK (priority IN ('urgent', 'soon', 'routine')),
    priority_why TEXT NOT NULL,
    due_at       BIGINT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('waiting', 'taken', 'decided', 'merged')),
    taken_by     TEXT NOT NULL,
    answer       TEXT NOT NULL,
    note         TEXT NOT NULL,
    hidden       BIGINT NOT NULL,
    merged_into  TEXT,
    decided_at   BIGINT,
    decided_by   TEXT,
    version      BIGINT NOT NULL,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, form_id) REFERENCES form (place, id),
    FOREIGN KEY (place, person_id) REFERENCES person (place, id),
    FOREIGN KEY (place, inbox_id) REFERENCES inbox (place, id),
    FOREIGN KEY (place, owner_id) REFERENCES organisation (place, id),
    FOREIGN KEY (place, merged_into) REFERENCES referral (place, id)
);
CREATE UNIQUE INDEX referral_by_reference ON referral (place, reference);
CREATE UNIQUE INDEX referral_by_form ON referral (place, form_id);
CREATE INDEX referral_by_owner ON referral (place, owner_id, state, due_at);
CREATE INDEX referral_by_person ON referral (place, person_id);
-- What was decided; several may be.
CREATE TABLE referral_outcome (
    place       TEXT NOT NULL,
    referral_id TEXT NOT NULL,
    kind        TEXT NOT NULL,
    PRIMARY KEY (place, referral_id, kind),
    FOREIGN KEY (place, referral_id) REFERENCES referral (place, id)
);
-- Services of the directory that the person was told of.
CREATE TABLE referral_service (
    place       TEXT NOT NULL,
    referral_id TEXT NOT NULL,
    service_id  TEXT NOT NULL,
    PRIMARY KEY (place, referral_id, service_id),
    FOREIGN KEY (place, referral_id) REFERENCES referral (place, id),
    FOREIGN KEY (place, service_id) REFERENCES service (place, id)
);
