-- A signed assessment that a home or service did not accept under an agreement that covers it, and
-- why. What is written says nothing of who it was.
CREATE TABLE assessment_refusal (
    place        TEXT NOT NULL,
    form_id      TEXT NOT NULL,
    agreement_id TEXT NOT NULL,
    why          TEXT NOT NULL,
    said_by      TEXT NOT NULL,
    refused_at   BIGINT NOT NULL,
    PRIMARY KEY (place, form_id, agreement_id),
    FOREIGN KEY (place, form_id) REFERENCES form (place, id),
    FOREIGN KEY (place, agreement_id) REFERENCES agreement (place, id)
);
CREATE INDEX assessment_refusal_by_agreement ON assessment_refusal (place, agreement_id, refused_at);
-- The account of who co-ordinates a plan, where they sign in here; the name stays for the others.
ALTER TABLE care_plan ADD COLUMN coordinator_id TEXT;
CREATE INDEX care_plan_by_coordinator ON care_plan (place, coordinator_id);
