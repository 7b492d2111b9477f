
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

CREATE SCHEMA sluice;

SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE sluice.configuration_changes (
    id bigint NOT NULL,
    source text NOT NULL,
    revision text NOT NULL,
    author text,
    subject text,
    authored_at timestamp with time zone,
    applied_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL
);

ALTER TABLE sluice.configuration_changes ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME sluice.configuration_changes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE sluice.configuration_entries (
    change_id bigint NOT NULL,
    "position" integer NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    effect text NOT NULL,
    generation bigint,
    fields jsonb DEFAULT '[]'::jsonb NOT NULL
);

CREATE TABLE sluice.databasechangelog (
    id character varying(255) NOT NULL,
    author character varying(255) NOT NULL,
    filename character varying(255) NOT NULL,
    dateexecuted timestamp without time zone NOT NULL,
    orderexecuted integer NOT NULL,
    exectype character varying(10) NOT NULL,
    md5sum character varying(35),
    description character varying(255),
    comments character varying(255),
    tag character varying(255),
    liquibase character varying(20),
    contexts character varying(255),
    labels character varying(255),
    deployment_id character varying(10)
);

CREATE TABLE sluice.databasechangeloglock (
    id integer NOT NULL,
    locked boolean NOT NULL,
    lockgranted timestamp without time zone,
    lockedby character varying(255)
);

CREATE TABLE sluice.deliveries (
    id bigint NOT NULL,
    source text NOT NULL,
    key text NOT NULL,
    scheme text NOT NULL,
    event text,
    headers jsonb DEFAULT '{}'::jsonb NOT NULL,
    digest text NOT NULL,
    size integer NOT NULL,
    body bytea,
    hint jsonb,
    outcome text DEFAULT 'waiting'::text NOT NULL,
    reason text,
    attempts integer DEFAULT 0 NOT NULL,
    repeats bigint DEFAULT 0 NOT NULL,
    received_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    handled_at timestamp with time zone,
    CONSTRAINT deliveries_check CHECK (((outcome = 'waiting'::text) = (handled_at IS NULL))),
    CONSTRAINT deliveries_outcome_check CHECK ((outcome = ANY (ARRAY['waiting'::text, 'queued'::text, 'ignored'::text, 'unreadable'::text, 'abandoned'::text])))
);
ALTER TABLE ONLY sluice.deliveries ALTER COLUMN body SET STORAGE EXTERNAL;

ALTER TABLE sluice.deliveries ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME sluice.deliveries_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE SEQUENCE sluice.event_id
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE sluice.events (
    id bigint DEFAULT nextval('sluice.event_id'::regclass) NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    type text NOT NULL,
    reason text NOT NULL,
    message text NOT NULL,
    digest text GENERATED ALWAYS AS (md5(message)) STORED NOT NULL,
    count bigint DEFAULT 1 NOT NULL,
    first_seen timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    last_seen timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    CONSTRAINT events_type_check CHECK ((type = ANY (ARRAY['Normal'::text, 'Warning'::text])))
);

CREATE SEQUENCE sluice.fence
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE sluice.resources (
    kind text NOT NULL,
    name text NOT NULL,
    owner_kind text,
    owner_name text,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    spec jsonb NOT NULL,
    generation bigint DEFAULT 1 NOT NULL,
    observed_generation bigint DEFAULT 0 NOT NULL,
    status jsonb DEFAULT '{}'::jsonb NOT NULL,
    conditions jsonb DEFAULT '[]'::jsonb NOT NULL,
    waiting_on text,
    waiting_since timestamp with time zone,
    suspended boolean DEFAULT false NOT NULL,
    deletion_requested_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    updated_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    CONSTRAINT resources_check CHECK (((owner_kind IS NULL) = (owner_name IS NULL)))
);

CREATE TABLE sluice.runs (
    id bigint NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    generation bigint,
    revision text,
    pass bigint NOT NULL,
    attempt integer NOT NULL,
    fence bigint NOT NULL,
    worker text NOT NULL,
    reasons text[] DEFAULT '{}'::text[] NOT NULL,
    status text NOT NULL,
    started_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    ended_at timestamp with time zone,
    summary jsonb DEFAULT '{}'::jsonb NOT NULL,
    error_code text,
    error_message text,
    error_detail text,
    CONSTRAINT runs_check CHECK (((status = 'running'::text) = (ended_at IS NULL))),
    CONSTRAINT runs_status_check CHECK ((status = ANY (ARRAY['running'::text, 'succeeded'::text, 'failed'::text, 'cancelled'::text, 'lost'::text])))
);

ALTER TABLE sluice.runs ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME sluice.runs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE sluice.tasks (
    id bigint NOT NULL,
    run_id bigint NOT NULL,
    "position" integer NOT NULL,
    action text NOT NULL,
    target text NOT NULL,
    details jsonb DEFAULT '{}'::jsonb NOT NULL,
    attempt integer NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    summary jsonb DEFAULT '{}'::jsonb NOT NULL,
    error_code text,
    error_message text,
    error_detail text,
    CONSTRAINT tasks_check CHECK (((status = ANY (ARRAY['pending'::text, 'running'::text])) = (ended_at IS NULL))),
    CONSTRAINT tasks_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'running'::text, 'succeeded'::text, 'failed'::text, 'skipped'::text, 'cancelled'::text, 'lost'::text])))
);

ALTER TABLE sluice.tasks ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME sluice.tasks_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE sluice.work_items (
    kind text NOT NULL,
    name text NOT NULL,
    lane text NOT NULL,
    tenant text NOT NULL,
    priority integer DEFAULT 0 NOT NULL,
    state text NOT NULL,
    not_before timestamp with time zone NOT NULL,
    reasons text[] DEFAULT '{}'::text[] NOT NULL,
    revision text,
    again_at timestamp with time zone,
    again_lane text,
    pass bigint DEFAULT 0 NOT NULL,
    starts integer DEFAULT 0 NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    fence bigint,
    owner text,
    lease_expires_at timestamp with time zone,
    running_revision text,
    running_reasons text[] DEFAULT '{}'::text[] NOT NULL,
    cancel_reason text,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    CONSTRAINT work_items_check CHECK (((state = 'running'::text) = (fence IS NOT NULL))),
    CONSTRAINT work_items_check1 CHECK (((state = 'running'::text) = (owner IS NOT NULL))),
    CONSTRAINT work_items_check2 CHECK (((state = 'running'::text) = (lease_expires_at IS NOT NULL))),
    CONSTRAINT work_items_check3 CHECK (((again_at IS NULL) OR (state = 'running'::text))),
    CONSTRAINT work_items_state_check CHECK ((state = ANY (ARRAY['idle'::text, 'waiting'::text, 'running'::text, 'quarantined'::text])))
);

INSERT INTO sluice.configuration_changes OVERRIDING SYSTEM VALUE VALUES
	(1, 'the directory /srv/demo/config', 'sha256-e1268d3b1201871ace982d366ac9416e5cd9d8aa', NULL, NULL, NULL, '2026-11-22 10:49:51.982368+00');

INSERT INTO sluice.configuration_entries VALUES
	(1, 0, 'DatabaseServer', 'main', 'created', 1, '[]'),
	(1, 1, 'Forge', 'local', 'created', 1, '[]'),
	(1, 2, 'Registry', 'land-registry', 'created', 1, '[]');

