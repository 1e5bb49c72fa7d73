-- Programs that use the API: one row a token, of which only the hash is kept.
CREATE TABLE api_client (
    place           TEXT NOT NULL,
    token_hash      TEXT NOT NULL,
    name            TEXT NOT NULL,
    organisation_id TEXT NOT NULL,
    role            TEXT NOT NULL,
    purpose         TEXT NOT NULL,
    scopes          TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL,
    revoked_at      BIGINT,
    PRIMARY KEY (place, token_hash),
    FOREIGN KEY (place, organisation_id) REFERENCES organisation (place, id)
);
CREATE INDEX api_client_by_name ON api_client (place, name);
