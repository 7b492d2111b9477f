/// One query over PostgreSQL's catalogs: a row for each object, a column for each attribute, named as it.
///
/// The columns `kind`, `schema`, `relation`, `name` and `parameters` are read as the object's kind and name; `kind` may
/// be missing where a query reads one kind only.
///
/// The search path is `pg_catalog` alone while they run, so no name in them can be taken for a stranger's, and every name
/// that the server writes is qualified.
struct CatalogQuery: Sendable {
    /// What it reads, when all rows are of one kind.
    let kind: SchemaObjectKind?
    /// The statement.
    let sql: String
    /// Which parameters it takes.
    let parameters: Parameters

    /// What a query takes. `$1` is always the schemas to read as `text[]`, NULL for all.
    enum Parameters {
        /// Nothing more.
        case schemas
        /// `$2`: the names of the tables to leave out, as `text[]`.
        case tables
        /// `$2`: the longest body of a routine that is read, in bytes.
        case bodies
    }

    /// Makes a query.
    init(_ kind: SchemaObjectKind? = nil, takes parameters: Parameters = .tables, sql: String) {
        self.kind = kind
        self.parameters = parameters
        self.sql = sql
    }
}

extension CatalogQuery {
    /// Everything that is read from a server of this version, which is `server_version_num`.
    static func all(serverVersion: Int) -> [CatalogQuery] {
        [
            schemas, extensions, types, domains, sequences, tables, views, columns(serverVersion), constraints, indexes,
            statistics, rules, triggers, policies, routines(serverVersion), aggregates, eventTriggers,
        ]
    }

    /// `spaces`: the schemas to read. `owned`: what belongs to extensions, which is left out of everything.
    static let spaces = """
        owned as materialized (
          select classid, objid from pg_depend where deptype = 'e' and refclassid = 'pg_extension'::regclass
        ), spaces as materialized (
          select oid, nspname::text as schema from pg_namespace
          where nspname !~ '^pg_' and nspname <> 'information_schema'
            and ($1::text[] is null or nspname::text = any ($1::text[]))
        )
        """

    /// ``spaces`` and `relations`: what in them has columns or numbers, without the tables to leave out.
    static let relations = """
        \(spaces), relations as materialized (
          select c.*, s.schema, c.relname::text as relation from pg_class c join spaces s on s.oid = c.relnamespace
          where c.relkind in ('r', 'p', 'f', 'v', 'm', 'S')
            and not (c.relkind in ('r', 'p') and c.relname::text = any ($2::text[]))
            and not exists (select from owned o where o.classid = 'pg_class'::regclass and o.objid = c.oid)
        )
        """

    static func notOwned(_ object: String, in catalog: String) -> String {
        "not exists (select from owned o where o.classid = '\(catalog)'::regclass and o.objid = \(object))"
    }

    /// The comment on an object.
    static func comment(_ object: String, in catalog: String, part: String = "0") -> String {
        """
        (select d.description from pg_description d
         where d.objoid = \(object) and d.classoid = '\(catalog)'::regclass and d.objsubid = \(part)) as comment
        """
    }

    /// A name as people write it. Not `quote_ident`: what that quotes depends on the version's keywords.
    static func quoted(_ name: String) -> String {
        """
        case when \(name)::text ~ '^[a-z_][a-z0-9_$]*$' then \(name)::text
             else '"' || replace(\(name)::text, '"', '""') || '"' end
        """
    }

    /// The qualified name of a row of `pg_class`, `pg_proc`, `pg_type` … found by its id.
    static func qualified(_ id: String, in catalog: String, _ prefix: String) -> String {
        """
        (select \(quoted("s.nspname")) || '.' || \(quoted("q.\(prefix)name"))
         from \(catalog) q join pg_namespace s on s.oid = q.\(prefix)namespace where q.oid = \(id))
        """
    }

    /// Texts such as `reader: SELECT, UPDATE WITH GRANT OPTION`; NULL when they are as they are by default.
    ///
    /// The owner's own rights are left out, as owners are.
    static func grants(_ list: String, owner: String, default initial: String = "'{}'::text[]") -> String {
        "case when \(list) is not null then nullif(\(granted(list, owner: owner)), \(initial)) end as grants"
    }

    /// What an access list grants to others than the owner.
    static func granted(_ list: String, owner: String) -> String {
        """
        coalesce((select array_agg(g.role || ': ' || g.rights order by g.role collate "C") from (
          select e.role, string_agg(e.privilege_type || case when e.grantable then ' WITH GRANT OPTION' else '' end,
            ', ' order by e.privilege_type collate "C") as rights
          from (
            select case when x.grantee = 0 then 'PUBLIC' else \(quoted("pg_get_userbyid(x.grantee)")) end as role,
              x.privilege_type, bool_or(x.is_grantable) as grantable
            from aclexplode(\(list)) x where x.grantee <> \(owner) group by x.grantee, x.privilege_type
          ) e group by e.role
        ) g), '{}'::text[])
        """
    }

    /// Settings such as `fillfactor=70`, sorted.
    static func sorted(_ list: String, as name: String = "options") -> String {
        "(select array_agg(o order by o collate \"C\") from unnest(\(list)) o) as \(name)"
    }
}
