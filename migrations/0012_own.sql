-- A person's own part: who they are when they sign in, whom they invited, what they want put
-- right, and what they say of themselves.
CREATE TABLE own_account (
    place      TEXT NOT NULL,
    account_id TEXT NOT NULL,
    person_id  TEXT NOT NULL,
    PRIMARY KEY (place, account_id),
    FOREIGN KEY (place, account_id) REFERENCES account (place, id),
    FOREIGN KEY (place, person_id) REFERENCES person (place, id)
);
CREATE INDEX own_account_by_person ON own_account (place, person_id);
-- A carer's leave to see: the parts named in `parts`, a word each, until the end. Only the hash
-- of the code is kept, and it opens nothing once it is taken up.
CREATE TABLE delegation (
    place       TEXT NOT NULL,
    id          TEXT NOT NULL,
    person_id   TEXT NOT NULL,
    carer_name  TEXT NOT NULL,
    tie         TEXT NOT NULL,
    parts       TEXT NOT NULL,
    code_hash   TEXT NOT NULL,
    account_id  TEXT,
    made_at     BIGINT NOT NULL,
    made_by     TEXT NOT NULL,
    taken_at    BIGINT,
    ends_at     BIGINT NOT NULL,
    ended_at    BIGINT,
    ended_by    TEXT,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, person_id) REFERENCES person (place, id),
    FOREIGN KEY (place, account_id) REFERENCES account (place, id)
);
CREATE INDEX delegation_by_person ON delegation (place, person_id);
CREATE INDEX delegation_by_account ON delegation (place, account_id);
CREATE UNIQUE INDEX delegation_by_code ON delegation (place, code_hash);
CREATE TABLE correction (
    place       TEXT NOT NULL,
    id          TEXT NOT NULL,
    person_id   TEXT NOT NULL,
    about       TEXT NOT NULL,
    timeline_id TEXT,
    words       TEXT NOT NULL,
    asked_at    BIGINT NOT NULL,
    asked_by    TEXT NOT NULL,
    due_on      TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('open', 'changed', 'refused')),
    answer      TEXT NOT NULL,
    answered_at BIGINT,
    answered_by TEXT,
    version     BIGINT NOT NULL,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, person_id) REFERENCES person (place, id),
    FOREIGN KEY (place, timeline_id) REFERENCES timeline (place, id)
);
CREATE INDEX correction_by_person ON correction (place, person_id);
CREATE INDEX correction_by_state ON correction (place, state, due_on);
-- One heading of "About me" at one time. The latest of a heading is what stands.
CREATE TABLE about_me (
    place      TEXT NOT NULL,
    person_id  TEXT NOT NULL,
    heading    TEXT NOT NULL,
    number     BIGINT NOT NULL,
    words      TEXT NOT NULL,
    written_at BIGINT NOT NULL,
    written_by TEXT NOT NULL,
    helped_by  TEXT NOT NULL,
    PRIMARY KEY (place, person_id, heading, number),
    FOREIGN KEY (place, person_id) REFERENCES person (place, id)
);
