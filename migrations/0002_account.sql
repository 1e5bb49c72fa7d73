-- Sign-ins. The password is kept as an argon2id hash, a session as the hash of its token.
CREATE TABLE account (
    place           TEXT NOT NULL,
    id              TEXT NOT NULL,
    username        TEXT NOT NULL,
    display_name    TEXT NOT NULL,
    role            TEXT NOT NULL,
    organisation_id TEXT NOT NULL,
    password_hash   TEXT NOT NULL,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, organisation_id) REFERENCES organisation (place, id)
);
CREATE UNIQUE INDEX account_by_username ON account (place, username);
CREATE TABLE session (
    place        TEXT NOT NULL,
    token_hash   TEXT NOT NULL,
    account_id   TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    PRIMARY KEY (place, token_hash),
    FOREIGN KEY (place, account_id) REFERENCES account (place, id)
);
