import Diagnostics
import PostgresClient
import Terminal
import Testing

@testable import ChangelogCommands

@Suite("URLs of Java's driver")
struct JDBCURLTests {
    @Test(
        "Each parameter is done in libpq's words",
        arguments: [
            ("//h:1/d", ["host": "h", "port": "1", "dbname": "d"]),
            ("//a,b:2/d", ["host": "a,b", "port": "5432,2", "dbname": "d"]),
            ("//[::1]:5433/d", ["host": "::1", "port": "5433", "dbname": "d"]),
            ("d", ["host": "localhost", "port": "5432", "dbname": "d"]),
            ("/", ["host": "localhost", "port": "5432"]),
            (
                "//h/d?user=u&password=p%26%2B%25",
                [
                    "host": "h", "port": "5432", "dbname": "d", "user": "u", "password": "p&+%",
                ]
            ),
            (
                "//h/d?currentSchema=a,%22b+c%22",
                [
                    "host": "h", "port": "5432", "dbname": "d", "options": "-c search_path=a,\"b\\ c\"",
                ]
            ),
            (
                "//h/d?options=-c%20work_mem=1MB&currentSchema=s",
                [
                    "host": "h", "port": "5432", "dbname": "d", "options": "-c work_mem=1MB -c search_path=s",
                ]
            ),
            ("//h/d?ssl=true", ["host": "h", "port": "5432", "dbname": "d", "sslmode": "verify-full"]),
            ("//h/d?ssl=true&sslmode=require", ["host": "h", "port": "5432", "dbname": "d", "sslmode": "require"]),
            (
                "//h/d?ssl=true&sslfactory=org.postgresql.ssl.NonValidatingFactory",
                [
                    "host": "h", "port": "5432", "dbname": "d", "sslmode": "require",
                ]
            ),
            (
                "//h/d?ApplicationName=x&connectTimeout=3&tcpKeepAlive=true&stringtype=unspecified",
                [
                    "host": "h", "port": "5432", "dbname": "d", "application_name": "x", "connect_timeout": "3",
                    "keepalives": "1",
                ]
            ),
            (
                "//h/d?targetServerType=primary",
                [
                    "host": "h", "port": "5432", "dbname": "d", "target_session_attrs": "primary",
                ]
            ),
        ])
    func parameters(url: String, keywords: [String: String]) throws {
        #expect(try JDBCURL(Secret("jdbc:postgresql:" + url)).keywords == keywords)
    }

    @Test("What libpq reads is what was meant, quotes and backslashes too")
    func quoting() throws {
        let url = try JDBCURL(Secret(#"jdbc:postgresql://h/d?user=o'neil&password=a\b'c%20d"#))
        let configuration = try PostgresConfiguration(uri: url.connectionString)
        #expect(configuration.user == "o'neil" && configuration.password == Secret(#"a\b'c d"#))
    }

    @Test(
        "What cannot be done is refused by its name, and nothing else of the URL is shown",
        arguments: [
            ("jdbc:postgresql://h/d?password=s3cret&socketFactory=x", "socketFactory"),
            ("jdbc:postgresql://h/d?password=s3cret&frob=1", "frob"),
            ("jdbc:postgresql://h/d?password=s3cret&targetServerType=s3cret", "targetServerType"),
            ("jdbc:mysql://u:s3cret@h/d", "PostgreSQL"), ("offline:postgresql?password=s3cret", "PostgreSQL"),
        ])
    func refusals(url: String, name: String) throws {
        let failure = try #require(throws: CommandFailure.self) { try JDBCURL(Secret(url)) }
        #expect(failure.status == .notFound && failure.message.contains(name) && !failure.text.contains("s3cret"))
    }
}
