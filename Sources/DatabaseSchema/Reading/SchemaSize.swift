import Diagnostics
import PostgresClient

/// How much there is to read, found out before it is read, and by what server.
struct SchemaSize {
    let serverVersion: String
    let serverVersionNumber: Int
    let objects: Int
    let bytes: Int

    /// The settings for the transaction, so that texts come out the same whatever the session or the database has set, and
    /// the question.
    static func statements(_ options: SchemaReadingOptions) -> [PostgresStatement] {
        [PostgresStatement(settings), PostgresStatement(measure, [options.schemas])]
    }

    init(_ results: [PostgresRows]) throws {
        guard let row = results.last?.first else {
            throw SluiceError("schema.unreadable", .transient, "the size of the schema could not be read")
        }
        serverVersion = try row.string("version")
        serverVersionNumber = try row.int("number")
        objects = try row.int("objects")
        bytes = try row.int("bytes")
    }

    func check(_ options: SchemaReadingOptions) throws {
        guard serverVersionNumber >= 130_000 else {
            throw SluiceError(
                "schema.server-too-old", .stalled, "the schema of PostgreSQL \(serverVersion) cannot be read",
                hint: "version 13 is the oldest that can")
        }
        guard objects <= options.maximumObjects else {
            throw SluiceError(
                "schema.too-many-objects", .stalled,
                "the database has \(objects) objects in its schemas, and at most \(options.maximumObjects) are read",
                hint: "name the schemas to read")
        }
        guard bytes <= options.maximumBytes else {
            throw SluiceError(
                "schema.too-much-text", .stalled,
                "routines, views, defaults and comments of the database have \(bytes) bytes, and at most "
                    + "\(options.maximumBytes) are read",
                hint: "name the schemas to read")
        }
    }

    private static let settings = """
        select set_config('search_path', 'pg_catalog, pg_temp', true), set_config('quote_all_identifiers', 'off', true),
          set_config('standard_conforming_strings', 'on', true), set_config('DateStyle', 'ISO, YMD', true),
          set_config('IntervalStyle', 'postgres', true), set_config('TimeZone', 'UTC', true),
          set_config('extra_float_digits', '1', true), set_config('bytea_output', 'hex', true)
        """

    /// Texts that the server compresses are counted as they are stored where counting their letters would unpack them.
    private static let measure = """
        with spaces as (
          select oid from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
            and ($1::text[] is null or nspname::text = any ($1::text[]))
        ), relations as (select c.oid, c.relnatts from pg_class c join spaces s on s.oid = c.relnamespace)
        select current_setting('server_version_num')::int4 as number,
          split_part(current_setting('server_version'), ' ', 1) as version,
          (select count(*) + coalesce(sum(c.relnatts), 0) from relations c)
            + (select count(*) from pg_constraint k join relations c on c.oid = k.conrelid)
            + (select count(*) from pg_trigger t join relations c on c.oid = t.tgrelid)
            + (select count(*) from pg_policy p join relations c on c.oid = p.polrelid)
            + (select count(*) from pg_proc p join spaces s on s.oid = p.pronamespace)
            + (select count(*) from pg_type t join spaces s on s.oid = t.typnamespace)
            + (select count(*) from pg_enum e join pg_type t on t.oid = e.enumtypid
               join spaces s on s.oid = t.typnamespace) as objects,
          coalesce((select sum(octet_length(p.prosrc)) from pg_proc p join spaces s on s.oid = p.pronamespace), 0)
            + coalesce((select sum(pg_column_size(r.ev_action) + pg_column_size(r.ev_qual))
               from pg_rewrite r join relations c on c.oid = r.ev_class), 0)
            + coalesce((select sum(pg_column_size(d.adbin)) from pg_attrdef d join relations c on c.oid = d.adrelid), 0)
            + coalesce((select sum(pg_column_size(k.conbin)) from pg_constraint k join relations c on c.oid = k.conrelid), 0)
            + coalesce((select sum(octet_length(d.description)) from pg_description d where d.objoid >= 16384), 0) as bytes
        """
}
