-- The outbox in PostgreSQL: version 1. What becomes of a message says `src/machine.rs`; this does the same, and a test
-- compares the two. Moments are seconds since 1970 by the service's clock, as the workers know it: no rule for safety
-- reads the clock of the database.

CREATE SCHEMA IF NOT EXISTS notify_outbox;

CREATE TABLE notify_outbox.about (
    version integer NOT NULL,
    -- Which history the rows belong to: the timeline of the write-ahead log, and the database.
    history text NOT NULL
);

CREATE TABLE notify_outbox.messages (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- By which the service finds the message: no other message has it.
    reference text COLLATE "C" NOT NULL UNIQUE CHECK (octet_length(reference) BETWEEN 1 AND 255),
    -- What the producer keeps with it: no personal data.
    tag bytea NOT NULL DEFAULT '',
    -- 0 ready, 1 in flight, 2 in doubt, 3 in doubt for a person, 4 sent, 5 failed
    state smallint NOT NULL DEFAULT 0,
    attempt integer NOT NULL DEFAULT 0,
    -- Who has the claim, if anybody.
    holder uuid,
    -- Ready: not before. In flight: `leave_by`. In doubt: when to look it up, or until when its holder does.
    due bigint NOT NULL DEFAULT 0,
    -- In doubt: no token was minted with it later.
    sent_by bigint,
    -- Sent: the service's id. Failed, or for a person: why.
    answer text,
    -- When it was put and finished, for people: no rule reads them.
    put_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz
) WITH (fillfactor = 70);

CREATE INDEX ready ON notify_outbox.messages (due, id) WHERE state = 0;
CREATE INDEX under_way ON notify_outbox.messages (state, due, id) WHERE state IN (1, 2);
CREATE INDEX undecided ON notify_outbox.messages (id) WHERE state = 3;
CREATE INDEX finished ON notify_outbox.messages (finished_at) WHERE state IN (4, 5);

-- What is sent, as JSON. Erased when it is finished.
CREATE TABLE notify_outbox.payloads (
    message bigint PRIMARY KEY REFERENCES notify_outbox.messages ON DELETE CASCADE,
    body bytea NOT NULL
);

-- The pace that all workers keep together: one row, made again when it is lost. Nothing for safety hangs on it, so it is not logged,
-- and a crash or a failover empties the table.
CREATE UNLOGGED TABLE notify_outbox.bucket (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    -- When the next slot is free.
    free_at timestamptz NOT NULL,
    -- The last lease: how many slots, and in how many seconds the first of them came.
    granted integer NOT NULL DEFAULT 0,
    first_in double precision NOT NULL DEFAULT 0
);

-- Which history this is now.
CREATE FUNCTION notify_outbox.history() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) || '-' || oid FROM pg_database WHERE datname = current_database()
$$;

INSERT INTO notify_outbox.about VALUES (1, notify_outbox.history());

