-- What the hub and the ward write down of a stay: the list for leaving, whether the person still
-- needs a hospital bed, the reviews of long stays, letters, and the huddle.
CREATE TABLE stay_check (
    place    TEXT NOT NULL,
    stay_id  TEXT NOT NULL,
    item     TEXT NOT NULL,
    state    TEXT NOT NULL CHECK (state IN ('open', 'done', 'not needed')),
    note     TEXT NOT NULL,
    at       BIGINT NOT NULL,
    actor    TEXT NOT NULL,
    organisation TEXT NOT NULL,
    number   BIGINT NOT NULL,
    PRIMARY KEY (place, stay_id, item, number),
    FOREIGN KEY (place, stay_id) REFERENCES stay (place, id)
);
CREATE TABLE reside_review (
    place     TEXT NOT NULL,
    stay_id   TEXT NOT NULL,
    number    BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    meets     BIGINT NOT NULL CHECK (meets IN (0, 1)),
    reasons   TEXT NOT NULL,
    exception TEXT NOT NULL,
    actor     TEXT NOT NULL,
    organisation TEXT NOT NULL,
    PRIMARY KEY (place, stay_id, number),
    FOREIGN KEY (place, stay_id) REFERENCES stay (place, id)
);
CREATE TABLE stay_review (
    place    TEXT NOT NULL,
    stay_id  TEXT NOT NULL,
    mark     BIGINT NOT NULL,
    number   BIGINT NOT NULL,
    at       BIGINT NOT NULL,
    found    TEXT NOT NULL,
    next     TEXT NOT NULL,
    actor    TEXT NOT NULL,
    organisation TEXT NOT NULL,
    PRIMARY KEY (place, stay_id, mark, number),
    FOREIGN KEY (place, stay_id) REFERENCES stay (place, id)
);
CREATE TABLE huddle (
    place       TEXT NOT NULL,
    id          TEXT NOT NULL,
    hospital_id TEXT,
    title       TEXT NOT NULL,
    began_at    BIGINT NOT NULL,
    began_by    TEXT NOT NULL,
    organisation TEXT NOT NULL,
    ended_at    BIGINT,
    present     TEXT NOT NULL,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, hospital_id) REFERENCES organisation (place, id)
);
CREATE INDEX huddle_by_start ON huddle (place, began_at);
CREATE TABLE huddle_case (
    place      TEXT NOT NULL,
    huddle_id  TEXT NOT NULL,
    number     BIGINT NOT NULL,
    stay_id    TEXT NOT NULL,
    said_at    BIGINT,
    skipped    BIGINT NOT NULL CHECK (skipped IN (0, 1)),
    said       TEXT NOT NULL,
    action     TEXT NOT NULL,
    owner_id   TEXT,
    owner_name TEXT NOT NULL,
    due_at     BIGINT,
    actor      TEXT NOT NULL,
    PRIMARY KEY (place, huddle_id, number),
    FOREIGN KEY (place, huddle_id) REFERENCES huddle (place, id),
    FOREIGN KEY (place, stay_id) REFERENCES stay (place, id),
    FOREIGN KEY (place, owner_id) REFERENCES organisation (place, id)
);
CREATE UNIQUE INDEX huddle_case_once ON huddle_case (place, huddle_id, stay_id);
