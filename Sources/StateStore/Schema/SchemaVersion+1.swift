extension SchemaVersion {
    /// Objects, work, history, events, desired state and webhooks.
    static let version1 = SchemaVersion(
        1, oldestProgram: 1,
        """
        --changeset sluice:1
        --comment: Objects: what should be (spec, generation) and what is (status, conditions).
        CREATE TABLE sluice.resources (
            kind text NOT NULL,
            name text NOT NULL,
            owner_kind text,
            owner_name text,
            metadata jsonb NOT NULL DEFAULT '{}',
            spec jsonb NOT NULL,
            generation bigint NOT NULL DEFAULT 1,
            observed_generation bigint NOT NULL DEFAULT 0,
            status jsonb NOT NULL DEFAULT '{}',
            conditions jsonb NOT NULL DEFAULT '[]',
            waiting_on text,
            waiting_since timestamptz,
            suspended boolean NOT NULL DEFAULT false,
            deletion_requested_at timestamptz,
            created_at timestamptz NOT NULL DEFAULT statement_timestamp(),
            updated_at timestamptz NOT NULL DEFAULT statement_timestamp(),
            PRIMARY KEY (kind, name),
            CHECK ((owner_kind IS NULL) = (owner_name IS NULL))
        );
        CREATE INDEX resources_by_owner ON sluice.resources (owner_kind, owner_name) WHERE owner_kind IS NOT NULL;
        --rollback DROP TABLE sluice.resources;

        --changeset sluice:2
        --comment: The work queue: one row a key, whatever happened to it how often.
        CREATE SEQUENCE sluice.fence;
        CREATE TABLE sluice.work_items (
            kind text NOT NULL,
            name text NOT NULL,
            lane text NOT NULL,
            tenant text NOT NULL,
            priority integer NOT NULL DEFAULT 0,
            state text NOT NULL CHECK (state IN ('idle', 'waiting', 'running', 'quarantined')),
            not_before timestamptz NOT NULL,
            reasons text[] NOT NULL DEFAULT '{}',
            revision text,
            again_at timestamptz,
            again_lane text,
            pass bigint NOT NULL DEFAULT 0,
            starts integer NOT NULL DEFAULT 0,
            failures integer NOT NULL DEFAULT 0,
            fence bigint,
            owner text,
            lease_expires_at timestamptz,
            running_revision text,
            running_reasons text[] NOT NULL DEFAULT '{}',
            cancel_reason text,
            started_at timestamptz,
            ended_at timestamptz,
            PRIMARY KEY (kind, name),
            CHECK ((state = 'running') = (fence IS NOT NULL)),
            CHECK ((state = 'running') = (owner IS NOT NULL)),
            CHECK ((state = 'running') = (lease_expires_at IS NOT NULL)),
            CHECK (again_at IS NULL OR state = 'running')
        );
        CREATE INDEX work_items_waiting ON sluice.work_items (lane, not_before) WHERE state = 'waiting';
        CREATE INDEX work_items_by_tenant ON sluice.work_items (lane, tenant, priority DESC, not_before)
            WHERE state = 'waiting';
        CREATE INDEX work_items_running ON sluice.work_items (lane, tenant) WHERE state = 'running';
        --rollback DROP TABLE sluice.work_items; DROP SEQUENCE sluice.fence;

        --changeset sluice:3
        --comment: The history: a run is a pass that had something to do, a task is one effect of it.
        CREATE TABLE sluice.runs (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            kind text NOT NULL,
            name text NOT NULL,
            generation bigint,
            revision text,
            pass bigint NOT NULL,
            attempt integer NOT NULL,
            fence bigint NOT NULL,
            worker text NOT NULL,
            reasons text[] NOT NULL DEFAULT '{}',
            status text NOT NULL CHECK (status IN ('running', 'succeeded', 'failed', 'cancelled', 'lost')),
            started_at timestamptz NOT NULL DEFAULT statement_timestamp(),
            ended_at timestamptz,
            summary jsonb NOT NULL DEFAULT '{}',
            error_code text,
            error_message text,
            error_detail text,
            CHECK ((status = 'running') = (ended_at IS NULL))
        );
        CREATE INDEX runs_by_object ON sluice.runs (kind, name, id DESC);
        CREATE INDEX runs_by_revision ON sluice.runs (revision, id DESC) WHERE revision IS NOT NULL;
        CREATE INDEX runs_by_start ON sluice.runs (started_at);
        CREATE INDEX runs_not_succeeded ON sluice.runs (status, id DESC) WHERE status <> 'succeeded';
        CREATE INDEX runs_running ON sluice.runs (fence) WHERE status = 'running';
        CREATE TABLE sluice.tasks (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            run_id bigint NOT NULL REFERENCES sluice.runs ON DELETE CASCADE,
            position integer NOT NULL,
            action text NOT NULL,
            target text NOT NULL,
            details jsonb NOT NULL DEFAULT '{}',
            attempt integer NOT NULL,
            status text NOT NULL DEFAULT 'pending'
                CHECK (status IN ('pending', 'running', 'succeeded', 'failed', 'skipped', 'cancelled', 'lost')),
            started_at timestamptz,
            ended_at timestamptz,
            summary jsonb NOT NULL DEFAULT '{}',
            error_code text,
            error_message text,
            error_detail text,
            UNIQUE (run_id, position),
            CHECK ((status IN ('pending', 'running')) = (ended_at IS NULL))
        );
        CREATE INDEX tasks_by_target ON sluice.tasks (target, id DESC);
        CREATE INDEX tasks_not_succeeded ON sluice.tasks (status, id DESC) WHERE status <> 'succeeded';
        --rollback DROP TABLE sluice.tasks; DROP TABLE sluice.runs;

        --changeset sluice:4
        --comment: Events: what happened to an object, repeats counted instead of repeated.
        CREATE SEQUENCE sluice.event_id;
        CREATE TABLE sluice.events (
            id bigint NOT NULL DEFAULT nextval('sluice.event_id') UNIQUE,
            kind text NOT NULL,
            name text NOT NULL,
            type text NOT NULL CHECK (type IN ('Normal', 'Warning')),
            reason text NOT NULL,
            message text NOT NULL,
            digest text NOT NULL GENERATED ALWAYS AS (md5(message)) STORED,
            count bigint NOT NULL DEFAULT 1,
            first_seen timestamptz NOT NULL DEFAULT statement_timestamp(),
            last_seen timestamptz NOT NULL DEFAULT statement_timestamp(),
            PRIMARY KEY (kind, name, type, reason, digest)
        );
        CREATE INDEX events_by_object ON sluice.events (kind, name, id DESC);
        --rollback DROP TABLE sluice.events; DROP SEQUENCE sluice.event_id;

        --changeset sluice:configuration-changes
        --comment: Changes of desired state: by which commit of whom, and what of each object became another.
        CREATE TABLE sluice.configuration_changes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            source text NOT NULL,
            revision text NOT NULL,
            author text,
            subject text,
            authored_at timestamptz,
            applied_at timestamptz NOT NULL DEFAULT statement_timestamp()
        );
        CREATE TABLE sluice.configuration_entries (
            change_id bigint NOT NULL REFERENCES sluice.configuration_changes ON DELETE CASCADE,
            position integer NOT NULL,
            kind text NOT NULL,
            name text NOT NULL,
            effect text NOT NULL,
            generation bigint,
            fields jsonb NOT NULL DEFAULT '[]',
            PRIMARY KEY (change_id, position)
        );
        CREATE INDEX configuration_entries_by_object ON sluice.configuration_entries (kind, name, change_id DESC);
        --rollback DROP TABLE sluice.configuration_entries; DROP TABLE sluice.configuration_changes;

        --changeset sluice:webhook-deliveries
        --comment: Webhooks as they came, each once, and what became of them.
        CREATE TABLE sluice.deliveries (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            source text NOT NULL,
            key text NOT NULL,
            scheme text NOT NULL,
            event text,
            headers jsonb NOT NULL DEFAULT '{}',
            digest text NOT NULL,
            size integer NOT NULL,
            body bytea,
            hint jsonb,
            outcome text NOT NULL DEFAULT 'waiting'
                CHECK (outcome IN ('waiting', 'queued', 'ignored', 'unreadable', 'abandoned')),
            reason text,
            attempts integer NOT NULL DEFAULT 0,
            repeats bigint NOT NULL DEFAULT 0,
            received_at timestamptz NOT NULL DEFAULT statement_timestamp(),
            handled_at timestamptz,
            UNIQUE (source, key),
            CHECK ((outcome = 'waiting') = (handled_at IS NULL))
        );
        ALTER TABLE sluice.deliveries ALTER COLUMN body SET STORAGE EXTERNAL;
        CREATE INDEX deliveries_waiting ON sluice.deliveries (id) WHERE outcome = 'waiting';
        CREATE INDEX deliveries_handled ON sluice.deliveries (handled_at) WHERE outcome <> 'waiting';
        CREATE INDEX deliveries_with_body ON sluice.deliveries (id) WHERE body IS NOT NULL;
        --rollback DROP TABLE sluice.deliveries;

        """)
}
