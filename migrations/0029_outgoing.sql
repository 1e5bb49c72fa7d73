-- Messages written here that are to be handed to another system. Their bytes are with the arrival
-- that they are at the same time: what is sent is what is kept.
CREATE TABLE outgoing (
    place        TEXT NOT NULL,
    notice_id    TEXT NOT NULL,
    stay_id      TEXT NOT NULL,
    inbox_id     TEXT NOT NULL,
    name         TEXT NOT NULL,
    receiver     TEXT NOT NULL,
    written_at   BIGINT NOT NULL,
    written_by   TEXT NOT NULL,
    organisation TEXT NOT NULL,
    taken_at     BIGINT,
    PRIMARY KEY (place, notice_id),
    FOREIGN KEY (place, notice_id) REFERENCES notice (place, id),
    FOREIGN KEY (place, stay_id) REFERENCES stay (place, id),
    FOREIGN KEY (place, inbox_id) REFERENCES inbox (place, id)
);
CREATE INDEX outgoing_waiting ON outgoing (place, written_at, notice_id) WHERE taken_at IS NULL;
CREATE INDEX outgoing_by_stay ON outgoing (place, stay_id);
