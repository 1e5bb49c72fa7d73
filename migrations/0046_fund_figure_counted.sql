-- From which return a figure was counted by this product, such as `drd 2026-09`; nothing where it was typed. Of a month and metric
-- the latest of each stands: what was counted is never covered by what is typed.
ALTER TABLE fund_figure ADD COLUMN counted_from TEXT;
