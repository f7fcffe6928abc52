-- Content that is shorter than its file is packed; see packed.rs. What is there already is not, in the
-- table itself and in the snapshots' copies of it.
DO $$
DECLARE
    kept regclass;
BEGIN
    FOR kept IN
        SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'careplan_hub' AND c.relkind = 'r'
        AND c.relname ~ '^(snapshot_[0-9]+_)?files$'
    LOOP
        EXECUTE format('ALTER TABLE %s ADD COLUMN size bigint', kept);
        EXECUTE format('UPDATE %s SET size = octet_length(content)', kept);
    END LOOP;
END $$;

ALTER TABLE files ALTER COLUMN size SET NOT NULL;
