-- Letters about choice given in a stay: which, when, by whom, to whom. The words are a document,
-- as they were given.
CREATE TABLE stay_letter (
    place        TEXT NOT NULL,
    stay_id      TEXT NOT NULL,
    number       BIGINT NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('first', 'second', 'third')),
    given_at     BIGINT NOT NULL,
    given_by     TEXT NOT NULL,
    organisation TEXT NOT NULL,
    given_to     TEXT NOT NULL,
    acts_for     BIGINT NOT NULL CHECK (acts_for IN (0, 1)),
    why          TEXT NOT NULL,
    choose_by    TEXT,
    document_id  TEXT NOT NULL,
    PRIMARY KEY (place, stay_id, number),
    FOREIGN KEY (place, stay_id) REFERENCES stay (place, id),
    FOREIGN KEY (place, document_id) REFERENCES document (place, id)
);
