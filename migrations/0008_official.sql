-- Official delayed-days figures by edition. A later edition of a month replaces
-- the earlier, which stays.
CREATE TABLE publication (
    place         TEXT NOT NULL,
    id            TEXT NOT NULL,
    month         TEXT NOT NULL,
    published_on  TEXT,
    revised_on    TEXT,
    sha256        TEXT NOT NULL,
    inbox_id      TEXT,
    loaded_at     BIGINT NOT NULL,
    superseded_by TEXT,
    PRIMARY KEY (place, id)
);
CREATE INDEX publication_by_month ON publication (place, month);
CREATE TABLE official_area (
    place TEXT NOT NULL,
    code  TEXT NOT NULL,
    name  TEXT NOT NULL,
    ons   TEXT,
    PRIMARY KEY (place, code)
);
-- Days by one breakdown: dimension is total, care-type, responsible or reason; key its value.
CREATE TABLE official_delay (
    place          TEXT NOT NULL,
    publication_id TEXT NOT NULL,
    area_code      TEXT NOT NULL,
    dimension      TEXT NOT NULL CHECK (dimension IN ('total', 'care-type', 'responsible', 'reason')),
    key            TEXT NOT NULL,
    month          TEXT NOT NULL,
    days           BIGINT NOT NULL,
    PRIMARY KEY (place, publication_id, area_code, dimension, key),
    FOREIGN KEY (place, publication_id) REFERENCES publication (place, id)
);
CREATE INDEX official_delay_by_area ON official_delay (place, area_code, dimension, month);
CREATE TABLE population (
    place     TEXT NOT NULL,
    area_code TEXT NOT NULL,
    year      BIGINT NOT NULL,
    age       BIGINT NOT NULL,
    people    BIGINT NOT NULL,
    PRIMARY KEY (place, area_code, year, age)
);
