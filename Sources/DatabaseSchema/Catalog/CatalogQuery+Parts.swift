extension CatalogQuery {
    /// What is cloned to a partition by its parent's foreign key, and what newer versions write down for NOT NULL, is left
    /// out: the first follows from the parent, the second from the column.
    static let constraints = CatalogQuery(
        .constraint,
        sql: """
            with \(relations)
            select c.schema, c.relation, k.conname::text as name,
              case k.contype when 'p' then 'primary key' when 'u' then 'unique' when 'f' then 'foreign key'
                when 'c' then 'check' when 'x' then 'exclusion' else k.contype::text end as type,
              pg_get_constraintdef(k.oid) as definition, not k.convalidated as "notValidated",
              i.indisclustered as clustered, not i.indisvalid as invalid, \(sorted("x.reloptions")),
              \(comment("k.oid", in: "pg_constraint"))
            from relations c join pg_constraint k on k.conrelid = c.oid
            left join pg_index i on i.indexrelid = k.conindid and k.contype in ('p', 'u', 'x')
            left join pg_class x on x.oid = i.indexrelid
            where k.contype not in ('n', 't') and not (k.contype = 'f' and k.conparentid <> 0)
            """)

    /// Indexes that make no constraint work.
    static let indexes = CatalogQuery(
        .index,
        sql: """
            with \(relations)
            select c.schema, c.relation, x.relname::text as name, pg_get_indexdef(i.indexrelid) as definition,
              i.indisunique as unique, not (i.indisvalid and i.indisready and i.indislive) as invalid,
              i.indisclustered as clustered, \(comment("x.oid", in: "pg_class"))
            from relations c join pg_index i on i.indrelid = c.oid join pg_class x on x.oid = i.indexrelid
            where not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
            """)

    static let statistics = CatalogQuery(
        .statistics, takes: .schemas,
        sql: """
            with \(spaces)
            select s.schema, e.stxname::text as name, pg_get_statisticsobjdef(e.oid) as definition,
              \(comment("e.oid", in: "pg_statistic_ext"))
            from pg_statistic_ext e join spaces s on s.oid = e.stxnamespace
            where \(notOwned("e.oid", in: "pg_statistic_ext"))
            """)

    static let rules = CatalogQuery(
        .rule,
        sql: """
            with \(relations)
            select c.schema, c.relation, r.rulename::text as name, pg_get_ruledef(r.oid) as definition,
              \(firing("r.ev_enabled")), \(comment("r.oid", in: "pg_rewrite"))
            from relations c join pg_rewrite r on r.ev_class = c.oid
            where not (r.rulename = '_RETURN' and c.relkind in ('v', 'm'))
            """)

    /// Without those that a partition has from its parent.
    static let triggers = CatalogQuery(
        .trigger,
        sql: """
            with \(relations)
            select c.schema, c.relation, t.tgname::text as name, pg_get_triggerdef(t.oid) as definition,
              \(firing("t.tgenabled")), \(comment("t.oid", in: "pg_trigger"))
            from relations c join pg_trigger t on t.tgrelid = c.oid
            where not t.tgisinternal and t.tgparentid = 0
            """)

    static let policies = CatalogQuery(
        .policy,
        sql: """
            with \(relations)
            select c.schema, c.relation, p.polname::text as name, not p.polpermissive as restrictive,
              case p.polcmd when 'r' then 'SELECT' when 'a' then 'INSERT' when 'w' then 'UPDATE' when 'd' then 'DELETE'
                else 'ALL' end as command,
              (select array_agg(role order by role collate "C") from (
                select case when o = 0 then 'PUBLIC' else \(quoted("pg_get_userbyid(o)")) end as role
                from unnest(p.polroles) o) r) as roles,
              pg_get_expr(p.polqual, p.polrelid) as using, pg_get_expr(p.polwithcheck, p.polrelid) as check,
              \(comment("p.oid", in: "pg_policy"))
            from relations c join pg_policy p on p.polrelid = c.oid
            """)

    static func firing(_ state: String) -> String {
        "case \(state) when 'D' then 'disabled' when 'R' then 'on replicas' when 'A' then 'always' end as firing"
    }
}
