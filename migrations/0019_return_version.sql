-- Returns as they were sent. The content is never changed: a later change makes a new number, which
-- says what is different. The lineage has a line of ids for each line of the content.
CREATE TABLE return_version (
    place        TEXT NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('delays', 'sitrep', 'drd', 'ascof')),
    period       TEXT NOT NULL,
    purpose      TEXT NOT NULL,
    number       BIGINT NOT NULL,
    hash         TEXT NOT NULL,
    content      TEXT NOT NULL,
    lineage      TEXT NOT NULL,
    changes      TEXT NOT NULL,
    made_at      BIGINT NOT NULL,
    made_by      TEXT NOT NULL,
    organisation TEXT NOT NULL,
    PRIMARY KEY (place, kind, period, purpose, number)
);
