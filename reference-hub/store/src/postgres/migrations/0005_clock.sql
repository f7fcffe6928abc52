-- How the clock tells the time by which everything is kept; no row while it is the machine's own.
CREATE TABLE clock (
    mode text NOT NULL
);
