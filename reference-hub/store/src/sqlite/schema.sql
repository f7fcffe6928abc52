-- Times are milliseconds since 1970. A sending's rowid is its place in the order of arrival.

CREATE TABLE offices (
    number TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    folded_name TEXT NOT NULL,
    kinds TEXT NOT NULL,
    prefecture INTEGER,
    versions TEXT NOT NULL,
    licence_applied_at INTEGER,
    licence_until INTEGER,
    licence_renews INTEGER NOT NULL,
    free_pass_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX offices_by_prefecture ON offices (prefecture, number);

-- What the directory is searched by; the order of an office's kinds stands with the office.
CREATE TABLE office_kinds (
    kind TEXT NOT NULL,
    number TEXT NOT NULL,
    PRIMARY KEY (kind, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX office_kinds_by_number ON office_kinds (number);

CREATE TABLE sessions (
    token_digest BLOB PRIMARY KEY,
    office TEXT NOT NULL,
    terminal TEXT NOT NULL,
    certificate_serial TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_end ON sessions (expires_at);

CREATE TABLE sendings (
    arrival INTEGER PRIMARY KEY,
    submission TEXT NOT NULL UNIQUE,
    delivery TEXT NOT NULL UNIQUE,
    submitted_at INTEGER NOT NULL,
    from_office TEXT NOT NULL,
    from_kind TEXT,
    from_name TEXT NOT NULL,
    terminal TEXT NOT NULL,
    to_office TEXT NOT NULL,
    to_kind TEXT,
    to_name TEXT NOT NULL,
    message TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    content_digest BLOB NOT NULL,
    holder TEXT,
    claimed_at INTEGER,
    claimed_until INTEGER,
    fetched_at INTEGER,
    undelivered_at INTEGER,
    removed_at INTEGER,
    UNIQUE (from_office, idempotency_key)
) STRICT;

CREATE INDEX sendings_sent ON sendings (from_office, arrival);
CREATE INDEX sendings_received ON sendings (to_office, arrival);
-- What a claim looks at: as small as what is not fetched yet.
CREATE INDEX sendings_open ON sendings (to_office, arrival)
    WHERE fetched_at IS NULL AND undelivered_at IS NULL;
-- What a sweep looks at: the oldest of what is kept.
CREATE INDEX sendings_kept ON sendings (submitted_at) WHERE removed_at IS NULL;

-- The content comes last, so that a list need not read over it.
CREATE TABLE files (
    arrival INTEGER NOT NULL REFERENCES sendings (arrival),
    place INTEGER NOT NULL,
    name TEXT NOT NULL,
    sha256 BLOB NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('register', 'withdraw', 'attachment')),
    csv_version TEXT,
    -- In bytes. Content that is shorter than this is packed; see packed.rs.
    size INTEGER NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (arrival, place)
) STRICT;

CREATE TABLE remarks (
    arrival INTEGER NOT NULL REFERENCES sendings (arrival),
    place INTEGER NOT NULL,
    rule TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('error', 'warning', 'info')),
    file TEXT,
    record INTEGER,
    item INTEGER,
    clause TEXT NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (arrival, place)
) STRICT, WITHOUT ROWID;

-- Which files a terminal has asked for; forgotten with the receipt.
CREATE TABLE fetches (
    arrival INTEGER NOT NULL REFERENCES sendings (arrival),
    terminal TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (arrival, terminal, name)
) STRICT, WITHOUT ROWID;

-- Copies of all other tables stand beside them; see copies.rs.
CREATE TABLE snapshots (
    name TEXT PRIMARY KEY,
    note TEXT NOT NULL
) STRICT, WITHOUT ROWID;
