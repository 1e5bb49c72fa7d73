-- Who has to do with a person, from when until when. The holder is an organisation or an account.
-- Those made by a rule name what they follow from, such as a stay, and are renewed with it.
CREATE TABLE relationship (
    place       TEXT NOT NULL,
    id          TEXT NOT NULL,
    person_id   TEXT NOT NULL,
    kind        TEXT NOT NULL,
    holder_id   TEXT NOT NULL,
    capacity    TEXT NOT NULL,
    starts_at   BIGINT NOT NULL,
    ends_at     BIGINT,
    follows     TEXT NOT NULL,
    made_at     BIGINT NOT NULL,
    made_by     TEXT NOT NULL,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, person_id) REFERENCES person (place, id)
);
CREATE UNIQUE INDEX relationship_by_person ON relationship (place, person_id, holder_id, kind, follows);
CREATE INDEX relationship_by_holder ON relationship (place, holder_id, kind);
CREATE INDEX relationship_by_cause ON relationship (place, follows);
CREATE INDEX organisation_by_parent ON organisation (place, parent_id);
-- Which care transfer hub works for which hospital.
CREATE TABLE hub_hospital (
    place       TEXT NOT NULL,
    hub_id      TEXT NOT NULL,
    hospital_id TEXT NOT NULL,
    PRIMARY KEY (place, hub_id, hospital_id),
    FOREIGN KEY (place, hub_id) REFERENCES organisation (place, id),
    FOREIGN KEY (place, hospital_id) REFERENCES organisation (place, id)
);
-- What nobody is shown by default: `record` keeps even that the person is here; `address` keeps
-- where they live, their telephone and their practice.
CREATE TABLE restriction (
    place     TEXT NOT NULL,
    id        TEXT NOT NULL,
    person_id TEXT NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN ('record', 'address')),
    why       TEXT NOT NULL,
    made_at   BIGINT NOT NULL,
    made_by   TEXT NOT NULL,
    ended_at  BIGINT,
    ended_by  TEXT,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, person_id) REFERENCES person (place, id)
);
CREATE INDEX restriction_by_person ON restriction (place, person_id);
-- What a person has said about their data. An objection with no category is to sharing at all;
-- an agreement is to one organisation seeing the other sector's part. Nothing is erased: a wish
-- that no longer stands has an end.
CREATE TABLE wish (
    place     TEXT NOT NULL,
    id        TEXT NOT NULL,
    person_id TEXT NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN ('objection', 'agreement', 'opt-out', 'override')),
    category  TEXT NOT NULL,
    holder_id TEXT NOT NULL,
    how       TEXT NOT NULL,
    said_at   BIGINT NOT NULL,
    said_by   TEXT NOT NULL,
    ended_at  BIGINT,
    ended_by  TEXT,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, person_id) REFERENCES person (place, id)
);
CREATE INDEX wish_by_person ON wish (place, person_id);
CREATE INDEX wish_by_kind ON wish (place, kind);
-- A record opened without a relationship, and what became of it. With `restricted`, somebody else
-- must approve before anything is shown.
CREATE TABLE break_glass (
    place        TEXT NOT NULL,
    id           TEXT NOT NULL,
    person_id    TEXT NOT NULL,
    account_id   TEXT NOT NULL,
    reason       TEXT NOT NULL,
    words        TEXT NOT NULL,
    restricted   BIGINT NOT NULL,
    opened_at    BIGINT NOT NULL,
    ends_at      BIGINT NOT NULL,
    approved_at  BIGINT,
    approved_by  TEXT,
    review_by    TEXT NOT NULL,
    reviewed_at  BIGINT,
    reviewed_by  TEXT,
    verdict      TEXT CHECK (verdict IN ('justified', 'not justified')),
    verdict_why  TEXT,
    version      BIGINT NOT NULL,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, person_id) REFERENCES person (place, id),
    FOREIGN KEY (place, account_id) REFERENCES account (place, id)
);
CREATE INDEX break_glass_waiting ON break_glass (place, review_by) WHERE reviewed_at IS NULL;
CREATE INDEX break_glass_by_person ON break_glass (place, person_id);
-- What kind of sensitive matter a line is about; empty for most.
ALTER TABLE timeline ADD COLUMN category TEXT NOT NULL DEFAULT '';
