-- What form 3 has anew, beside the sizes of files.

-- What an office is told of, in the order in which it happened. No number comes twice, whatever was
-- cleared or brought back: whoever listens goes on behind the last one heard.
CREATE TABLE events (
    event INTEGER PRIMARY KEY AUTOINCREMENT,
    office TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('arrival', 'receipt', 'undelivered')),
    arrival INTEGER NOT NULL REFERENCES sendings (arrival)
) STRICT;

CREATE INDEX events_of_office ON events (office, event);

-- How the clock tells the time by which everything is kept; no row while it is the machine's own.
CREATE TABLE clock (
    mode TEXT NOT NULL
) STRICT;
