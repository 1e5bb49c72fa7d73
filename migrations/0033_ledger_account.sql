-- Accounts of the ledger of pooled money. The name says kind and dimensions; the sums are of everything posted and reserved, whatever its date.
CREATE TABLE ledger_account (
    place           TEXT NOT NULL,
    id              TEXT NOT NULL,
    name            TEXT NOT NULL,
    fund            TEXT NOT NULL,
    person_id       TEXT,
    limited         TEXT NOT NULL CHECK (limited IN ('none', 'debits', 'credits')),
    debits_posted   BIGINT NOT NULL,
    credits_posted  BIGINT NOT NULL,
    debits_pending  BIGINT NOT NULL,
    credits_pending BIGINT NOT NULL,
    opened_at       BIGINT NOT NULL,
    opened_by       TEXT NOT NULL,
    PRIMARY KEY (place, id)
) /* sqlite: WITHOUT ROWID */;
CREATE UNIQUE INDEX ledger_account_by_name ON ledger_account (place, name);
-- What moved on an account in a month. Of reservations it may be less than nought.
CREATE TABLE ledger_balance (
    place           TEXT NOT NULL,
    account_id      TEXT NOT NULL,
    period          TEXT NOT NULL,
    debits_posted   BIGINT NOT NULL,
    credits_posted  BIGINT NOT NULL,
    debits_pending  BIGINT NOT NULL,
    credits_pending BIGINT NOT NULL,
    PRIMARY KEY (place, account_id, period),
    FOREIGN KEY (place, account_id) REFERENCES ledger_account (place, id)
) /* sqlite: WITHOUT ROWID */;
