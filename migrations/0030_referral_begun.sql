-- What a decision on a request for help began: a case with a clock, a draft of a form, a need that
-- services are asked to meet, a step. `joined` says that it was there already and goes on.
CREATE TABLE referral_begun (
    place       TEXT NOT NULL,
    referral_id TEXT NOT NULL,
    outcome     TEXT NOT NULL,
    thing       TEXT NOT NULL CHECK (thing IN ('case', 'form', 'need', 'step')),
    thing_id    TEXT NOT NULL,
    joined      BIGINT NOT NULL,
    PRIMARY KEY (place, referral_id, outcome, thing),
    FOREIGN KEY (place, referral_id) REFERENCES referral (place, id)
);
CREATE INDEX referral_begun_by_thing ON referral_begun (place, thing_id);
