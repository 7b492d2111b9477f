import DesiredState
import PostgresClient

extension CandidateServer {
    /// What lets the owner role work in a clone of the reference, and the reader role read all that comes to be there.
    ///
    /// Routines that would run with a superuser's rights are given to the owner role: such a routine opens whatever file
    /// it is told to, and with a function of a changelog's on its search path it does whatever it is told to. Those that
    /// extensions brought are made for strangers and stay as they are.
    var openingStatement: String {
        get throws {
            let (owner, reader) = (try SQL.literal(names.owner), try SQL.literal(readerRole))
            return """
                DO $sluice$
                DECLARE part text;
                BEGIN
                  FOR part IN SELECT quote_ident(nspname) FROM pg_namespace
                    WHERE nspname <> 'information_schema' AND NOT starts_with(nspname, 'pg_')
                  LOOP
                    EXECUTE format('GRANT ALL ON SCHEMA %s TO %I', part, \(owner));
                    EXECUTE format('GRANT ALL ON ALL TABLES IN SCHEMA %s TO %I', part, \(owner));
                    EXECUTE format('GRANT ALL ON ALL SEQUENCES IN SCHEMA %s TO %I', part, \(owner));
                    EXECUTE format('GRANT EXECUTE ON ALL ROUTINES IN SCHEMA %s TO %I', part, \(owner));
                    EXECUTE format('GRANT USAGE ON SCHEMA %s TO %I', part, \(reader));
                    EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA %s TO %I', part, \(reader));
                  END LOOP;
                  FOR part IN SELECT p.oid::regprocedure::text FROM pg_proc p
                    JOIN pg_namespace n ON n.oid = p.pronamespace
                    JOIN pg_roles r ON r.oid = p.proowner
                    WHERE p.prosecdef AND r.rolsuper AND current_setting('is_superuser') = 'on'
                      AND n.nspname <> 'information_schema' AND NOT starts_with(n.nspname, 'pg_')
                      AND NOT EXISTS (SELECT FROM pg_depend d
                        WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
                  LOOP
                    EXECUTE format('ALTER ROUTINE %s OWNER TO %I', part, \(owner));
                  END LOOP;
                  EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE %I GRANT USAGE ON SCHEMAS TO %I', \(owner), \(reader));
                  EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE %I GRANT SELECT ON TABLES TO %I', \(owner), \(reader));
                END
                $sluice$
                """
        }
    }

    /// Temporary files are not part of a database's size: the server itself must bound them. Only a superuser may say so.
    func limitingTemporaryFiles(of login: String) throws -> String {
        let kilobytes = max(1, spec.limits.maxSize / 1024)
        let setting = "ALTER ROLE \(try SQL.identifier(login)) SET temp_file_limit = '\(kilobytes)kB'"
        return """
            DO $sluice$ BEGIN
              IF current_setting('is_superuser') = 'on' THEN \(setting); END IF;
            END $sluice$
            """
    }
}
