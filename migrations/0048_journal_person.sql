-- Which rows of the journal are about whom. Rows are filed here in sets, so that a look does not
-- change a page of an index for each person; the last ones are found by walking the end of the
-- journal, from the row after `filed`.
CREATE TABLE journal_person (
    place     TEXT NOT NULL,
    person_id TEXT NOT NULL,
    sequence  BIGINT NOT NULL,
    PRIMARY KEY (place, person_id, sequence)
) /* sqlite: WITHOUT ROWID */;
INSERT INTO journal_person (place, person_id, sequence)
    SELECT place, person_id, sequence FROM journal WHERE person_id IS NOT NULL
    ORDER BY place, person_id, sequence;
ALTER TABLE journal_head ADD COLUMN filed BIGINT NOT NULL DEFAULT 0;
UPDATE journal_head SET filed = sequence;
DROP INDEX journal_by_person;
-- Looks of accounts are reviewed by account. Programs have no account and look most.
DROP INDEX journal_by_actor;
CREATE INDEX journal_by_account ON journal (place, actor, at)
    WHERE person_id IS NOT NULL AND substr(actor, 1, 7) <> 'client:';
