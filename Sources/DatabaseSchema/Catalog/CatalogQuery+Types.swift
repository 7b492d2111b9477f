extension CatalogQuery {
    private static let initialGrants = """
        case when i.initprivs is null then '{}'::text[] else \(granted("i.initprivs", owner: "n.nspowner")) end
        """
    private static let schemaGrants = grants("n.nspacl", owner: "n.nspowner", default: initialGrants)

    /// Grants on the schema `public` that are as PostgreSQL makes them, which differs between its versions, count as none.
    static let schemas = CatalogQuery(
        .schema, takes: .schemas,
        sql: """
            with \(spaces)
            select s.schema as name, \(schemaGrants),
              \(comment("n.oid", in: "pg_namespace"))
            from spaces s join pg_namespace n on n.oid = s.oid
            left join pg_init_privs i on i.objoid = n.oid and i.classoid = 'pg_namespace'::regclass and i.objsubid = 0
            where \(notOwned("n.oid", in: "pg_namespace"))
            """)

    /// Extensions belong to the database; of some schemas only, those whose home is one of them.
    static let extensions = CatalogQuery(
        .extension, takes: .schemas,
        sql: """
            select e.extname::text as name, n.nspname::text as schema, e.extversion as version,
              \(comment("e.oid", in: "pg_extension"))
            from pg_extension e join pg_namespace n on n.oid = e.extnamespace
            where $1::text[] is null or n.nspname::text = any ($1::text[])
            """)

    /// Enums, composite types, ranges, and base types without what they are made of.
    ///
    /// Row types of tables, array types and multiranges come with what they are made for.
    static let types = CatalogQuery(
        .type, takes: .schemas,
        sql: """
            with \(spaces)
            select s.schema, t.typname::text as name,
              case t.typtype when 'e' then 'enum' when 'c' then 'composite' when 'r' then 'range' else 'base' end as type,
              (select array_agg(e.enumlabel::text order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid) as labels,
              (select array_agg(\(quoted("a.attname")) || ' ' || format_type(a.atttypid, a.atttypmod)
                  || case when a.attcollation <> 0 and a.attcollation <> y.typcollation
                     then ' COLLATE ' || \(qualified("a.attcollation", in: "pg_collation", "coll")) else '' end
                  order by a.attnum)
               from pg_attribute a join pg_type y on y.oid = a.atttypid
               where t.typtype = 'c' and a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped) as fields,
              format_type(r.rngsubtype, null) as subtype,
              \(qualified("r.rngsubopc", in: "pg_opclass", "opc")) as "operatorClass",
              case when r.rngcollation <> 0 then \(qualified("r.rngcollation", in: "pg_collation", "coll")) end as collation,
              case when r.rngcanonical <> 0 then \(qualified("r.rngcanonical::oid", in: "pg_proc", "pro")) end
                as "canonicalFunction",
              case when r.rngsubdiff <> 0 then \(qualified("r.rngsubdiff::oid", in: "pg_proc", "pro")) end
                as "differenceFunction",
              \(grants("t.typacl", owner: "t.typowner", default: "array['PUBLIC: USAGE']")),
              \(comment("t.oid", in: "pg_type"))
            from pg_type t join spaces s on s.oid = t.typnamespace
            left join pg_range r on r.rngtypid = t.oid
            where t.typtype in ('e', 'c', 'r', 'b')
              and (t.typrelid = 0 or (select c.relkind = 'c' from pg_class c where c.oid = t.typrelid))
              and not exists (select from pg_type e where e.typarray = t.oid) and \(notOwned("t.oid", in: "pg_type"))
            """)

    /// Names of NOT NULL constraints, which newer versions give, say nothing more.
    static let domains = CatalogQuery(
        .type, takes: .schemas,
        sql: """
            with \(spaces)
            select s.schema, t.typname::text as name, 'domain' as type, format_type(t.typbasetype, t.typtypmod) as base,
              t.typnotnull as "notNull", t.typdefault as "default",
              case when t.typcollation <> 0 and t.typcollation <> b.typcollation
                then \(qualified("t.typcollation", in: "pg_collation", "coll")) end as collation,
              (select array_agg(\(quoted("k.conname")) || ' ' || pg_get_constraintdef(k.oid) order by k.conname)
               from pg_constraint k where k.contypid = t.oid and k.contype = 'c') as constraints,
              \(grants("t.typacl", owner: "t.typowner", default: "array['PUBLIC: USAGE']")),
              \(comment("t.oid", in: "pg_type"))
            from pg_type t join spaces s on s.oid = t.typnamespace join pg_type b on b.oid = t.typbasetype
            where t.typtype = 'd' and \(notOwned("t.oid", in: "pg_type"))
            """)
}
