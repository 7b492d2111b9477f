extension CatalogQuery {
    static let columnNames = """
        (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
        """

    static let tables = CatalogQuery(
        .table,
        sql: """
            with \(relations)
            select c.schema, c.relation as name, \(columnNames),
              case c.relpersistence when 'u' then 'unlogged' when 't' then 'temporary' end as persistence,
              case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end as "partitionKey",
              pg_get_expr(c.relpartbound, c.oid) as "partitionBound",
              (select array_agg(\(qualified("i.inhparent", in: "pg_class", "rel")) order by i.inhseqno)
               from pg_inherits i where i.inhrelid = c.oid) as inherits,
              case when c.reloftype <> 0 then format_type(c.reloftype, null) end as "ofType",
              (select nullif(m.amname::text, 'heap') from pg_am m where m.oid = c.relam) as "accessMethod",
              case c.relreplident when 'n' then 'nothing' when 'f' then 'full' when 'i' then 'index ' || (
                select \(quoted("x.relname")) from pg_index i join pg_class x on x.oid = i.indexrelid
                where i.indrelid = c.oid and i.indisreplident) end as "replicaIdentity",
              f.server as "foreignServer", c.relrowsecurity as "rowSecurity", c.relforcerowsecurity as "forcedRowSecurity",
              \(sorted("c.reloptions || f.ftoptions")),
              \(grants("c.relacl", owner: "c.relowner")), \(comment("c.oid", in: "pg_class"))
            from relations c
            left join lateral (
              select s.srvname::text as server, t.ftoptions
              from pg_foreign_table t join pg_foreign_server s on s.oid = t.ftserver where t.ftrelid = c.oid
            ) f on c.relkind = 'f'
            where c.relkind in ('r', 'p', 'f')
            """)

    static let views = CatalogQuery(
        sql: """
            with \(relations)
            select case c.relkind when 'v' then 'view' else 'materialized view' end as kind, c.schema, c.relation as name,
              \(columnNames), pg_get_viewdef(c.oid) as definition, \(sorted("c.reloptions")),
              (select nullif(m.amname::text, 'heap') from pg_am m where m.oid = c.relam) as "accessMethod",
              \(grants("c.relacl", owner: "c.relowner")), \(comment("c.oid", in: "pg_class"))
            from relations c where c.relkind in ('v', 'm')
            """)

    static func columns(_ serverVersion: Int) -> CatalogQuery {
        let compression =
            serverVersion >= 140_000
            ? "case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end" : "null::text"
        return CatalogQuery(
            .column,
            sql: """
                with \(relations)
                select c.schema, c.relation, a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type,
                  a.attnotnull as "notNull",
                  a.attnotnull and exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'n'
                    and k.conkey[1] = a.attnum and not k.convalidated) as "notNullNotValidated",
                  case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end as "default",
                  case when a.attgenerated <> '' then pg_get_expr(d.adbin, d.adrelid) end as generated,
                  case a.attgenerated when 's' then 'stored' when 'v' then 'virtual' end as generation,
                  case a.attidentity when 'a' then 'always' when 'd' then 'by default' end as identity,
                  case when a.attcollation <> 0 and a.attcollation <> y.typcollation
                    then \(qualified("a.attcollation", in: "pg_collation", "coll")) end as collation,
                  case when a.attstorage <> y.typstorage and c.relkind <> 'v' then
                    case a.attstorage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main'
                      when 'x' then 'extended' end end as storage,
                  \(compression) as compression, case when a.attstattarget >= 0 then a.attstattarget end as "statisticsTarget",
                  \(sorted("a.attoptions || a.attfdwoptions")),
                  \(grants("a.attacl", owner: "c.relowner")), \(comment("c.oid", in: "pg_class", part: "a.attnum"))
                from relations c
                join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                join pg_type y on y.oid = a.atttypid
                left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
                where c.relkind <> 'S'
                """)
    }

    static let sequences = CatalogQuery(
        .sequence,
        sql: """
            with \(relations)
            select c.schema, c.relation as name, format_type(s.seqtypid, null) as type, s.seqstart as start,
              s.seqmin as minimum, s.seqmax as maximum, s.seqincrement as increment, s.seqcache as cache, s.seqcycle as cycle,
              case c.relpersistence when 'u' then 'unlogged' when 't' then 'temporary' end as persistence,
              (select \(qualified("d.refobjid", in: "pg_class", "rel")) || '.' || \(quoted("a.attname"))
               from pg_depend d join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
               where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass
                 and d.deptype in ('a', 'i') limit 1) as "ownedBy",
              \(grants("c.relacl", owner: "c.relowner")), \(comment("c.oid", in: "pg_class"))
            from relations c join pg_sequence s on s.seqrelid = c.oid
            """)
}
