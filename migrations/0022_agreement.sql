-- Trusted assessors: which organisation accepts whose assessment for what, from when until when.
CREATE TABLE agreement (
    place        TEXT NOT NULL,
    id           TEXT NOT NULL,
    assessor_id  TEXT NOT NULL,
    acceptor_id  TEXT NOT NULL,
    kind         TEXT NOT NULL,
    tool         TEXT NOT NULL,
    competencies TEXT NOT NULL,
    indemnity    TEXT NOT NULL,
    starts_on    TEXT NOT NULL,
    ends_on      TEXT,
    review_on    TEXT NOT NULL,
    made_at      BIGINT NOT NULL,
    made_by      TEXT NOT NULL,
    changed_at   BIGINT NOT NULL,
    changed_by   TEXT NOT NULL,
    changed_why  TEXT NOT NULL,
    version      BIGINT NOT NULL,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, assessor_id) REFERENCES organisation (place, id),
    FOREIGN KEY (place, acceptor_id) REFERENCES organisation (place, id)
);
CREATE INDEX agreement_by_assessor ON agreement (place, assessor_id, kind);
-- A signed assessment that was accepted under an agreement, and who said so.
CREATE TABLE assessment_acceptance (
    place        TEXT NOT NULL,
    form_id      TEXT NOT NULL,
    agreement_id TEXT NOT NULL,
    said_by      TEXT NOT NULL,
    accepted_at  BIGINT NOT NULL,
    noted_by     TEXT NOT NULL,
    PRIMARY KEY (place, form_id, agreement_id),
    FOREIGN KEY (place, form_id) REFERENCES form (place, id),
    FOREIGN KEY (place, agreement_id) REFERENCES agreement (place, id)
);
-- A placement under an agreement that failed. What is written says nothing of who it was.
CREATE TABLE failed_placement (
    place        TEXT NOT NULL,
    id           TEXT NOT NULL,
    agreement_id TEXT NOT NULL,
    failed_on    TEXT NOT NULL,
    what         TEXT NOT NULL,
    learnt       TEXT NOT NULL,
    noted_at     BIGINT NOT NULL,
    noted_by     TEXT NOT NULL,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, agreement_id) REFERENCES agreement (place, id)
);
CREATE INDEX failed_placement_by_agreement ON failed_placement (place, agreement_id);
