-- The codes that the resource of a line can be searched by, each with a line feed before and
-- after it. NULL of lines that are older than this column or are no resource: they are read.
ALTER TABLE timeline ADD COLUMN codes TEXT;
