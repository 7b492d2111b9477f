extension SchemaVersion {
    /// What a team needs: definitions of runs, orders, tokens, the audit log, notices; and versions of the schema.
    static let version2 = SchemaVersion(
        2, oldestProgram: 1,
        """
        --changeset sluice:schema-versions
        --comment: Which versions of the schema are here, and the oldest program that works on each.
        CREATE TABLE sluice.schema_versions (
            version integer PRIMARY KEY,
            oldest_program integer NOT NULL,
            since timestamptz NOT NULL DEFAULT statement_timestamp()
        );
        INSERT INTO sluice.schema_versions (version, oldest_program) VALUES (1, 1), (2, 1);
        --rollback DROP TABLE sluice.schema_versions;

        --changeset sluice:history-definitions
        --comment: What runs carried out, each text once, and an index for what is remembered of each target.
        CREATE TABLE sluice.definitions (digest text PRIMARY KEY, body jsonb NOT NULL);
        ALTER TABLE sluice.runs ADD COLUMN definition text REFERENCES sluice.definitions;
        CREATE INDEX runs_by_definition ON sluice.runs (definition) WHERE definition IS NOT NULL;
        CREATE INDEX tasks_by_outcome ON sluice.tasks (target, status, id DESC);
        CREATE INDEX tasks_by_action ON sluice.tasks (action, id DESC);
        CREATE INDEX tasks_by_duration ON sluice.tasks ((ended_at - started_at));
        CREATE INDEX tasks_open ON sluice.tasks (started_at) WHERE ended_at IS NULL;
        --rollback DROP INDEX sluice.tasks_open; DROP INDEX sluice.tasks_by_duration;
        --rollback DROP INDEX sluice.tasks_by_action; DROP INDEX sluice.tasks_by_outcome;
        --rollback ALTER TABLE sluice.runs DROP COLUMN definition; DROP TABLE sluice.definitions;

        --changeset sluice:orders
        --comment: What people have asked of objects, each once, and what became of it.
        CREATE TABLE sluice.orders (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            kind text NOT NULL,
            name text NOT NULL,
            verb text NOT NULL,
            arguments jsonb NOT NULL DEFAULT '{}',
            actor text NOT NULL,
            given_at timestamptz NOT NULL DEFAULT statement_timestamp(),
            outcome text NOT NULL DEFAULT 'waiting' CHECK (outcome IN ('waiting', 'done', 'refused')),
            answer text,
            answered_at timestamptz,
            CHECK ((outcome = 'waiting') = (answered_at IS NULL))
        );
        CREATE INDEX orders_by_object ON sluice.orders (kind, name, id DESC);
        CREATE INDEX orders_waiting ON sluice.orders (kind, name, id) WHERE outcome = 'waiting';
        --rollback DROP TABLE sluice.orders;

        --changeset sluice:access-tokens
        --comment: Tokens that people made. Of their secrets only digests are kept.
        CREATE TABLE sluice.access_tokens (
            id text PRIMARY KEY,
            digest text NOT NULL UNIQUE,
            subject text NOT NULL,
            groups text[] NOT NULL DEFAULT '{}',
            scopes text[] NOT NULL DEFAULT '{}',
            note text,
            created_by text NOT NULL,
            created_at timestamptz NOT NULL DEFAULT statement_timestamp(),
            expires_at timestamptz NOT NULL,
            last_used_at timestamptz,
            revoked_at timestamptz,
            revoked_by text,
            CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
        );
        CREATE INDEX access_tokens_by_subject ON sluice.access_tokens (subject);
        --rollback DROP TABLE sluice.access_tokens;

        --changeset sluice:audit-log splitStatements:false
        --comment: What people did and were refused: rows are added and never changed, each bound to the one before it.
        CREATE TABLE sluice.audit_log (
            id bigint PRIMARY KEY,
            body text NOT NULL,
            previous text NOT NULL,
            hash text NOT NULL,
            at text NOT NULL GENERATED ALWAYS AS (body::jsonb ->> 'at') STORED,
            actor text NOT NULL GENERATED ALWAYS AS (body::jsonb ->> 'actor') STORED,
            action text NOT NULL GENERATED ALWAYS AS (body::jsonb ->> 'action') STORED,
            kind text GENERATED ALWAYS AS (body::jsonb ->> 'kind') STORED,
            name text GENERATED ALWAYS AS (body::jsonb ->> 'name') STORED,
            outcome text NOT NULL GENERATED ALWAYS AS (body::jsonb ->> 'outcome') STORED,
            request text NOT NULL GENERATED ALWAYS AS (body::jsonb ->> 'request') STORED,
            CHECK (id = (body::jsonb ->> 'id')::bigint)
        );
        CREATE INDEX audit_log_by_actor ON sluice.audit_log (actor, id DESC);
        CREATE INDEX audit_log_by_object ON sluice.audit_log (kind, name, id DESC);
        CREATE INDEX audit_log_by_outcome ON sluice.audit_log (outcome, id DESC);
        CREATE INDEX audit_log_by_request ON sluice.audit_log (request);
        CREATE INDEX audit_log_by_time ON sluice.audit_log (at);
        CREATE FUNCTION sluice.audit_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $body$
        BEGIN
            RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
        END
        $body$;
        CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON sluice.audit_log
            FOR EACH ROW EXECUTE FUNCTION sluice.audit_log_is_append_only();
        CREATE TRIGGER never_emptied BEFORE TRUNCATE ON sluice.audit_log
            FOR EACH STATEMENT EXECUTE FUNCTION sluice.audit_log_is_append_only();
        ALTER TABLE sluice.audit_log ENABLE ALWAYS TRIGGER append_only;
        ALTER TABLE sluice.audit_log ENABLE ALWAYS TRIGGER never_emptied;
        REVOKE UPDATE, DELETE, TRUNCATE ON sluice.audit_log FROM CURRENT_USER, PUBLIC;
        --rollback DROP TABLE sluice.audit_log; DROP FUNCTION sluice.audit_log_is_append_only();

        --changeset sluice:notices
        --comment: Who is told of events, and the outbox: what each of them is told, and what became of it.
        CREATE TABLE sluice.subscribers (
            kind text NOT NULL,
            name text NOT NULL,
            rules jsonb NOT NULL,
            quiet bigint NOT NULL,
            gather bigint NOT NULL,
            failures integer NOT NULL DEFAULT 0,
            failing_since timestamptz,
            not_before timestamptz,
            stopped_because text,
            stopped_generation bigint,
            subscribed_at timestamptz NOT NULL DEFAULT statement_timestamp(),
            PRIMARY KEY (kind, name)
        );
        CREATE TABLE sluice.notices (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            message_id text NOT NULL UNIQUE DEFAULT 'msg_' || replace(gen_random_uuid()::text, '-', ''),
            kind text NOT NULL,
            name text NOT NULL,
            object_kind text NOT NULL,
            object_name text NOT NULL,
            type text NOT NULL CHECK (type IN ('Normal', 'Warning')),
            reason text NOT NULL,
            message text NOT NULL,
            digest text NOT NULL GENERATED ALWAYS AS (md5(message)) STORED,
            title text,
            actor text,
            repeats bigint NOT NULL DEFAULT 0,
            state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'dead', 'dropped')),
            asked boolean NOT NULL DEFAULT false,
            attempts integer NOT NULL DEFAULT 0,
            next_attempt_at timestamptz NOT NULL DEFAULT statement_timestamp(),
            attempted_at timestamptz,
            sending uuid,
            status integer,
            answer text,
            created_at timestamptz NOT NULL DEFAULT statement_timestamp(),
            ended_at timestamptz,
            CHECK ((state = 'waiting') = (ended_at IS NULL))
        );
        CREATE INDEX notices_waiting ON sluice.notices (kind, name, next_attempt_at) WHERE state = 'waiting';
        CREATE INDEX notices_by_subscriber ON sluice.notices (kind, name, id DESC);
        CREATE INDEX notices_by_object ON sluice.notices (object_kind, object_name, id DESC);
        CREATE INDEX notices_attempted ON sluice.notices (kind, name, attempted_at) WHERE attempted_at IS NOT NULL;
        CREATE INDEX notices_ended ON sluice.notices (ended_at) WHERE ended_at IS NOT NULL;
        --rollback DROP TABLE sluice.notices; DROP TABLE sluice.subscribers;

        --changeset sluice:installation
        --comment: Which installation this is: what tells it from others that work on the same servers.
        CREATE TABLE sluice.installation (
            id text NOT NULL DEFAULT gen_random_uuid()::text, one boolean PRIMARY KEY DEFAULT true CHECK (one)
        );
        INSERT INTO sluice.installation DEFAULT VALUES;
        --rollback DROP TABLE sluice.installation;

        --changeset sluice:trace-context
        --comment: The trace of whoever asked for a key to be looked at, and of each run.
        ALTER TABLE sluice.work_items ADD COLUMN trace text, ADD COLUMN running_trace text;
        ALTER TABLE sluice.runs ADD COLUMN trace text;
        --rollback ALTER TABLE sluice.runs DROP COLUMN trace;
        --rollback ALTER TABLE sluice.work_items DROP COLUMN trace, DROP COLUMN running_trace;

        --changeset sluice:sharing
        --comment: Since when several people use it: nobody is taken for its one person from then on.
        ALTER TABLE sluice.installation ADD COLUMN shared_since timestamptz;
        --rollback ALTER TABLE sluice.installation DROP COLUMN shared_since;

        --changeset sluice:turns
        --comment: Whose turn it is at a place where one may act at a time, for as long as that lease lasts.
        CREATE TABLE sluice.turns (
            place text PRIMARY KEY,
            kind text NOT NULL,
            name text NOT NULL,
            fence bigint NOT NULL
        );
        --rollback DROP TABLE sluice.turns;

        """)
}
