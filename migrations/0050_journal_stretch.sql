-- Which rows of the journal are about whom, by stretches of the journal. In one order by person a set of
-- rows lay all over the table, and changed more of its pages the more there was in it; now a set changes pages of
-- the last stretch only. A stretch is 32,768 rows.
CREATE TABLE journal_stretch (
    place   TEXT NOT NULL,
    stretch BIGINT NOT NULL,
    PRIMARY KEY (place, stretch)
) /* sqlite: WITHOUT ROWID */;
CREATE TABLE journal_filed (
    place     TEXT NOT NULL,
    stretch   BIGINT NOT NULL,
    person_id TEXT NOT NULL,
    sequence  BIGINT NOT NULL,
    PRIMARY KEY (place, stretch, person_id, sequence)
) /* sqlite: WITHOUT ROWID */;
INSERT INTO journal_filed (place, stretch, person_id, sequence)
    SELECT place, (sequence - 1) / 32768, person_id, sequence FROM journal_person
    ORDER BY place, (sequence - 1) / 32768, person_id, sequence;
INSERT INTO journal_stretch (place, stretch) SELECT DISTINCT place, stretch FROM journal_filed;
-- The table stays, empty, for a version that no longer knows it.
DELETE FROM journal_person;
