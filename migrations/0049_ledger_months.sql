-- What moved on an account in all is the sum of its months, added up by whoever reads it: each transfer then writes
-- two sums, not four, and the months lie closer.
DELETE FROM ledger_balance WHERE period = '';
