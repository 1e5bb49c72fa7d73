-- Meetings of a team about people: an agenda drawn from live cases when the meeting opens, what was
-- decided of each, and what is to be done by whom and when.
CREATE TABLE meeting (
    place           TEXT NOT NULL,
    id              TEXT NOT NULL,
    name            TEXT NOT NULL,
    organisation_id TEXT,
    present         TEXT NOT NULL,
    opened_at       BIGINT NOT NULL,
    opened_by       TEXT NOT NULL,
    closed_at       BIGINT,
    closed_by       TEXT NOT NULL,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, organisation_id) REFERENCES organisation (place, id)
);
CREATE INDEX meeting_by_time ON meeting (place, opened_at);
CREATE TABLE meeting_item (
    place      TEXT NOT NULL,
    meeting_id TEXT NOT NULL,
    number     BIGINT NOT NULL,
    person_id  TEXT NOT NULL,
    stay_id    TEXT,
    why        TEXT NOT NULL,
    decision   TEXT NOT NULL,
    decided_at BIGINT,
    decided_by TEXT NOT NULL,
    PRIMARY KEY (place, meeting_id, number),
    FOREIGN KEY (place, meeting_id) REFERENCES meeting (place, id),
    FOREIGN KEY (place, person_id) REFERENCES person (place, id),
    FOREIGN KEY (place, stay_id) REFERENCES stay (place, id)
);
CREATE INDEX meeting_item_by_person ON meeting_item (place, person_id);
CREATE TABLE meeting_action (
    place      TEXT NOT NULL,
    meeting_id TEXT NOT NULL,
    item       BIGINT NOT NULL,
    number     BIGINT NOT NULL,
    what       TEXT NOT NULL,
    owner      TEXT NOT NULL,
    due_on     TEXT NOT NULL,
    done_at    BIGINT,
    done_by    TEXT NOT NULL,
    PRIMARY KEY (place, meeting_id, item, number),
    FOREIGN KEY (place, meeting_id, item) REFERENCES meeting_item (place, meeting_id, number)
);
CREATE INDEX meeting_action_by_day ON meeting_action (place, due_on) WHERE done_at IS NULL;