-- After a failover or a restore a row may read as ready though it was sent: everything ready is looked up first. Claims that
-- were lost may run for twice the longest window.
CREATE FUNCTION notify_outbox.doubt_other_history("now" bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM notify_outbox.about WHERE history = notify_outbox.history();
    IF FOUND THEN
        RETURN;
    END IF;
    PERFORM FROM notify_outbox.about FOR UPDATE;
    UPDATE notify_outbox.about SET history = notify_outbox.history() WHERE history <> notify_outbox.history();
    IF FOUND THEN
        UPDATE notify_outbox.messages
        SET state = 2, attempt = attempt + 1, due = "now", sent_by = "now" + 240
        WHERE state = 0;
    END IF;
END
$$;

-- Takes reports, moves on what time moves on, and hands out claims. Kinds of reports: 0 sent, 1 not sent, 2 failed, 3 in
-- doubt, 4 absent, 5 still in doubt, 6 needs a person. Kinds of rows that are returned: 0 a report without effect, 1 the
-- number of those that are a person's now, 2 a claim for looking up, 3 a claim for sending.
CREATE FUNCTION notify_outbox.exchange(
    ids bigint[], attempts integer[], holders uuid[], kinds smallint[], moments bigint[], texts text[],
    who uuid, "now" bigint, sends integer, lookups integer, "window" bigint
) RETURNS TABLE (kind smallint, id bigint, attempt integer, moment bigint, reference text, tag bytea, body bytea)
LANGUAGE plpgsql
-- Few rows, found by their indexes, whatever is known of the tables by now. A plain scan of an index leaves out what it has
-- found dead before; a bitmap does not, and would go through everything that was sent since the last vacuum.
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    answer_grace CONSTANT bigint := 40;
    lookup_window CONSTANT bigint := 90;
    longest_window CONSTANT bigint := 120;
    listed_for CONSTANT bigint := 3 * 24 * 60 * 60 - 60 * 60;
    forgotten CONSTANT text := 'the service may have forgotten it by now';
    for_person bigint;
    effective bigint[];
BEGIN
    PERFORM notify_outbox.doubt_other_history("now");

    IF cardinality(ids) > 0 THEN
        WITH reports AS (
            SELECT r.* FROM unnest(ids, attempts, holders, kinds, moments, texts)
                WITH ORDINALITY AS r (id, attempt, holder, kind, moment, words, n)
        ), matching AS MATERIALIZED (
            -- Of several about one claim the first that can be counts.
            SELECT DISTINCT ON (m.id) r.*, m.state
            FROM reports r JOIN notify_outbox.messages m USING (id, attempt, holder)
            WHERE m.state = 1 AND r.kind IN (0, 1, 2, 3, 6) OR m.state = 2 AND r.kind IN (0, 3, 4, 5, 6)
            ORDER BY m.id, r.n
        ), changed AS (
            UPDATE notify_outbox.messages m SET
                state = CASE r.kind
                    WHEN 0 THEN 4 WHEN 1 THEN 0 WHEN 2 THEN 5 WHEN 3 THEN 2 WHEN 5 THEN 2 WHEN 6 THEN 3
                    ELSE CASE WHEN m.sent_by + listed_for >= "now" THEN 0 ELSE 3 END
                END,
                due = CASE WHEN r.kind IN (1, 5) THEN r.moment WHEN r.kind = 3 THEN "now" ELSE 0 END,
                sent_by = CASE
                    WHEN r.kind IN (3, 5, 6) THEN CASE m.state WHEN 1 THEN m.due ELSE m.sent_by END
                    WHEN r.kind = 4 AND m.sent_by + listed_for < "now" THEN m.sent_by
                END,
                answer = CASE
                    WHEN r.kind IN (0, 2, 6) THEN r.words
                    WHEN r.kind = 4 AND m.sent_by + listed_for < "now" THEN forgotten
                END,
                finished_at = CASE WHEN r.kind IN (0, 2) THEN clock_timestamp() END,
                holder = NULL
            FROM matching r
            -- Looked at again under the row's lock (F2).
            WHERE m.id = r.id AND m.attempt = r.attempt AND m.holder = r.holder AND m.state = r.state
            RETURNING m.id, m.state, r.n
        ), erased AS (
            DELETE FROM notify_outbox.payloads p USING changed c WHERE p.message = c.id AND c.state >= 4
        )
        SELECT coalesce(array_agg(n), '{}') INTO effective FROM changed;
        RETURN QUERY
            SELECT 0::smallint, ids[n], NULL::integer, NULL::bigint, NULL::text, NULL::bytea, NULL::bytea
            FROM generate_subscripts(ids, 1) AS n WHERE NOT n = ANY (effective) ORDER BY n;
    END IF;

    -- Windows that are over (F3).
    WITH over AS MATERIALIZED (
        SELECT m.id FROM notify_outbox.messages m WHERE m.state = 1 AND m.due < "now" - answer_grace
        ORDER BY m.due, m.id LIMIT 1000 FOR UPDATE SKIP LOCKED
    )
    UPDATE notify_outbox.messages m SET state = 2, holder = NULL, due = "now", sent_by = m.due
    FROM over WHERE m.id = over.id;
    -- Lookups whose holders are gone.
    WITH left_alone AS MATERIALIZED (
        SELECT m.id FROM notify_outbox.messages m WHERE m.state = 2 AND m.holder IS NOT NULL AND m.due < "now"
        ORDER BY m.due, m.id LIMIT 1000 FOR UPDATE SKIP LOCKED
    )
    UPDATE notify_outbox.messages m SET holder = NULL, due = "now" FROM left_alone WHERE m.id = left_alone.id;
    -- What the service may have forgotten (F6).
    WITH old AS MATERIALIZED (
        SELECT m.id FROM notify_outbox.messages m
        WHERE m.state = 2 AND m.holder IS NULL AND m.due <= "now" AND m.sent_by + listed_for < "now"
        ORDER BY m.due, m.id LIMIT 1000 FOR UPDATE SKIP LOCKED
    )
    UPDATE notify_outbox.messages m SET state = 3, due = 0, answer = forgotten FROM old WHERE m.id = old.id;
    GET DIAGNOSTICS for_person = ROW_COUNT;
    IF for_person > 0 THEN
        RETURN QUERY SELECT 1::smallint, NULL::bigint, NULL::integer, for_person, NULL::text, NULL::bytea, NULL::bytea;
    END IF;

    IF lookups > 0 THEN
        RETURN QUERY
            WITH picked AS MATERIALIZED (
                SELECT m.id, m.due FROM notify_outbox.messages m
                WHERE m.state = 2 AND m.holder IS NULL AND m.due <= "now"
                ORDER BY m.due, m.id LIMIT lookups FOR UPDATE SKIP LOCKED
            ), claimed AS (
                UPDATE notify_outbox.messages m
                SET holder = who, attempt = m.attempt + 1, due = "now" + lookup_window
                FROM picked WHERE m.id = picked.id
                RETURNING m.id, m.attempt, m.sent_by, m.reference, m.tag, picked.due AS was_due
            )
            SELECT 2::smallint, c.id, c.attempt, c.sent_by, c.reference, c.tag, p.body
            FROM claimed c LEFT JOIN notify_outbox.payloads p ON p.message = c.id ORDER BY c.was_due, c.id;
    END IF;

    IF sends > 0 THEN
        RETURN QUERY
            WITH picked AS MATERIALIZED (
                SELECT m.id, m.due FROM notify_outbox.messages m
                WHERE m.state = 0 AND m.due <= "now"
                ORDER BY m.due, m.id LIMIT sends FOR UPDATE SKIP LOCKED
            ), claimed AS (
                UPDATE notify_outbox.messages m
                SET state = 1, holder = who, attempt = m.attempt + 1, due = "now" + least("window", longest_window)
                FROM picked WHERE m.id = picked.id
                RETURNING m.id, m.attempt, m.due, m.reference, m.tag, picked.due AS was_due
            )
            SELECT 3::smallint, c.id, c.attempt, c.due, c.reference, c.tag, p.body
            FROM claimed c LEFT JOIN notify_outbox.payloads p ON p.message = c.id ORDER BY c.was_due, c.id;
    END IF;
END
$$;

-- Leases up to so many slots that come within so many seconds, and says how many, in how many seconds the first comes, and
-- how far apart they are. The pace is politeness: nothing for safety hangs on it, and no fsync is waited for.
CREATE FUNCTION notify_outbox.lease_slots(wanted integer, within double precision, per_second double precision)
RETURNS TABLE (granted integer, first_in double precision) LANGUAGE plpgsql AS $$
DECLARE
    at timestamptz := clock_timestamp();
    -- An assignment costs a fraction of a statement.
    is_off text := set_config('synchronous_commit', 'off', true);
BEGIN
    LOOP
        -- Every expression reads the row as it was.
        UPDATE notify_outbox.bucket b SET
            first_in = greatest(0, extract(epoch FROM b.free_at - at)),
            granted = greatest(0, least(
                wanted, floor((within - greatest(0, extract(epoch FROM b.free_at - at))) * per_second)
            )),
            free_at = greatest(b.free_at, at) + make_interval(secs => greatest(0, least(
                wanted, floor((within - greatest(0, extract(epoch FROM b.free_at - at))) * per_second)
            )) / per_second)
        RETURNING b.granted, b.first_in INTO granted, first_in;
        IF FOUND THEN
            RETURN NEXT;
            RETURN;
        END IF;
        -- A row that was lost is made again: empty, since nobody knows what has just left.
        INSERT INTO notify_outbox.bucket (free_at) VALUES (at + make_interval(secs => 1)) ON CONFLICT DO NOTHING;
    END LOOP;
END
$$;

-- Holds all workers back for so many seconds.
CREATE FUNCTION notify_outbox.slow_down(seconds integer) RETURNS void LANGUAGE sql AS $$
    INSERT INTO notify_outbox.bucket AS b (free_at) VALUES (clock_timestamp() + make_interval(secs => seconds))
    ON CONFLICT (one) DO UPDATE SET free_at = greatest(b.free_at, excluded.free_at)
$$;
