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
-- Delayed days of an area in a month, one column a figure; what was not published is
-- NULL, never nil. A row is loaded only if its breakdowns add up to the total.
CREATE TABLE official_delay (
    place               TEXT NOT NULL,
    publication_id      TEXT NOT NULL,
    area_code           TEXT NOT NULL,
    month               TEXT NOT NULL,
    total               BIGINT NOT NULL,
    acute               BIGINT,
    non_acute           BIGINT,
    nhs                 BIGINT,
    social_care         BIGINT,
    nhs_and_social_care BIGINT,
    reason_a            BIGINT,
    reason_b            BIGINT,
    reason_c            BIGINT,
    reason_d_i          BIGINT,
    reason_d_ii         BIGINT,
    reason_e            BIGINT,
    reason_f            BIGINT,
    reason_g            BIGINT,
    reason_h            BIGINT,
    reason_i            BIGINT,
    reason_o            BIGINT,
    PRIMARY KEY (place, publication_id, area_code),
    FOREIGN KEY (place, publication_id) REFERENCES publication (place, id)
);
CREATE INDEX official_delay_by_area ON official_delay (place, area_code, month);
CREATE TABLE population (
    place     TEXT NOT NULL,
    area_code TEXT NOT NULL,
    year      BIGINT NOT NULL,
    age       BIGINT NOT NULL,
    people    BIGINT NOT NULL,
    PRIMARY KEY (place, area_code, year, age)
);
