-- Trusts, hospitals, wards, councils, boards, providers, practices and teams.
CREATE TABLE organisation (
    place     TEXT NOT NULL,
    id        TEXT NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN ('trust', 'hospital', 'ward', 'council', 'board', 'provider', 'practice', 'team')),
    code      TEXT,
    name      TEXT NOT NULL,
    parent_id TEXT,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, parent_id) REFERENCES organisation (place, id)
);
CREATE UNIQUE INDEX organisation_by_code ON organisation (place, kind, code);
