-- Everything that arrives, byte for byte, with what became of it.
CREATE TABLE inbox (
    place       TEXT NOT NULL,
    id          TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('adw', 'fhir', 'dtoc', 'population', 'organisations', 'directory')),
    name        TEXT NOT NULL,
    sha256      TEXT NOT NULL,
    size        BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('received', 'accepted', 'partly accepted', 'rejected', 'repeated', 'to review')),
    records     BIGINT NOT NULL,
    accepted    BIGINT NOT NULL,
    partly      BIGINT NOT NULL,
    rejected    BIGINT NOT NULL,
    repeated    BIGINT NOT NULL,
    tries       BIGINT NOT NULL,
    last_try_at BIGINT NOT NULL,
    PRIMARY KEY (place, id)
);
CREATE INDEX inbox_by_time ON inbox (place, received_at, id);
CREATE INDEX inbox_by_content ON inbox (place, kind, sha256);
CREATE TABLE inbox_content (
    place    TEXT NOT NULL,
    inbox_id TEXT NOT NULL,
    part     BIGINT NOT NULL,
    bytes    BYTEA NOT NULL,
    PRIMARY KEY (place, inbox_id, part),
    FOREIGN KEY (place, inbox_id) REFERENCES inbox (place, id)
);
CREATE TABLE inbox_issue (
    place    TEXT NOT NULL,
    inbox_id TEXT NOT NULL,
    try      BIGINT NOT NULL,
    number   BIGINT NOT NULL,
    record   BIGINT NOT NULL,
    path     TEXT NOT NULL,
    code     TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('note', 'part', 'reject')),
    text     TEXT NOT NULL,
    PRIMARY KEY (place, inbox_id, try, number),
    FOREIGN KEY (place, inbox_id) REFERENCES inbox (place, id)
);