INSERT INTO sluice.databasechangelog VALUES
	('1', 'sluice', 'sluice/state-store.sql', '2026-11-22 10:49:51.817103', 1, 'EXECUTED', '9:07383e453f5e6b8a6ab82d3431d1daa3', 'sql', 'Objects: what should be (spec, generation) and what is (status, conditions).', NULL, 'sluice', NULL, NULL, '5344591772'),
	('2', 'sluice', 'sluice/state-store.sql', '2026-11-22 10:49:51.83248', 2, 'EXECUTED', '9:5c10fffe9f917d3597ec3b76df905429', 'sql', 'The work queue: one row a key, whatever happened to it how often.', NULL, 'sluice', NULL, NULL, '5344591772'),
	('3', 'sluice', 'sluice/state-store.sql', '2026-11-22 10:49:51.856107', 3, 'EXECUTED', '9:de35130344cc788af6d93ee5f374904e', 'sql', 'The history: a run is a pass that had something to do, a task is one effect of it.', NULL, 'sluice', NULL, NULL, '5344591772'),
	('4', 'sluice', 'sluice/state-store.sql', '2026-11-22 10:49:51.890736', 4, 'EXECUTED', '9:3ce33cf9b4239e1db1d96bfeb6f94620', 'sql', 'Events: what happened to an object, repeats counted instead of repeated.', NULL, 'sluice', NULL, NULL, '5344591772'),
	('configuration-changes', 'sluice', 'sluice/state-store.sql', '2026-11-22 10:49:51.908909', 5, 'EXECUTED', '9:ea56d8409d2515e574fa55ced6f39bf7', 'sql', 'Changes of desired state: by which commit of whom, and what of each object became another.', NULL, 'sluice', NULL, NULL, '5344591772'),
	('webhook-deliveries', 'sluice', 'sluice/state-store.sql', '2026-11-22 10:49:51.932192', 6, 'EXECUTED', '9:9e3e334c89d793ff119b73ddaaebf336', 'sql', 'Webhooks as they came, each once, and what became of them.', NULL, 'sluice', NULL, NULL, '5344591772');

INSERT INTO sluice.databasechangeloglock VALUES
	(1, false, NULL, NULL);

INSERT INTO sluice.deliveries OVERRIDING SYSTEM VALUE VALUES
	(1, 'local', 'AE14BDBB-A829-47FC-BDDB-D501E8EBA0F4', 'local', 'push', '{}', 'sha256:4de8d4ac2acdb4603bd135e612b77dbc962267c4bb1570c342deb56523f60f87', 68, '\x7b227265706f7369746f7279223a222f746d702f736c756963652d64656d6f2d6f6c642f7265706f7369746f726965732f6c616e642d72656769737472792e676974227d', '{"repository": "/srv/demo/repositories/land-registry.git"}', 'queued', NULL, 1, 0, '2026-11-22 10:49:52.396652+00', '2026-11-22 10:49:52.404539+00'),
	(2, 'local', 'A46A4C1A-DF67-4490-9615-CEA0806D9390', 'local', 'push', '{}', 'sha256:4de8d4ac2acdb4603bd135e612b77dbc962267c4bb1570c342deb56523f60f87', 68, '\x7b227265706f7369746f7279223a222f746d702f736c756963652d64656d6f2d6f6c642f7265706f7369746f726965732f6c616e642d72656769737472792e676974227d', '{"repository": "/srv/demo/repositories/land-registry.git"}', 'queued', NULL, 1, 0, '2026-11-22 10:49:52.939373+00', '2026-11-22 10:49:52.947566+00'),
	(3, 'local', '07981338-82D6-4FE0-A04C-B4CE1D5C5895', 'local', 'push', '{}', 'sha256:4de8d4ac2acdb4603bd135e612b77dbc962267c4bb1570c342deb56523f60f87', 68, '\x7b227265706f7369746f7279223a222f746d702f736c756963652d64656d6f2d6f6c642f7265706f7369746f726965732f6c616e642d72656769737472792e676974227d', '{"repository": "/srv/demo/repositories/land-registry.git"}', 'queued', NULL, 1, 0, '2026-11-22 10:49:53.42193+00', '2026-11-22 10:49:53.440026+00'),
	(4, 'local', '4B06BB3A-809C-44A3-A901-81854F7D06DF', 'local', 'push', '{}', 'sha256:4de8d4ac2acdb4603bd135e612b77dbc962267c4bb1570c342deb56523f60f87', 68, '\x7b227265706f7369746f7279223a222f746d702f736c756963652d64656d6f2d6f6c642f7265706f7369746f726965732f6c616e642d72656769737472792e676974227d', '{"repository": "/srv/demo/repositories/land-registry.git"}', 'queued', NULL, 1, 0, '2026-11-22 10:49:53.840223+00', '2026-11-22 10:49:53.861842+00'),
	(5, 'local', '76813528-A80A-4644-8409-266AD231ABA4', 'local', 'push', '{}', 'sha256:4de8d4ac2acdb4603bd135e612b77dbc962267c4bb1570c342deb56523f60f87', 68, '\x7b227265706f7369746f7279223a222f746d702f736c756963652d64656d6f2d6f6c642f7265706f7369746f726965732f6c616e642d72656769737472792e676974227d', '{"repository": "/srv/demo/repositories/land-registry.git"}', 'queued', NULL, 1, 0, '2026-11-22 10:49:54.109904+00', '2026-11-22 10:49:54.127954+00'),
	(6, 'local', '9EE32E30-1997-483A-8FC7-85B9EE6306FA', 'local', 'push', '{}', 'sha256:4de8d4ac2acdb4603bd135e612b77dbc962267c4bb1570c342deb56523f60f87', 68, '\x7b227265706f7369746f7279223a222f746d702f736c756963652d64656d6f2d6f6c642f7265706f7369746f726965732f6c616e642d72656769737472792e676974227d', '{"repository": "/srv/demo/repositories/land-registry.git"}', 'queued', NULL, 1, 0, '2026-11-22 10:49:54.729944+00', '2026-11-22 10:49:54.748029+00'),
	(7, 'local', '33857AB2-A6AE-40D0-8A98-1A25E128BC1E', 'local', 'push', '{}', 'sha256:4de8d4ac2acdb4603bd135e612b77dbc962267c4bb1570c342deb56523f60f87', 68, '\x7b227265706f7369746f7279223a222f746d702f736c756963652d64656d6f2d6f6c642f7265706f7369746f726965732f6c616e642d72656769737472792e676974227d', '{"repository": "/srv/demo/repositories/land-registry.git"}', 'queued', NULL, 1, 0, '2026-11-22 10:49:55.23197+00', '2026-11-22 10:49:55.243299+00'),
	(8, 'local', '3C005A29-7EAB-47DB-BEE7-028E3C7790A5', 'local', 'push', '{}', 'sha256:4de8d4ac2acdb4603bd135e612b77dbc962267c4bb1570c342deb56523f60f87', 68, '\x7b227265706f7369746f7279223a222f746d702f736c756963652d64656d6f2d6f6c642f7265706f7369746f726965732f6c616e642d72656769737472792e676974227d', '{"repository": "/srv/demo/repositories/land-registry.git"}', 'queued', NULL, 1, 0, '2026-11-22 10:49:55.256287+00', '2026-11-22 10:49:55.268208+00');

