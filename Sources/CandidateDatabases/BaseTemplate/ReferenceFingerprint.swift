public import PostgresClient

/// A digest of what a reference database holds: two databases with the same fingerprint give the same candidates.
///
/// It is taken over the catalogs of everything but the system's own schemas, without ids, sizes or statistics, so that a
/// dump restored elsewhere has the same. Rows are not part of it: a reference is structure only.
public enum ReferenceFingerprint {
    /// The digest, 32 hexadecimal digits.
    public static func read(_ connection: PostgresConnection, deadline: Duration) async throws -> String {
        try await connection.query(statement, deadline: deadline).single().string("fingerprint")
    }

    static let statement = """
        with schemas as (
          select oid, nspname from pg_namespace
          where nspname <> 'information_schema' and not starts_with(nspname, 'pg_')
        ), facts(fact) as (
          select 'schema ' || nspname from schemas
          union all
          select format('extension %s %s', extname, extversion) from pg_extension
          union all
          select format('relation %s.%s %s %s', n.nspname, c.relname, c.relkind,
            case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end)
          from pg_class c join schemas n on n.oid = c.relnamespace
          union all
          select format('column %s.%s.%s %s %s %s %s', n.nspname, c.relname, a.attname, a.attnum,
            format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid))
          from pg_attribute a join pg_class c on c.oid = a.attrelid join schemas n on n.oid = c.relnamespace
          left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
          where a.attnum > 0 and not a.attisdropped
          union all
          select format('constraint %s.%s %s', n.nspname, k.conname, pg_get_constraintdef(k.oid))
          from pg_constraint k join schemas n on n.oid = k.connamespace
          union all
          select format('index %s', pg_get_indexdef(i.indexrelid))
          from pg_index i join pg_class c on c.oid = i.indexrelid join schemas n on n.oid = c.relnamespace
          union all
          select format('routine %s.%s(%s) %s', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid),
            case when p.prokind in ('f', 'p') then pg_get_functiondef(p.oid) end)
          from pg_proc p join schemas n on n.oid = p.pronamespace
          union all
          select format('trigger %s', pg_get_triggerdef(t.oid))
          from pg_trigger t join pg_class c on c.oid = t.tgrelid join schemas n on n.oid = c.relnamespace
          where not t.tgisinternal
          union all
          select format('type %s.%s %s %s', n.nspname, t.typname, t.typtype,
            (select string_agg(e.enumlabel, ',' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid))
          from pg_type t join schemas n on n.oid = t.typnamespace
          where t.typtype in ('e', 'd', 'r')
          union all
          select format('comment %s.%s.%s %s', n.nspname, c.relname, d.objsubid, d.description)
          from pg_description d join pg_class c on c.oid = d.objoid and d.classoid = 'pg_class'::regclass
          join schemas n on n.oid = c.relnamespace
        )
        select md5(coalesce(string_agg(fact, chr(10) order by fact collate "C"), '')) as fingerprint from facts
        """
}
