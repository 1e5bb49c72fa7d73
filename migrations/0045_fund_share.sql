-- What partners were asked for when a month closed by the agreement: the working, as it was. The amounts are in the ledger.
CREATE TABLE fund_share (
    place     TEXT NOT NULL,
    fund      TEXT NOT NULL,
    period    TEXT NOT NULL,
    agreement BIGINT NOT NULL,
    explained TEXT NOT NULL,
    kept_at   BIGINT NOT NULL,
    kept_by   TEXT NOT NULL,
    PRIMARY KEY (place, fund, period),
    FOREIGN KEY (place, fund, agreement) REFERENCES fund_agreement (place, fund, number)
);