INSERT INTO sluice.events VALUES
	(1, 'Registry', 'land-registry', 'Warning', 'ForgeProjectMissing', 'the forge local has no project land-registry (a project is a bare repository <folder>/<project>.git)', DEFAULT, 1, '2026-11-22 10:49:52.174166+00', '2026-11-22 10:49:52.174166+00'),
	(2, 'Candidate', 'land-registry/101', 'Normal', 'Verified', '+1 on 30f156fdca', DEFAULT, 1, '2026-11-22 10:49:53.205418+00', '2026-11-22 10:49:53.205418+00'),
	(3, 'Candidate', 'land-registry/102', 'Warning', 'ChangelogFailed', '-1 on c0b0cf90ca', DEFAULT, 1, '2026-11-22 10:49:54.210871+00', '2026-11-22 10:49:54.210871+00'),
	(4, 'Candidate', 'land-registry/103', 'Warning', 'ChangelogFailed', '-1 on ce87fcd839', DEFAULT, 1, '2026-11-22 10:49:54.264214+00', '2026-11-22 10:49:54.264214+00'),
	(5, 'Candidate', 'land-registry/104', 'Normal', 'Verified', '+1 on 33b150ac2f', DEFAULT, 1, '2026-11-22 10:49:54.451758+00', '2026-11-22 10:49:54.451758+00'),
	(6, 'Candidate', 'land-registry/102', 'Normal', 'Verified', '+1 on 9f0448adad', DEFAULT, 1, '2026-11-22 10:49:54.979888+00', '2026-11-22 10:49:54.979888+00');

INSERT INTO sluice.resources VALUES
	('DatabaseServer', 'main', 'Configuration', 'desired-state', '{"name": "main"}', '{"embedded": {}, "instance": "default", "readerRole": "registry_dev_role", "maxConcurrentDeploys": 2}', 1, 0, '{}', '[]', NULL, NULL, false, NULL, '2026-11-22 10:49:51.980929+00', '2026-11-22 10:49:51.980929+00'),
	('Forge', 'local', 'Configuration', 'desired-state', '{"name": "local"}', '{"type": "local", "local": {"path": "/srv/demo/repositories"}}', 1, 0, '{}', '[]', NULL, NULL, false, NULL, '2026-11-22 10:49:51.980929+00', '2026-11-22 10:49:51.980929+00'),
	('BaseTemplate', 'land-registry/3418b60cd27e38396d4373766f070cd81ce8ca6b', 'Registry', 'land-registry', '{}', '{}', 1, 1, '{"key": "cf569df438233e985d0d7bb87d9311bffc62679576e82c5d8005c278ba70605b", "database": "sluice-84cd798249-base-cf569df438233e98"}', '[{"type": "Reconciling", "reason": "Succeeded", "status": "False", "message": "candidates of 3418b60cd2 are cloned from it", "lastTransitionTime": "2026-11-22T10:49:52Z"}, {"type": "Ready", "reason": "Succeeded", "status": "True", "message": "candidates of 3418b60cd2 are cloned from it", "lastTransitionTime": "2026-11-22T10:49:52Z"}, {"type": "Stalled", "reason": "Succeeded", "status": "False", "message": "candidates of 3418b60cd2 are cloned from it", "lastTransitionTime": "2026-11-22T10:49:52Z"}]', NULL, NULL, false, NULL, '2026-11-22 10:49:52.441638+00', '2026-11-22 10:49:52.717534+00'),
	('Configuration', 'desired-state', NULL, NULL, '{}', '{"source": {"directory": "/srv/demo/config"}, "revision": {"id": "sha256-e1268d3b1201871ace982d366ac9416e5cd9d8aa", "author": null, "subject": null, "authoredAt": null}}', 2, 2, '{"head": "sha256-e1268d3b1201871ace982d366ac9416e5cd9d8aa", "memory": {"candidates": {}}, "source": {"directory": "/srv/demo/config"}}', '[{"type": "Ready", "reason": "InForce", "status": "True", "message": "sha256-e1268d3b1201 is in force: 3 resources", "lastTransitionTime": "2026-11-22T10:49:52Z"}, {"type": "Reconciling", "reason": "InForce", "status": "False", "message": "sha256-e1268d3b1201 is in force: 3 resources", "lastTransitionTime": "2026-11-22T10:49:52Z"}, {"type": "Stalled", "reason": "InForce", "status": "False", "message": "sha256-e1268d3b1201 is in force: 3 resources", "lastTransitionTime": "2026-11-22T10:49:52Z"}]', NULL, NULL, false, NULL, '2026-11-22 10:49:51.952133+00', '2026-11-22 10:49:52.196828+00'),
	('Candidate', 'land-registry/103', 'Registry', 'land-registry', '{"title": "Shorten addresses"}', '{}', 1, 1, '{"key": "3f1c550c4250c192392a6361754c4b1d572c766dae9639208c822b484f970a67", "base": "3418b60cd27e38396d4373766f070cd81ce8ca6b", "state": "failed", "title": "Shorten addresses", "failure": {"code": "changelog.lint-failed", "hint": "a changeset''s comment may allow a rule: sluice:allow rule: reason", "message": "Failures:\n- data-model/createTables.xml:29: edited-deployed-changeset: changeset data-model/createTables.xml::table parcel::land team is deployed with checksum 9:dce76454adfac3d7a298e131556c3bd3 and has 9:c62228a17af7121b0509d1b9d1a524ca now; leave the changeset as it was and add a new one; when both forms do the same, add the old checksum as validCheckSum"}, "verdict": -1, "findings": {"shown": [{"file": "data-model/createTables.xml", "line": 29, "rule": "edited-deployed-changeset", "message": "changeset data-model/createTables.xml::table parcel::land team is deployed with checksum 9:dce76454adfac3d7a298e131556c3bd3 and has 9:c62228a17af7121b0509d1b9d1a524ca now", "severity": "fail"}], "hidden": 0}, "revision": "ce87fcd83958df435190ab0858b6b95f6d5744f2", "failedKey": "3f1c550c4250c192392a6361754c4b1d572c766dae9639208c822b484f970a67", "baseTemplate": "sluice-84cd798249-base-cf569df438233e98", "circumstances": "5a5dd1b3328c0782", "settledRevision": "ce87fcd83958df435190ab0858b6b95f6d5744f2"}', '[{"type": "Reconciling", "reason": "ChangelogFailed", "status": "False", "message": "Failures:\n- data-model/createTables.xml:29: edited-deployed-changeset: changeset data-model/createTables.xml::table parcel::land team is deployed with checksum 9:dce76454adfac3d7a298e131556c3bd3 and has 9:c62228a17af7121b0509d1b9d1a524ca now; leave the changeset as it was and add a new one; when both forms do the same, add the old checksum as validCheckSum (a changeset''s comment may allow a rule: sluice:allow rule: reason)", "lastTransitionTime": "2026-11-22T10:49:54Z"}, {"type": "Ready", "reason": "ChangelogFailed", "status": "False", "message": "Failures:\n- data-model/createTables.xml:29: edited-deployed-changeset: changeset data-model/createTables.xml::table parcel::land team is deployed with checksum 9:dce76454adfac3d7a298e131556c3bd3 and has 9:c62228a17af7121b0509d1b9d1a524ca now; leave the changeset as it was and add a new one; when both forms do the same, add the old checksum as validCheckSum (a changeset''s comment may allow a rule: sluice:allow rule: reason)", "lastTransitionTime": "2026-11-22T10:49:54Z"}, {"type": "Stalled", "reason": "ChangelogFailed", "status": "True", "message": "Failures:\n- data-model/createTables.xml:29: edited-deployed-changeset: changeset data-model/createTables.xml::table parcel::land team is deployed with checksum 9:dce76454adfac3d7a298e131556c3bd3 and has 9:c62228a17af7121b0509d1b9d1a524ca now; leave the changeset as it was and add a new one; when both forms do the same, add the old checksum as validCheckSum (a changeset''s comment may allow a rule: sluice:allow rule: reason)", "lastTransitionTime": "2026-11-22T10:49:54Z"}]', 'a new revision', '2026-11-22 10:49:54.263614+00', false, NULL, '2026-11-22 10:49:53.778858+00', '2026-11-22 10:49:54.263614+00'),
	('Candidate', 'land-registry/102', 'Registry', 'land-registry', '{"title": "Inspectors are subjects"}', '{}', 1, 1, '{"key": "2a632310ebcb030b082c67919e2c3ffcccf5be58783b57399169a918497932ca", "base": "3418b60cd27e38396d4373766f070cd81ce8ca6b", "shows": "9f0448adad3cb04f93d02f033f823a6fec42f90e", "state": "ready", "title": "Inspectors are subjects", "verdict": 1, "database": "registry-dev-102", "revision": "9f0448adad3cb04f93d02f033f823a6fec42f90e", "changeSets": 2, "baseTemplate": "sluice-84cd798249-base-cf569df438233e98", "circumstances": "5a5dd1b3328c0782", "schemaChanges": {"lines": ["+ table registry.inspection", "  + column inspection_id: uuid, not null", "  + column parcel_id: uuid, not null", "  + column inspector_id: uuid, not null", "  + column held_on: date", "  + constraint fk_inspection_inspector: FOREIGN KEY (inspector_id) REFERENCES registry.subject(subject_id)", "  + constraint pk_inspection: PRIMARY KEY (inspection_id)"], "summary": "+1 table"}, "settledRevision": "9f0448adad3cb04f93d02f033f823a6fec42f90e"}', '[{"type": "Reconciling", "reason": "Verified", "status": "False", "message": "the database shows 9f0448adad", "lastTransitionTime": "2026-11-22T10:49:54Z"}, {"type": "Ready", "reason": "Verified", "status": "True", "message": "the database shows 9f0448adad", "lastTransitionTime": "2026-11-22T10:49:54Z"}, {"type": "Stalled", "reason": "Verified", "status": "False", "message": "the database shows 9f0448adad", "lastTransitionTime": "2026-11-22T10:49:54Z"}]', NULL, NULL, false, NULL, '2026-11-22 10:49:53.368873+00', '2026-11-22 10:49:54.978044+00'),
	('BaseTemplate', 'land-registry/afcf1df16650cdadda389b9e2825164860928e0e', 'Registry', 'land-registry', '{}', '{}', 1, 1, '{"key": "f7caf882d25782e6c5f35998cbf96ca675cf94df51c62fe83fd7c8740dcd7671", "database": "sluice-84cd798249-base-f7caf882d25782e6"}', '[{"type": "Reconciling", "reason": "Succeeded", "status": "False", "message": "candidates of afcf1df166 are cloned from it", "lastTransitionTime": "2026-11-22T10:49:55Z"}, {"type": "Ready", "reason": "Succeeded", "status": "True", "message": "candidates of afcf1df166 are cloned from it", "lastTransitionTime": "2026-11-22T10:49:55Z"}, {"type": "Stalled", "reason": "Succeeded", "status": "False", "message": "candidates of afcf1df166 are cloned from it", "lastTransitionTime": "2026-11-22T10:49:55Z"}]', NULL, NULL, false, NULL, '2026-11-22 10:49:55.15159+00', '2026-11-22 10:49:55.538961+00'),
	('Registry', 'land-registry', 'Configuration', 'desired-state', '{"name": "land-registry", "labels": {"team": "registries"}}', '{"forge": "local", "branch": "master", "limits": {"maxSize": "1GiB", "deadline": "10m", "maxConnections": 4}, "server": "main", "cleanup": {"keepFailed": "0s", "gracePeriod": "0s", "deletionBudget": 10}, "project": "land-registry", "suspend": false, "database": {"lockTable": "databasechangeloglock", "searchPath": ["registry", "public"], "defaultSchema": "registry", "changelogTable": "databasechangelog", "liquibaseSchema": "public"}, "interval": "1m", "changelog": {"lint": {"rules": {}, "allowances": true}}, "candidates": {}, "changelogs": [{"path": "data-model/main-liquibase.xml", "engine": "liquibase", "labels": "!citus", "contexts": ["all", "pub", "code-review"], "parameters": {"dbname": "registry", "reg_version": "1.0.0"}}], "watchedPaths": ["data-model"], "baseTemplates": {"budget": 5}, "databasePrefix": "registry-dev-", "referenceDatabase": "registry-template"}', 1, 1, '{"databases": 4, "baseTemplates": 2, "circumstances": "5a5dd1b3328c0782", "openCandidates": 2}', '[{"type": "Ready", "reason": "Swept", "status": "True", "message": "2 open candidates", "lastTransitionTime": "2026-11-22T10:49:52Z"}, {"type": "Reconciling", "reason": "Swept", "status": "False", "message": "2 open candidates", "lastTransitionTime": "2026-11-22T10:49:55Z"}, {"type": "Stalled", "reason": "Swept", "status": "False", "message": "2 open candidates", "lastTransitionTime": "2026-11-22T10:49:52Z"}]', NULL, NULL, false, NULL, '2026-11-22 10:49:51.980929+00', '2026-11-22 10:49:55.739577+00');

