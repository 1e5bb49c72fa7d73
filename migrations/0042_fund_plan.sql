-- Plans of pooled funds, a version each, with what changed since the one before, a line each.
CREATE TABLE fund_plan (
    place   TEXT NOT NULL,
    fund    TEXT NOT NULL,
    number  BIGINT NOT NULL,
    file_id TEXT NOT NULL,
    board   TEXT NOT NULL,
    years   TEXT NOT NULL,
    issues  BIGINT NOT NULL,
    changes TEXT NOT NULL,
    kept_at BIGINT NOT NULL,
    kept_by TEXT NOT NULL,
    PRIMARY KEY (place, fund, number),
    FOREIGN KEY (place, file_id) REFERENCES ledger_file (place, id)
);
-- Who has signed a version of a plan, besides the signatures in its file.
CREATE TABLE fund_signature (
    place        TEXT NOT NULL,
    fund         TEXT NOT NULL,
    plan         BIGINT NOT NULL,
    role         TEXT NOT NULL,
    organisation TEXT NOT NULL,
    signed_on    TEXT NOT NULL,
    delegated    BIGINT NOT NULL,
    kept_at      BIGINT NOT NULL,
    kept_by      TEXT NOT NULL,
    PRIMARY KEY (place, fund, plan, role, organisation),
    FOREIGN KEY (place, fund, plan) REFERENCES fund_plan (place, fund, number)
);
