-- Files of transfers as they came, with what became of them.
CREATE TABLE ledger_file (
    place       TEXT NOT NULL,
    id          TEXT NOT NULL,
    name        TEXT NOT NULL,
    sha256      BYTEA NOT NULL,
    bytes       BYTEA NOT NULL,
    received_at BIGINT NOT NULL,
    received_by TEXT NOT NULL,
    posted      BIGINT NOT NULL,
    repeated    BIGINT NOT NULL,
    refused     BIGINT NOT NULL,
    issues      TEXT NOT NULL,
    PRIMARY KEY (place, id)
);