INSERT INTO sluice.runs OVERRIDING SYSTEM VALUE VALUES
	(1, 'BaseTemplate', 'land-registry/3418b60cd27e38396d4373766f070cd81ce8ca6b', 1, '3418b60cd27e38396d4373766f070cd81ce8ca6b', 1, 1, 6, 'controller-1', '{"the branch''s head"}', 'succeeded', '2026-11-22 10:49:52.451279+00', '2026-11-22 10:49:52.711861+00', '{}', NULL, NULL, NULL),
	(2, 'Registry', 'land-registry', 1, NULL, 3, 1, 7, 'controller-1', '{"its base template was looked at"}', 'succeeded', '2026-11-22 10:49:52.729796+00', '2026-11-22 10:49:52.765406+00', '{}', NULL, NULL, NULL),
	(3, 'Candidate', 'land-registry/101', 1, '30f156fdca951a69e5496f22f55bd78c3185909b', 1, 1, 9, 'controller-1', '{"revision 30f156fdca"}', 'succeeded', '2026-11-22 10:49:52.98023+00', '2026-11-22 10:49:53.20212+00', '{}', NULL, NULL, NULL),
	(4, 'Candidate', 'land-registry/102', 1, 'c0b0cf90ca59f9db4c572f76274786672d2291ac', 1, 1, 11, 'controller-1', '{"revision c0b0cf90ca"}', 'failed', '2026-11-22 10:49:53.400576+00', '2026-11-22 10:49:54.203672+00', '{}', 'changelog.changeset-failed', 'data-model/inspections.xml:21:9: changeset data-model/inspections.xml::inspection refers to its inspector::land team failed at statement 1 of 1: relation "registry.staff" does not exist (SQLSTATE 42P01)', 'statement:
ALTER TABLE registry.inspection ADD CONSTRAINT fk_inspection_inspector FOREIGN KEY (inspector_id) REFERENCES registry.staff (staff_id)'),
	(5, 'Candidate', 'land-registry/103', 1, 'ce87fcd83958df435190ab0858b6b95f6d5744f2', 1, 1, 14, 'controller-1', '{"revision ce87fcd839"}', 'failed', '2026-11-22 10:49:53.811048+00', '2026-11-22 10:49:54.255136+00', '{}', 'changelog.lint-failed', 'Failures:
- data-model/createTables.xml:29: edited-deployed-changeset: changeset data-model/createTables.xml::table parcel::land team is deployed with checksum 9:dce76454adfac3d7a298e131556c3bd3 and has 9:c62228a17af7121b0509d1b9d1a524ca now; leave the changeset as it was and add a new one; when both forms do the same, add the old checksum as validCheckSum (a changeset''s comment may allow a rule: sluice:allow rule: reason)', NULL),
	(6, 'Candidate', 'land-registry/104', 1, '33b150ac2f0401eca8530636e761612345387a65', 1, 1, 19, 'controller-1', '{"revision 33b150ac2f"}', 'succeeded', '2026-11-22 10:49:54.238768+00', '2026-11-22 10:49:54.433357+00', '{}', NULL, NULL, NULL),
	(7, 'Candidate', 'land-registry/102', 1, '9f0448adad3cb04f93d02f033f823a6fec42f90e', 3, 1, 22, 'controller-1', '{"revision 9f0448adad"}', 'succeeded', '2026-11-22 10:49:54.727341+00', '2026-11-22 10:49:54.968439+00', '{}', NULL, NULL, NULL),
	(8, 'Registry', 'land-registry', 1, NULL, 13, 1, 25, 'controller-1', '{push}', 'succeeded', '2026-11-22 10:49:55.164226+00', '2026-11-22 10:49:55.216339+00', '{}', NULL, NULL, NULL),
	(11, 'Registry', 'land-registry', 1, NULL, 14, 1, 28, 'controller-1', '{push}', 'succeeded', '2026-11-22 10:49:55.296264+00', '2026-11-22 10:49:55.323877+00', '{}', NULL, NULL, NULL),
	(9, 'BaseTemplate', 'land-registry/afcf1df16650cdadda389b9e2825164860928e0e', 1, 'afcf1df16650cdadda389b9e2825164860928e0e', 1, 1, 26, 'controller-1', '{"the branch''s head"}', 'succeeded', '2026-11-22 10:49:55.172768+00', '2026-11-22 10:49:55.529244+00', '{}', NULL, NULL, NULL),
	(10, 'Candidate', 'land-registry/101', 2, NULL, 2, 1, 27, 'controller-1', '{gone}', 'succeeded', '2026-11-22 10:49:55.225469+00', '2026-11-22 10:49:55.621593+00', '{}', NULL, NULL, NULL),
	(13, 'Candidate', 'land-registry/104', 2, NULL, 2, 1, 32, 'controller-1', '{gone}', 'succeeded', '2026-11-22 10:49:55.566267+00', '2026-11-22 10:49:55.6744+00', '{}', NULL, NULL, NULL),
	(12, 'Registry', 'land-registry', 1, NULL, 16, 1, 30, 'controller-1', '{"its base template was looked at"}', 'succeeded', '2026-11-22 10:49:55.56341+00', '2026-11-22 10:49:55.70789+00', '{}', NULL, NULL, NULL),
	(14, 'Candidate', 'land-registry/101', NULL, NULL, 4, 1, 36, 'gone', '{}', 'running', '2026-11-22 10:51:12.986452+00', NULL, '{}', NULL, NULL, NULL);

INSERT INTO sluice.tasks OVERRIDING SYSTEM VALUE VALUES
	(1, 1, 0, 'base.clone-reference', 'sluice-84cd798249-basebuild-3418b60cd27e3839', '{}', 1, 'succeeded', '2026-11-22 10:49:52.455461+00', '2026-11-22 10:49:52.532162+00', '{}', NULL, NULL, NULL),
	(2, 1, 1, 'base.deploy', 'sluice-84cd798249-basebuild-3418b60cd27e3839', '{}', 1, 'succeeded', '2026-11-22 10:49:52.533401+00', '2026-11-22 10:49:52.704326+00', '{"attempts": [{"event": "applied", "changeSet": "data-model/createTables.xml::table subject::land team", "milliseconds": 5}, {"event": "applied", "changeSet": "data-model/createTables.xml::table region::land team", "milliseconds": 2}, {"event": "applied", "changeSet": "data-model/createTables.xml::table parcel::land team", "milliseconds": 2}, {"event": "applied", "changeSet": "data-model/createTables.xml::parcel refers to owner and region::land team", "milliseconds": 2}, {"event": "applied", "changeSet": "data-model/createTables.xml::index parcel owner::land team", "milliseconds": 1}, {"event": "applied", "changeSet": "data-model/createTables.xml::load regions::land team", "milliseconds": 2}, {"event": "applied", "changeSet": "data-model/createTables.xml::model 1.0::land team", "milliseconds": 1}, {"event": "applied", "changeSet": "data-model/populateDictionaries.sql::dictionary-of-uses::land-team", "milliseconds": 2}, {"event": "applied", "changeSet": "data-model/populateDictionaries.sql::parcel-use::land-team", "milliseconds": 4}, {"event": "applied", "changeSet": "data-model/searchViews.yaml::view of parcels by owner::land team", "milliseconds": 1}], "changeSets": 10}', NULL, NULL, NULL),
	(3, 1, 2, 'base.seal', 'sluice-84cd798249-base-cf569df438233e98', '{}', 1, 'succeeded', '2026-11-22 10:49:52.705224+00', '2026-11-22 10:49:52.708498+00', '{}', NULL, NULL, NULL),
	(4, 1, 3, 'base.discard', 'sluice-84cd798249-basebuild-3418b60cd27e3839', '{"applies": "if-failed"}', 1, 'skipped', '2026-11-22 10:49:52.70951+00', '2026-11-22 10:49:52.710592+00', '{}', 'task.not-needed', 'the changelog deployed', NULL),
	(5, 2, 0, 'master.publish', '3418b60cd27e38396d4373766f070cd81ce8ca6b', '{"template": "sluice-84cd798249-base-cf569df438233e98"}', 1, 'succeeded', '2026-11-22 10:49:52.732705+00', '2026-11-22 10:49:52.764202+00', '{}', NULL, NULL, NULL),
	(6, 3, 0, 'verdict.pending', 'revision', '{}', 1, 'succeeded', '2026-11-22 10:49:52.985595+00', '2026-11-22 10:49:52.989981+00', '{"verdict": 0}', NULL, NULL, NULL),
	(7, 3, 1, 'database.clone', 'sluice-84cd798249-build-87b5d65c8777f57d', '{}', 1, 'succeeded', '2026-11-22 10:49:52.990728+00', '2026-11-22 10:49:53.024001+00', '{}', NULL, NULL, NULL),
	(8, 3, 2, 'changelog.deploy', 'sluice-84cd798249-build-87b5d65c8777f57d', '{}', 1, 'succeeded', '2026-11-22 10:49:53.025127+00', '2026-11-22 10:49:53.181849+00', '{"attempts": [{"event": "applied", "changeSet": "data-model/visits.xml::table visit::land team", "milliseconds": 6}], "changeSets": 1}', NULL, NULL, NULL),
	(9, 3, 3, 'database.publish', 'registry-dev-101', '{"applies": "if-deployed"}', 1, 'succeeded', '2026-11-22 10:49:53.182612+00', '2026-11-22 10:49:53.19285+00', '{}', NULL, NULL, NULL),
	(10, 3, 4, 'verdict.report', 'revision', '{}', 1, 'succeeded', '2026-11-22 10:49:53.193555+00', '2026-11-22 10:49:53.198557+00', '{"verdict": 1}', NULL, NULL, NULL),
	(11, 3, 5, 'database.discard', 'sluice-84cd798249-build-87b5d65c8777f57d', '{"applies": "if-failed"}', 1, 'skipped', '2026-11-22 10:49:53.199471+00', '2026-11-22 10:49:53.201112+00', '{}', 'task.not-needed', 'the changelog deployed', NULL),
	(12, 4, 0, 'verdict.pending', 'revision', '{}', 1, 'succeeded', '2026-11-22 10:49:53.40682+00', '2026-11-22 10:49:53.412057+00', '{"verdict": 0}', NULL, NULL, NULL),
	(13, 4, 1, 'database.clone', 'sluice-84cd798249-build-1add196d5a7a678f', '{}', 1, 'succeeded', '2026-11-22 10:49:53.416467+00', '2026-11-22 10:49:53.492441+00', '{}', NULL, NULL, NULL),
	(14, 4, 2, 'changelog.deploy', 'sluice-84cd798249-build-1add196d5a7a678f', '{}', 1, 'failed', '2026-11-22 10:49:53.493692+00', '2026-11-22 10:49:53.590798+00', '{"attempts": [{"event": "applied", "changeSet": "data-model/inspections.xml::table inspection::land team", "milliseconds": 3}, {"event": "failed", "location": "data-model/inspections.xml:21:9", "sqlState": "42P01", "changeSet": "data-model/inspections.xml::inspection refers to its inspector::land team", "statement": 1, "statements": 1, "milliseconds": 4}]}', 'changelog.changeset-failed', 'data-model/inspections.xml:21:9: changeset data-model/inspections.xml::inspection refers to its inspector::land team failed at statement 1 of 1: relation "registry.staff" does not exist (SQLSTATE 42P01)', 'statement:
ALTER TABLE registry.inspection ADD CONSTRAINT fk_inspection_inspector FOREIGN KEY (inspector_id) REFERENCES registry.staff (staff_id)'),
	(15, 4, 3, 'database.publish', 'registry-dev-102', '{"applies": "if-deployed"}', 1, 'skipped', '2026-11-22 10:49:53.591584+00', '2026-11-22 10:49:53.593476+00', '{}', 'task.not-needed', 'the changelog did not deploy', NULL),
	(16, 4, 4, 'verdict.report', 'revision', '{}', 1, 'succeeded', '2026-11-22 10:49:53.594206+00', '2026-11-22 10:49:53.598277+00', '{"verdict": -1}', NULL, NULL, NULL),
	(18, 5, 0, 'verdict.pending', 'revision', '{}', 1, 'succeeded', '2026-11-22 10:49:53.819619+00', '2026-11-22 10:49:53.822472+00', '{"verdict": 0}', NULL, NULL, NULL),
	(19, 5, 1, 'database.clone', 'sluice-84cd798249-build-7034d6982c2192b4', '{}', 1, 'succeeded', '2026-11-22 10:49:53.823543+00', '2026-11-22 10:49:53.861143+00', '{}', NULL, NULL, NULL),
	(20, 5, 2, 'changelog.deploy', 'sluice-84cd798249-build-7034d6982c2192b4', '{}', 1, 'failed', '2026-11-22 10:49:53.862652+00', '2026-11-22 10:49:53.913889+00', '{}', 'changelog.lint-failed', 'Failures:
- data-model/createTables.xml:29: edited-deployed-changeset: changeset data-model/createTables.xml::table parcel::land team is deployed with checksum 9:dce76454adfac3d7a298e131556c3bd3 and has 9:c62228a17af7121b0509d1b9d1a524ca now; leave the changeset as it was and add a new one; when both forms do the same, add the old checksum as validCheckSum (a changeset''s comment may allow a rule: sluice:allow rule: reason)', NULL),
	(21, 5, 3, 'database.publish', 'registry-dev-103', '{"applies": "if-deployed"}', 1, 'skipped', '2026-11-22 10:49:53.915786+00', '2026-11-22 10:49:53.928207+00', '{}', 'task.not-needed', 'the changelog did not deploy', NULL),
	(17, 4, 5, 'database.discard', 'sluice-84cd798249-build-1add196d5a7a678f', '{"applies": "if-failed"}', 1, 'succeeded', '2026-11-22 10:49:53.599132+00', '2026-11-22 10:49:54.200829+00', '{}', NULL, NULL, NULL),
	(22, 5, 4, 'verdict.report', 'revision', '{}', 1, 'succeeded', '2026-11-22 10:49:53.929706+00', '2026-11-22 10:49:53.937643+00', '{"verdict": -1}', NULL, NULL, NULL),
	(23, 5, 5, 'database.discard', 'sluice-84cd798249-build-7034d6982c2192b4', '{"applies": "if-failed"}', 1, 'succeeded', '2026-11-22 10:49:53.962765+00', '2026-11-22 10:49:54.246529+00', '{}', NULL, NULL, NULL),
	(24, 6, 0, 'verdict.pending', 'revision', '{}', 1, 'succeeded', '2026-11-22 10:49:54.245445+00', '2026-11-22 10:49:54.250471+00', '{"verdict": 0}', NULL, NULL, NULL),
	(25, 6, 1, 'database.clone', 'sluice-84cd798249-build-a095313931df775c', '{}', 1, 'succeeded', '2026-11-22 10:49:54.25189+00', '2026-11-22 10:49:54.287653+00', '{}', NULL, NULL, NULL),
	(26, 6, 2, 'changelog.deploy', 'sluice-84cd798249-build-a095313931df775c', '{}', 1, 'succeeded', '2026-11-22 10:49:54.288825+00', '2026-11-22 10:49:54.380331+00', '{"changeSets": 0}', NULL, NULL, NULL),
	(27, 6, 3, 'database.publish', 'registry-dev-104', '{"applies": "if-deployed"}', 1, 'succeeded', '2026-11-22 10:49:54.384641+00', '2026-11-22 10:49:54.397599+00', '{}', NULL, NULL, NULL),
	(28, 6, 4, 'verdict.report', 'revision', '{}', 1, 'succeeded', '2026-11-22 10:49:54.400663+00', '2026-11-22 10:49:54.411617+00', '{"verdict": 1}', NULL, NULL, NULL),
	(29, 6, 5, 'database.discard', 'sluice-84cd798249-build-a095313931df775c', '{"applies": "if-failed"}', 1, 'skipped', '2026-11-22 10:49:54.412979+00', '2026-11-22 10:49:54.423483+00', '{}', 'task.not-needed', 'the changelog deployed', NULL),
	(30, 7, 0, 'verdict.pending', 'revision', '{}', 1, 'succeeded', '2026-11-22 10:49:54.737413+00', '2026-11-22 10:49:54.739796+00', '{"verdict": 0}', NULL, NULL, NULL),
	(31, 7, 1, 'database.clone', 'sluice-84cd798249-build-1add196d5a7a678f', '{}', 1, 'succeeded', '2026-11-22 10:49:54.740582+00', '2026-11-22 10:49:54.793615+00', '{}', NULL, NULL, NULL),
	(32, 7, 2, 'changelog.deploy', 'sluice-84cd798249-build-1add196d5a7a678f', '{}', 1, 'succeeded', '2026-11-22 10:49:54.7943+00', '2026-11-22 10:49:54.946427+00', '{"attempts": [{"event": "applied", "changeSet": "data-model/inspections.xml::table inspection::land team", "milliseconds": 6}, {"event": "applied", "changeSet": "data-model/inspections.xml::inspection refers to its inspector::land team", "milliseconds": 1}], "changeSets": 2}', NULL, NULL, NULL),
	(33, 7, 3, 'database.publish', 'registry-dev-102', '{"applies": "if-deployed"}', 1, 'succeeded', '2026-11-22 10:49:54.947285+00', '2026-11-22 10:49:54.952595+00', '{}', NULL, NULL, NULL),
	(34, 7, 4, 'verdict.report', 'revision', '{}', 1, 'succeeded', '2026-11-22 10:49:54.95347+00', '2026-11-22 10:49:54.958812+00', '{"verdict": 1}', NULL, NULL, NULL),
	(35, 7, 5, 'database.discard', 'sluice-84cd798249-build-1add196d5a7a678f', '{"applies": "if-failed"}', 1, 'skipped', '2026-11-22 10:49:54.960387+00', '2026-11-22 10:49:54.963324+00', '{}', 'task.not-needed', 'the changelog deployed', NULL),
	(36, 8, 0, 'candidate.dismantle', '101', '{"because": "merged"}', 1, 'succeeded', '2026-11-22 10:49:55.184083+00', '2026-11-22 10:49:55.207556+00', '{}', NULL, NULL, NULL),
	(43, 11, 0, 'candidate.dismantle', '104', '{"because": "closed"}', 1, 'succeeded', '2026-11-22 10:49:55.308385+00', '2026-11-22 10:49:55.318077+00', '{}', NULL, NULL, NULL),
	(37, 9, 0, 'base.clone-reference', 'sluice-84cd798249-basebuild-afcf1df16650cdad', '{}', 1, 'succeeded', '2026-11-22 10:49:55.192349+00', '2026-11-22 10:49:55.32068+00', '{}', NULL, NULL, NULL),
	(38, 9, 1, 'base.deploy', 'sluice-84cd798249-basebuild-afcf1df16650cdad', '{}', 1, 'succeeded', '2026-11-22 10:49:55.321473+00', '2026-11-22 10:49:55.517577+00', '{"attempts": [{"event": "applied", "changeSet": "data-model/createTables.xml::table subject::land team", "milliseconds": 4}, {"event": "applied", "changeSet": "data-model/createTables.xml::table region::land team", "milliseconds": 2}, {"event": "applied", "changeSet": "data-model/createTables.xml::table parcel::land team", "milliseconds": 5}, {"event": "applied", "changeSet": "data-model/createTables.xml::parcel refers to owner and region::land team", "milliseconds": 2}, {"event": "applied", "changeSet": "data-model/createTables.xml::index parcel owner::land team", "milliseconds": 1}, {"event": "applied", "changeSet": "data-model/createTables.xml::load regions::land team", "milliseconds": 2}, {"event": "applied", "changeSet": "data-model/createTables.xml::model 1.0::land team", "milliseconds": 1}, {"event": "applied", "changeSet": "data-model/populateDictionaries.sql::dictionary-of-uses::land-team", "milliseconds": 2}, {"event": "applied", "changeSet": "data-model/populateDictionaries.sql::parcel-use::land-team", "milliseconds": 1}, {"event": "applied", "changeSet": "data-model/searchViews.yaml::view of parcels by owner::land team", "milliseconds": 1}, {"event": "applied", "changeSet": "data-model/visits.xml::table visit::land team", "milliseconds": 12}], "changeSets": 11}', NULL, NULL, NULL),
	(39, 9, 2, 'base.seal', 'sluice-84cd798249-base-f7caf882d25782e6', '{}', 1, 'succeeded', '2026-11-22 10:49:55.520749+00', '2026-11-22 10:49:55.524018+00', '{}', NULL, NULL, NULL),
	(40, 9, 3, 'base.discard', 'sluice-84cd798249-basebuild-afcf1df16650cdad', '{"applies": "if-failed"}', 1, 'skipped', '2026-11-22 10:49:55.525208+00', '2026-11-22 10:49:55.526517+00', '{}', 'task.not-needed', 'the changelog deployed', NULL),
	(41, 10, 0, 'database.discard', 'registry-dev-101', '{}', 1, 'succeeded', '2026-11-22 10:49:55.239989+00', '2026-11-22 10:49:55.617683+00', '{}', NULL, NULL, NULL),
	(42, 10, 1, 'login.remove', 'sluice-84cd798249-login-87b5d65c8777f57d', '{}', 1, 'succeeded', '2026-11-22 10:49:55.61862+00', '2026-11-22 10:49:55.620119+00', '{}', NULL, NULL, NULL),
	(45, 13, 0, 'database.discard', 'registry-dev-104', '{}', 1, 'succeeded', '2026-11-22 10:49:55.571591+00', '2026-11-22 10:49:55.668753+00', '{}', NULL, NULL, NULL),
	(46, 13, 1, 'login.remove', 'sluice-84cd798249-login-a095313931df775c', '{}', 1, 'succeeded', '2026-11-22 10:49:55.670184+00', '2026-11-22 10:49:55.672005+00', '{}', NULL, NULL, NULL),
	(44, 12, 0, 'master.publish', 'afcf1df16650cdadda389b9e2825164860928e0e', '{"template": "sluice-84cd798249-base-f7caf882d25782e6"}', 1, 'succeeded', '2026-11-22 10:49:55.571462+00', '2026-11-22 10:49:55.705781+00', '{}', NULL, NULL, NULL),
	(47, 14, 0, 'database.clone', 'land-1', '{}', 1, 'running', '2026-11-22 10:51:12.986452+00', NULL, '{}', NULL, NULL, NULL),
	(48, 14, 1, 'changelog.deploy', 'land-1', '{}', 1, 'pending', NULL, NULL, '{}', NULL, NULL, NULL);

INSERT INTO sluice.work_items VALUES
	('Sweep', 'deliveries', 'observe', 'Sweep', 0, 'waiting', '2026-11-22 10:59:08.457484+00', '{}', NULL, NULL, NULL, 1, 0, 0, NULL, NULL, NULL, NULL, '{}', NULL, '2026-11-22 10:49:52.122591+00', '2026-11-22 10:49:52.170044+00'),
	('Configuration', 'desired-state', 'observe', 'desired-state', 0, 'waiting', '2026-11-22 10:50:07.197429+00', '{}', NULL, NULL, NULL, 1, 0, 0, NULL, NULL, NULL, NULL, '{}', NULL, '2026-11-22 10:49:52.116432+00', '2026-11-22 10:49:52.197429+00'),
	('Sweep', 'registries', 'observe', 'Sweep', 0, 'waiting', '2026-11-22 10:50:07.541551+00', '{}', NULL, NULL, NULL, 1, 0, 0, NULL, NULL, NULL, NULL, '{}', NULL, '2026-11-22 10:49:52.131354+00', '2026-11-22 10:49:52.200196+00'),
	('BaseTemplate', 'land-registry/3418b60cd27e38396d4373766f070cd81ce8ca6b', 'deploy', 'land-registry', 0, 'idle', '2026-11-22 10:49:52.443515+00', '{}', '3418b60cd27e38396d4373766f070cd81ce8ca6b', NULL, NULL, 1, 0, 0, NULL, NULL, NULL, NULL, '{}', NULL, '2026-11-22 10:49:52.445686+00', '2026-11-22 10:49:52.717893+00'),
	('Candidate', 'land-registry/103', 'deploy', 'land-registry', 0, 'waiting', '2026-11-22 11:00:43.924658+00', '{}', 'ce87fcd83958df435190ab0858b6b95f6d5744f2', NULL, NULL, 2, 0, 0, NULL, NULL, NULL, NULL, '{}', NULL, '2026-11-22 10:49:54.273188+00', '2026-11-22 10:49:54.299865+00'),
	('Candidate', 'land-registry/102', 'deploy', 'land-registry', 0, 'waiting', '2026-11-22 10:59:20.091035+00', '{}', '9f0448adad3cb04f93d02f033f823a6fec42f90e', NULL, NULL, 4, 0, 0, NULL, NULL, NULL, NULL, '{}', NULL, '2026-11-22 10:49:54.983925+00', '2026-11-22 10:49:55.00497+00'),
	('Candidate', 'land-registry/104', 'deploy', 'land-registry', 0, 'waiting', '2026-11-22 11:00:05.138135+00', '{}', 'gone', NULL, NULL, 3, 0, 0, NULL, NULL, NULL, NULL, '{}', NULL, '2026-11-22 10:49:55.680218+00', '2026-11-22 10:49:55.686736+00'),
	('BaseTemplate', 'land-registry/afcf1df16650cdadda389b9e2825164860928e0e', 'deploy', 'land-registry', 0, 'idle', '2026-11-22 10:49:55.29275+00', '{}', 'afcf1df16650cdadda389b9e2825164860928e0e', NULL, NULL, 2, 0, 0, NULL, NULL, NULL, NULL, '{}', NULL, '2026-11-22 10:49:55.544609+00', '2026-11-22 10:49:55.55882+00'),
	('Registry', 'land-registry', 'observe', 'land-registry', 0, 'waiting', '2026-11-22 10:50:55.740031+00', '{}', NULL, NULL, NULL, 17, 0, 0, NULL, NULL, NULL, NULL, '{}', NULL, '2026-11-22 10:49:55.7162+00', '2026-11-22 10:49:55.740031+00'),
	('Candidate', 'land-registry/101', 'deploy', 'land-registry', 0, 'running', '2026-11-22 11:00:09.131912+00', '{}', 'gone', NULL, NULL, 4, 1, 0, 36, 'gone', '2026-11-22 10:51:27.986452+00', NULL, '{}', NULL, '2026-11-22 10:51:12.986452+00', '2026-11-22 10:49:55.631853+00');

SELECT pg_catalog.setval('sluice.configuration_changes_id_seq', 1, true);

SELECT pg_catalog.setval('sluice.deliveries_id_seq', 8, true);

SELECT pg_catalog.setval('sluice.event_id', 6, true);

SELECT pg_catalog.setval('sluice.fence', 36, true);

SELECT pg_catalog.setval('sluice.runs_id_seq', 14, true);

SELECT pg_catalog.setval('sluice.tasks_id_seq', 48, true);

ALTER TABLE ONLY sluice.configuration_changes
    ADD CONSTRAINT configuration_changes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY sluice.configuration_entries
    ADD CONSTRAINT configuration_entries_pkey PRIMARY KEY (change_id, "position");

ALTER TABLE ONLY sluice.databasechangeloglock
    ADD CONSTRAINT databasechangeloglock_pkey PRIMARY KEY (id);

ALTER TABLE ONLY sluice.deliveries
    ADD CONSTRAINT deliveries_pkey PRIMARY KEY (id);

ALTER TABLE ONLY sluice.deliveries
    ADD CONSTRAINT deliveries_source_key_key UNIQUE (source, key);

ALTER TABLE ONLY sluice.events
    ADD CONSTRAINT events_id_key UNIQUE (id);

ALTER TABLE ONLY sluice.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (kind, name, type, reason, digest);

ALTER TABLE ONLY sluice.resources
    ADD CONSTRAINT resources_pkey PRIMARY KEY (kind, name);

ALTER TABLE ONLY sluice.runs
    ADD CONSTRAINT runs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY sluice.tasks
    ADD CONSTRAINT tasks_pkey PRIMARY KEY (id);

ALTER TABLE ONLY sluice.tasks
    ADD CONSTRAINT tasks_run_id_position_key UNIQUE (run_id, "position");

ALTER TABLE ONLY sluice.work_items
    ADD CONSTRAINT work_items_pkey PRIMARY KEY (kind, name);

CREATE INDEX configuration_entries_by_object ON sluice.configuration_entries USING btree (kind, name, change_id DESC);

CREATE INDEX deliveries_handled ON sluice.deliveries USING btree (handled_at) WHERE (outcome <> 'waiting'::text);

CREATE INDEX deliveries_waiting ON sluice.deliveries USING btree (id) WHERE (outcome = 'waiting'::text);

CREATE INDEX deliveries_with_body ON sluice.deliveries USING btree (id) WHERE (body IS NOT NULL);

CREATE INDEX events_by_object ON sluice.events USING btree (kind, name, id DESC);

CREATE INDEX resources_by_owner ON sluice.resources USING btree (owner_kind, owner_name) WHERE (owner_kind IS NOT NULL);

CREATE INDEX runs_by_object ON sluice.runs USING btree (kind, name, id DESC);

CREATE INDEX runs_by_revision ON sluice.runs USING btree (revision, id DESC) WHERE (revision IS NOT NULL);

CREATE INDEX runs_by_start ON sluice.runs USING btree (started_at);

CREATE INDEX runs_not_succeeded ON sluice.runs USING btree (status, id DESC) WHERE (status <> 'succeeded'::text);

CREATE INDEX runs_running ON sluice.runs USING btree (fence) WHERE (status = 'running'::text);

CREATE INDEX tasks_by_target ON sluice.tasks USING btree (target, id DESC);

CREATE INDEX tasks_not_succeeded ON sluice.tasks USING btree (status, id DESC) WHERE (status <> 'succeeded'::text);

CREATE INDEX work_items_by_tenant ON sluice.work_items USING btree (lane, tenant, priority DESC, not_before) WHERE (state = 'waiting'::text);

CREATE INDEX work_items_running ON sluice.work_items USING btree (lane, tenant) WHERE (state = 'running'::text);

CREATE INDEX work_items_waiting ON sluice.work_items USING btree (lane, not_before) WHERE (state = 'waiting'::text);

ALTER TABLE ONLY sluice.configuration_entries
    ADD CONSTRAINT configuration_entries_change_id_fkey FOREIGN KEY (change_id) REFERENCES sluice.configuration_changes(id) ON DELETE CASCADE;

ALTER TABLE ONLY sluice.tasks
    ADD CONSTRAINT tasks_run_id_fkey FOREIGN KEY (run_id) REFERENCES sluice.runs(id) ON DELETE CASCADE;

