-- Agreements of pooled funds, a version each; the file is kept as it came among the ledger's files. Nothing is erased:
-- of those that hold on a day the latest stands.
CREATE TABLE fund_agreement (
    place   TEXT NOT NULL,
    fund    TEXT NOT NULL,
    number  BIGINT NOT NULL,
    file_id TEXT NOT NULL,
    title   TEXT NOT NULL,
    begins  TEXT NOT NULL,
    ends    TEXT NOT NULL,
    kept_at BIGINT NOT NULL,
    kept_by TEXT NOT NULL,
    PRIMARY KEY (place, fund, number),
    FOREIGN KEY (place, file_id) REFERENCES ledger_file (place, id)
);
