-- Returns of pooled funds as they were sent. The content is never changed: a later change makes a new number, which says
-- what is different. The lineage has a line of accounts and months for each line of the content.
CREATE TABLE fund_return (
    place   TEXT NOT NULL,
    fund    TEXT NOT NULL,
    period  TEXT NOT NULL,
    number  BIGINT NOT NULL,
    hash    TEXT NOT NULL,
    content TEXT NOT NULL,
    lineage TEXT NOT NULL,
    changes TEXT NOT NULL,
    sent_at BIGINT NOT NULL,
    sent_by TEXT NOT NULL,
    PRIMARY KEY (place, fund, period, number)
);
-- What came of a planned metric in a month, in thousandths of its unit, with where the figure is from. A later number
-- stands in place of an earlier one.
CREATE TABLE fund_metric (
    place      TEXT NOT NULL,
    fund       TEXT NOT NULL,
    metric     TEXT NOT NULL,
    month      TEXT NOT NULL,
    number     BIGINT NOT NULL,
    thousandths BIGINT NOT NULL,
    source     TEXT NOT NULL,
    kept_at    BIGINT NOT NULL,
    kept_by    TEXT NOT NULL,
    PRIMARY KEY (place, fund, metric, month, number)
);
