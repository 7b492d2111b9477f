/// One of everything that a snapshot tells of.
enum EverythingSQL {
    static let roles = ["reader", #"Odd "Role: x"#]

    /// - Parameter prefix: goes before the names of roles, which belong to the whole cluster.
    static func script(prefix: String) -> String {
        script.replacing("@", with: prefix)
    }

    private static let script = #"""
        create role "@reader"; create role "@Odd ""Role: x";
        create schema app; comment on schema app is 'it''s app'; grant usage on schema app to "@reader";
        create type app.colour as enum ('red', 'green', 'blue'); grant usage on type app.colour to "@reader";
        create type app.pair as (a int, b text collate "C", "Or" app.colour[]);
        create domain app.short as varchar(10) collate "C" default 'x' not null
          constraint short_ok check (length(value) > 0) check (value <> 'zz');
        create type app.span as range (subtype = float8, subtype_diff = float8mi);
        create table app.parent (
          id bigint generated always as identity primary key, name text not null default 'a\b''c',
          at timestamptz default now(), fixed timestamptz default '2020-01-01 12:00+02', iv interval default '1 day 02:00',
          c app.colour default 'red', s app.short, n numeric(12,2) check (n > 0), arr int[] default '{1,2}',
          total numeric generated always as (n * 2) stored, ts timestamp default (now() at time zone 'utc'),
          unique (name, c));
        comment on table app.parent is 'Parents'; comment on column app.parent.name is 'ünïcode ☃';
        comment on constraint parent_pkey on app.parent is 'pk';
        create table app.child (
          id serial, parent_id bigint references app.parent on delete cascade deferrable initially deferred,
          "Odd ""col" text, j jsonb, d date,
          constraint child_pk primary key (id) include (parent_id) with (fillfactor = 70),
          exclude using gist (int4range(id, id + 1) with &&));
        alter table app.child add constraint later check (id > 0) not valid;
        create index child_low on app.child (lower("Odd ""col"), d desc nulls last) include (j) where d > '2020-01-01';
        create unique index child_u on app.child using btree (parent_id) with (fillfactor = 50);
        create view app.v as select id, name, extract(year from at) as y, (select count(*) from app.child ch
          where ch.parent_id = parent.id) as n, coalesce(name, 'x') as co, parent as whole
          from app.parent where n between 1 and 2 order by name desc;
        create view app.v2 with (security_barrier) as select p.id, c.id as cid
          from app.parent p join app.child c on c.parent_id = p.id;
        create materialized view app.mv as select name, count(*) c from app.parent group by name with no data;
        create unique index mv_u on app.mv (name);
        create rule nodel as on delete to app.child do instead (select 1; insert into app.child (id) values (old.id));
        create sequence app.s as int start 5 increment 2 minvalue 1 maxvalue 100 cache 3 cycle;
        create function app.f(a int, b text default 'x', out c int) language plpgsql stable strict security definer
          set search_path = app, pg_temp as $$ begin c := a; end $$;
        create function app.parsed(a int) returns int language sql immutable parallel safe return a + 1;
        revoke execute on function app.parsed(int) from public;
        create procedure app.p(inout a int) language plpgsql as $$ begin a := 1; end $$;
        create aggregate app.agg(int) (sfunc = int4pl, stype = int, initcond = '0');
        create function app.trg() returns trigger language plpgsql as $$ begin return new; end $$;
        create trigger t1 before insert or update of name on app.parent for each row
          when (new.name is distinct from 'x') execute function app.trg('a', 'b');
        create constraint trigger t2 after insert on app.parent deferrable for each row execute function app.trg();
        alter table app.parent disable trigger t2;
        alter table app.parent enable row level security;
        create policy pol on app.parent as restrictive for select to "@reader" using (name = current_user and id > 1);
        create table app.part (id int, d date) partition by range (d);
        create table app.part1 partition of app.part for values from ('2020-01-01') to ('2021-01-01');
        alter table app.part add constraint part_fk foreign key (id) references app.child;
        create index part_i on app.part (d);
        create table app.kid (extra int) inherits (app.parent);
        create unlogged table app.u (id int) with (fillfactor = 30);
        grant select on app.parent to "@reader" with grant option;
        grant select (id), update (d) on app.child to "@reader"; grant all on app.child to "@Odd ""Role: x";
        create statistics app.st (dependencies) on id, d from app.child;
        alter table app.child alter column "Odd ""col" set storage external, alter d set statistics 50;
        alter table app.child replica identity full;
        create table app.databasechangelog (id int primary key);
        create function app.ev() returns event_trigger language plpgsql as $$ begin end $$;
        create event trigger etrg on ddl_command_end when tag in ('CREATE TABLE') execute function app.ev();
        """#
}
