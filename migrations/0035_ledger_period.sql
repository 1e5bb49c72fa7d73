-- What is set apart, as it stands. What remains is nought when it is over.
CREATE TABLE ledger_reservation (
    place        TEXT NOT NULL,
    transfer_id  TEXT NOT NULL,
    debit_id     TEXT NOT NULL,
    credit_id    TEXT NOT NULL,
    remaining    BIGINT NOT NULL CHECK (remaining >= 0),
    effective_on TEXT NOT NULL,
    lapses_on    TEXT,
    PRIMARY KEY (place, transfer_id),
    FOREIGN KEY (place, debit_id) REFERENCES ledger_account (place, id),
    FOREIGN KEY (place, credit_id) REFERENCES ledger_account (place, id)
);
CREATE INDEX ledger_reservation_by_end ON ledger_reservation (place, lapses_on) WHERE remaining > 0;
-- Months that are closed, each with the hash over its transfers and that of the month before.
CREATE TABLE ledger_period (
    place         TEXT NOT NULL,
    period        TEXT NOT NULL,
    transfers     BIGINT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash          TEXT NOT NULL,
    closed_at     BIGINT NOT NULL,
    closed_by     TEXT NOT NULL,
    PRIMARY KEY (place, period)
);
