-- Returns of pooled funds as they were sent. The content is never changed: a later change makes a new number, which says
-- what is different. The hash is over content and lineage.
CREATE TABLE fund_return (
    place   TEXT NOT NULL,
    fund    TEXT NOT NULL,
    period  TEXT NOT NULL,
    number  BIGINT NOT NULL,
    hash    TEXT NOT NULL,
    content TEXT NOT NULL,
    lineage TEXT NOT NULL,
    gaps    BIGINT NOT NULL,
    changes TEXT NOT NULL,
    sent_at BIGINT NOT NULL,
    sent_by TEXT NOT NULL,
    PRIMARY KEY (place, fund, period, number)
);
-- What came of a planned metric in a month, with where the figure is from. A later number stands in place of an earlier one.
CREATE TABLE fund_figure (
    place   TEXT NOT NULL,
    fund    TEXT NOT NULL,
    metric  TEXT NOT NULL,
    month   TEXT NOT NULL,
    number  BIGINT NOT NULL,
    figure  TEXT NOT NULL,
    figure_of BIGINT,
    source  TEXT NOT NULL,
    kept_at BIGINT NOT NULL,
    kept_by TEXT NOT NULL,
    PRIMARY KEY (place, fund, metric, month, number)
);
