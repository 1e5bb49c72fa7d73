-- Care and support plans. A person has one that stands; what it says is in its versions, the
-- latest of which stands. Nothing is erased.
CREATE TABLE care_plan (
    place       TEXT NOT NULL,
    id          TEXT NOT NULL,
    person_id   TEXT NOT NULL,
    version     BIGINT NOT NULL,
    review_on   TEXT,
    coordinator TEXT NOT NULL,
    sector      TEXT NOT NULL,
    changed_at  BIGINT NOT NULL,
    changed_by  TEXT NOT NULL,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, person_id) REFERENCES person (place, id)
);
CREATE INDEX care_plan_by_person ON care_plan (place, person_id);
CREATE INDEX care_plan_by_review ON care_plan (place, review_on);
-- What a version says, and who agreed to it, when and how.
CREATE TABLE care_plan_version (
    place        TEXT NOT NULL,
    plan_id      TEXT NOT NULL,
    number       BIGINT NOT NULL,
    content      TEXT NOT NULL,
    made_at      BIGINT NOT NULL,
    made_by      TEXT NOT NULL,
    organisation TEXT NOT NULL,
    agreed_at    BIGINT,
    agreed_by    TEXT NOT NULL,
    agreed_how   TEXT NOT NULL,
    PRIMARY KEY (place, plan_id, number),
    FOREIGN KEY (place, plan_id) REFERENCES care_plan (place, id)
);
