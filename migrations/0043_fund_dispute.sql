-- Disputes between partners. The stages are those of the agreement's version under which one was raised.
CREATE TABLE fund_dispute (
    place     TEXT NOT NULL,
    id        TEXT NOT NULL,
    fund      TEXT NOT NULL,
    agreement BIGINT NOT NULL,
    raised_by TEXT NOT NULL,
    with_whom TEXT NOT NULL,
    amount    BIGINT NOT NULL CHECK (amount > 0),
    about     TEXT NOT NULL,
    raised_on TEXT NOT NULL,
    kept_at   BIGINT NOT NULL,
    kept_by   TEXT NOT NULL,
    PRIMARY KEY (place, id),
    FOREIGN KEY (place, fund, agreement) REFERENCES fund_agreement (place, fund, number)
);
-- What happened in a dispute, only ever added. Evidence is a file, kept as it came among the ledger's files. The amounts
-- of an outcome are lines of a partner and whole pence.
CREATE TABLE fund_dispute_step (
    place      TEXT NOT NULL,
    dispute_id TEXT NOT NULL,
    number     BIGINT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('evidence', 'up', 'end')),
    done_on    TEXT NOT NULL,
    partner    TEXT NOT NULL,
    words      TEXT NOT NULL,
    file_id    TEXT,
    amounts    TEXT NOT NULL,
    kept_at    BIGINT NOT NULL,
    kept_by    TEXT NOT NULL,
    PRIMARY KEY (place, dispute_id, number),
    FOREIGN KEY (place, dispute_id) REFERENCES fund_dispute (place, id),
    FOREIGN KEY (place, file_id) REFERENCES ledger_file (place, id)
);
