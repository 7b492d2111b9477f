extension CatalogQuery {
    static let parameterTypes = """
        (select coalesce(string_agg(format_type(t.type, null), ', ' order by t.place), '')
         from unnest(p.proargtypes) with ordinality t(type, place))
        """

    /// Without the constructors that come with a range type.
    static func routines(_ serverVersion: Int) -> CatalogQuery {
        let body = serverVersion >= 140_000 ? "coalesce(pg_get_function_sqlbody(p.oid), p.prosrc)" : "p.prosrc"
        let isParsed = serverVersion >= 140_000 ? "p.prosqlbody is not null" : "false"
        return CatalogQuery(
            takes: .bodies,
            sql: """
                with \(spaces), routines as (
                  select p.*, s.schema, \(body) as text, \(isParsed) as parsed
                  from pg_proc p join spaces s on s.oid = p.pronamespace
                  where p.prokind <> 'a' and \(notOwned("p.oid", in: "pg_proc"))
                    and not exists (select from pg_depend d
                      where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'i')
                )
                select case p.prokind when 'p' then 'procedure' else 'function' end as kind, p.schema,
                  p.proname::text as name, \(parameterTypes) as parameters,
                  pg_get_function_arguments(p.oid) as arguments, pg_get_function_result(p.oid) as result,
                  (select l.lanname::text from pg_language l where l.oid = p.prolang) as language,
                  case p.provolatile when 'i' then 'immutable' when 's' then 'stable' when 'v' then 'volatile' end
                    as volatility,
                  p.prosecdef as "securityDefiner", p.proisstrict as strict, p.proleakproof as leakproof,
                  case p.proparallel when 's' then 'safe' when 'r' then 'restricted' end as parallel,
                  case when p.prokind <> 'p' then nullif(p.procost, 100) end as cost,
                  case when p.proretset then nullif(p.prorows, 1000) end as rows, p.prokind = 'w' as window,
                  \(sorted("p.proconfig", as: "settings")),
                  case when p.prosupport <> 0 then \(qualified("p.prosupport::oid", in: "pg_proc", "pro")) end as support,
                  case when p.parsed then p.text end as definition,
                  case when not p.parsed and octet_length(p.text) <= $2::int8 then p.text end as body,
                  case when not p.parsed then encode(sha256(convert_to(p.text, 'UTF8')), 'hex') end as "bodyDigest",
                  p.probin as library, \(grants("p.proacl", owner: "p.proowner", default: "array['PUBLIC: EXECUTE']")),
                  \(comment("p.oid", in: "pg_proc"))
                from routines p
                """)
    }

    static let aggregates = CatalogQuery(
        .aggregate, takes: .schemas,
        sql: """
            with \(spaces)
            select s.schema, p.proname::text as name, \(parameterTypes) as parameters,
              pg_get_function_arguments(p.oid) as arguments, format_type(p.prorettype, null) as result,
              case p.proparallel when 's' then 'safe' when 'r' then 'restricted' end as parallel,
              case p.provolatile when 's' then 'stable' when 'v' then 'volatile' end as volatility,
              \(function("a.aggtransfn")) as "stateFunction", format_type(a.aggtranstype, null) as "stateType",
              \(function("a.aggfinalfn")) as "finalFunction", \(function("a.aggcombinefn")) as "combineFunction",
              a.agginitval as "initialValue",
              case a.aggkind when 'o' then 'ordered set' when 'h' then 'hypothetical set' end as "aggregateKind",
              (select \(quoted("n.nspname")) || '.' || x.oprname from pg_operator x
               join pg_namespace n on n.oid = x.oprnamespace where x.oid = a.aggsortop) as "sortOperator",
              \(grants("p.proacl", owner: "p.proowner", default: "array['PUBLIC: EXECUTE']")),
              \(comment("p.oid", in: "pg_proc"))
            from pg_proc p join spaces s on s.oid = p.pronamespace join pg_aggregate a on a.aggfnoid = p.oid
            where \(notOwned("p.oid", in: "pg_proc"))
            """)

    static let eventTriggers = CatalogQuery(
        .eventTrigger, takes: .schemas,
        sql: """
            with \(spaces)
            select e.evtname::text as name, e.evtevent::text as event, \(sorted("e.evttags", as: "tags")),
              \(qualified("e.evtfoid", in: "pg_proc", "pro")) as function, \(firing("e.evtenabled")),
              \(comment("e.oid", in: "pg_event_trigger"))
            from pg_event_trigger e where $1::text[] is null and \(notOwned("e.oid", in: "pg_event_trigger"))
            """)

    private static func function(_ id: String) -> String {
        "case when \(id) <> 0 then \(qualified("\(id)::oid", in: "pg_proc", "pro")) end"
    }
}
