-- Transfers as each of their two accounts sees them. Rows are added in sets: those of transfers that a later row of the
-- journal made than the one named in ledger_listed are still to come.
CREATE TABLE ledger_posting (
    place      TEXT NOT NULL,
    account_id TEXT NOT NULL,
    period     TEXT NOT NULL,
    entry      BIGINT NOT NULL,
    line       BIGINT NOT NULL,
    side       TEXT NOT NULL CHECK (side IN ('debit', 'credit')),
    PRIMARY KEY (place, account_id, period, entry, line)
) /* sqlite: WITHOUT ROWID */;
CREATE TABLE ledger_listed (
    place TEXT NOT NULL,
    entry BIGINT NOT NULL,
    PRIMARY KEY (place)
) /* sqlite: WITHOUT ROWID */;
INSERT INTO ledger_posting (place, account_id, period, entry, line, side)
    SELECT place, debit_id, period, entry, line, 'debit' FROM ledger_transfer ORDER BY place, debit_id, period, entry, line;
INSERT INTO ledger_posting (place, account_id, period, entry, line, side)
    SELECT place, credit_id, period, entry, line, 'credit' FROM ledger_transfer ORDER BY place, credit_id, period, entry, line;
INSERT INTO ledger_listed (place, entry) SELECT place, MAX(entry) FROM ledger_transfer GROUP BY place;
CREATE UNIQUE INDEX ledger_transfer_by_entry ON ledger_transfer (place, entry, line);
DROP INDEX ledger_transfer_by_debit;
DROP INDEX ledger_transfer_by_credit;
-- What moved on an account in all stands beside its months, under the empty period: one page holds both.
INSERT INTO ledger_balance (place, account_id, period, debits_posted, credits_posted, debits_pending, credits_pending)
    SELECT place, id, '', debits_posted, credits_posted, debits_pending, credits_pending FROM ledger_account;
-- The columns where they stood say nothing from here on; a later version takes them out.
UPDATE ledger_account SET debits_posted = 0, credits_posted = 0, debits_pending = 0, credits_pending = 0;
