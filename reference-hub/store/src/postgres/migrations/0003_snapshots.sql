-- Copies of all other tables stand beside them, named after the snapshot's number.
CREATE TABLE snapshots (
    name text COLLATE "C" PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY,
    note text NOT NULL
);
