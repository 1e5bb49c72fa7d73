-- The verbatim shelf: every resource and message as it came, byte for byte.
CREATE TABLE shelf (
    place         TEXT NOT NULL,
    id            TEXT NOT NULL,
    inbox_id      TEXT NOT NULL,
    record        BIGINT NOT NULL,
    format        TEXT NOT NULL CHECK (format IN ('json', 'xml')),
    resource_type TEXT NOT NULL,
    resource_key  TEXT NOT NULL,
    sha256        BYTEA NOT NULL,
    bytes         BYTEA NOT NULL,
    received_at   BIGINT NOT NULL,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, inbox_id) REFERENCES inbox (place, id)
);
CREATE INDEX shelf_by_key ON shelf (place, resource_key, received_at);
-- Links between resources, by key, so that they hold in whatever order the two ends arrive.
CREATE TABLE resource_link (
    place      TEXT NOT NULL,
    shelf_id   TEXT NOT NULL,
    path       TEXT NOT NULL,
    target_key TEXT NOT NULL,
    PRIMARY KEY (place, shelf_id, path),
    FOREIGN KEY (place, shelf_id) REFERENCES shelf (place, id)
) /* sqlite: WITHOUT ROWID */;
CREATE INDEX resource_link_by_target ON resource_link (place, target_key);
-- Documents kept whole: PDFs, letters, pictures.
CREATE TABLE document (
    place      TEXT NOT NULL,
    id         TEXT NOT NULL,
    person_id  TEXT NOT NULL,
    title      TEXT NOT NULL,
    media_type TEXT NOT NULL,
    sha256     BYTEA NOT NULL,
    bytes      BYTEA NOT NULL,
    inbox_id   TEXT NOT NULL,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, person_id) REFERENCES person (place, id),
    FOREIGN KEY (place, inbox_id) REFERENCES inbox (place, id)
);
-- One line of a person's timeline. A line whose person has not arrived yet
-- waits with its person key and no person.
CREATE TABLE timeline (
    place        TEXT NOT NULL,
    id           TEXT NOT NULL,
    person_id    TEXT,
    person_key   TEXT,
    happened_at  TEXT,
    kind         TEXT NOT NULL,
    title        TEXT NOT NULL,
    sector       TEXT NOT NULL CHECK (sector IN ('nhs', 'council', 'other')),
    source       TEXT NOT NULL,
    received_at  BIGINT NOT NULL,
    shelf_id     TEXT,
    stay_id      TEXT,
    document_id  TEXT,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, person_id) REFERENCES person (place, id),
    FOREIGN KEY (place, shelf_id) REFERENCES shelf (place, id)
);
CREATE INDEX timeline_by_person ON timeline (place, person_id, happened_at);
CREATE INDEX timeline_waiting ON timeline (place, person_key) WHERE person_id IS NULL;
CREATE INDEX timeline_by_shelf ON timeline (place, shelf_id);
