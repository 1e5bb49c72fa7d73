-- Reviewing who looked: the looks of one account in a stretch of days, and what was found.
CREATE INDEX journal_by_actor ON journal (place, actor, at) WHERE person_id IS NOT NULL;
-- What became of an unusual look. `sequence` is its row of the journal; `why` what made it unusual
-- when it was looked into. Nothing is erased: who changes their mind adds a row.
CREATE TABLE look_review (
    place       TEXT NOT NULL,
    sequence    BIGINT NOT NULL,
    number      BIGINT NOT NULL,
    verdict     TEXT NOT NULL CHECK (verdict IN ('in order', 'not in order')),
    note        TEXT NOT NULL,
    why         TEXT NOT NULL,
    reviewed_at BIGINT NOT NULL,
    reviewed_by TEXT NOT NULL,
    PRIMARY KEY (place, sequence, number),
    FOREIGN KEY (place, sequence) REFERENCES journal (place, sequence)
);
-- Why a restriction was lifted.
ALTER TABLE restriction ADD COLUMN ended_why TEXT NOT NULL DEFAULT '';
