-- Transfers, only ever added. Entry is the row of the journal that made it, line its number within that row. The
-- key is in the order in which a month is frozen.
CREATE TABLE ledger_transfer (
    place          TEXT NOT NULL,
    period         TEXT NOT NULL,
    entry          BIGINT NOT NULL,
    line           BIGINT NOT NULL,
    id             TEXT NOT NULL,
    kind           TEXT NOT NULL CHECK (kind IN ('post', 'reserve', 'post-reserved', 'release', 'reverse')),
    debit_id       TEXT NOT NULL,
    credit_id      TEXT NOT NULL,
    amount         BIGINT NOT NULL CHECK (amount >= 0),
    released       BIGINT NOT NULL CHECK (released >= 0),
    effective_on   TEXT NOT NULL,
    posted_at      BIGINT NOT NULL,
    reservation_id TEXT,
    reverses_id    TEXT,
    lapses_on      TEXT,
    keep_rest      BIGINT NOT NULL,
    set_id         TEXT,
    note           TEXT NOT NULL,
    PRIMARY KEY (place, period, entry, line),
    FOREIGN KEY (place, debit_id) REFERENCES ledger_account (place, id),
    FOREIGN KEY (place, credit_id) REFERENCES ledger_account (place, id)
) /* sqlite: WITHOUT ROWID */;
CREATE UNIQUE INDEX ledger_transfer_by_id ON ledger_transfer (place, id);
CREATE INDEX ledger_transfer_by_debit ON ledger_transfer (place, debit_id, period, entry, line);
CREATE INDEX ledger_transfer_by_credit ON ledger_transfer (place, credit_id, period, entry, line);
CREATE UNIQUE INDEX ledger_transfer_by_reversed ON ledger_transfer (place, reverses_id) WHERE reverses_id IS NOT NULL;
CREATE INDEX ledger_transfer_by_set ON ledger_transfer (place, set_id) WHERE set_id IS NOT NULL;
CREATE INDEX ledger_transfer_by_reservation ON ledger_transfer (place, reservation_id) WHERE reservation_id IS NOT NULL;
