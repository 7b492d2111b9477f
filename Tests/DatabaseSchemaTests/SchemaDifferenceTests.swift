import DatabaseSchema
import Foundation
import Testing

struct SchemaDifferenceTests {
    private func table(_ name: String, _ columns: [String]) -> [SchemaObject] {
        [SchemaObject(.table, SchemaName(["public", name]), [.columns: .list(columns)])]
            + columns.map { column(name, $0) }
    }

    private func column(
        _ table: String, _ name: String, _ attributes: [SchemaAttribute: SchemaValue] = [.type: .text("integer")]
    ) -> SchemaObject {
        SchemaObject(.column, SchemaName(["public", table, name]), attributes)
    }

    private func index(_ table: String, _ name: String, on column: String) -> SchemaObject {
        SchemaObject(
            .index, SchemaName(["public", table, name]),
            [.definition: .text("CREATE INDEX \(name) ON public.\(table) USING btree (\(column))")])
    }

    private func difference(
        _ before: [SchemaObject], _ after: [SchemaObject], versions: (String, String) = ("15.1", "15.2")
    ) -> SchemaDifference {
        SchemaDifference(
            from: SchemaSnapshot(serverVersion: versions.0, objects: before),
            to: SchemaSnapshot(serverVersion: versions.1, objects: after))
    }

    @Test("Nothing differs between a schema and itself, in whatever order its objects come")
    func equal() {
        let objects = table("land", ["id", "name"]) + table("owner", ["id"])
        #expect(difference(objects, objects.reversed()).isEmpty)
        #expect(SchemaSummary(difference(objects, objects)).description == "no changes")
    }

    @Test("Added, changed and removed objects are told with their attributes, by kind and name")
    func kinds() {
        let before = table("land", ["id", "area"]) + [index("land", "land_area", on: "area")]
        let after =
            [SchemaObject(.table, SchemaName(["public", "land"]), [.columns: .list(["id", "area", "name"])])]
            + [
                column("land", "id"), column("land", "area", [.type: .text("bigint"), .notNull: .flag]),
                column("land", "name"),
            ]
        let found = difference(before, after)
        #expect(SchemaSummary(found).description == "+1 column, ~1 column, -1 index")
        #expect(
            found.lines() == [
                "~ column public.land.area: type: integer → bigint", "~ column public.land.area: notNull: none → yes",
                "+ column public.land.name: integer", "- index public.land.land_area",
            ])
    }

    @Test("Parts of a table that comes or goes are listed and not counted")
    func parts() {
        let land = table("land", ["name", "id"]) + [index("land", "land_id", on: "id")]
        let added = difference([], land)
        #expect(SchemaSummary(added).description == "+1 table")
        #expect(added.changes.count == 4)
        #expect(
            added.lines() == [
                "+ table public.land", "  + column name: integer", "  + column id: integer",
                "  + index land_id: CREATE INDEX land_id ON public.land USING btree (id)",
            ])
        let removed = difference(land, [])
        #expect(SchemaSummary(removed).description == "-1 table")
        #expect(removed.lines() == ["- table public.land"])
    }

    @Test("Columns in another order are told, and a column more is told once")
    func order() {
        #expect(
            difference(table("t", ["a", "b"]), table("t", ["b", "a"])).lines()
                == ["~ table public.t: columns: [a; b] → [b; a]"])
        #expect(
            difference(table("t", ["a", "b"]), table("t", ["a", "b", "c"])).lines() == ["+ column public.t.c: integer"])
        #expect(difference(table("t", ["a", "b"]), table("t", ["b"])).lines() == ["- column public.t.a"])
    }

    @Test("What is alike but for its name may have been renamed, when nothing else is like it")
    func renames() {
        func hints(_ before: [SchemaObject], _ after: [SchemaObject]) -> [String] {
            difference(before, after).lines().filter { $0.hasPrefix("?") }
        }
        #expect(
            hints(table("land", ["id", "name"]), table("parcel", ["id", "name"]))
                == ["? table public.land may have been renamed to public.parcel"])
        #expect(hints(table("land", ["id", "name"]), table("parcel", ["id", "title"])) == [])
        #expect(hints(table("a", ["id"]) + table("b", ["id"]), table("c", ["id"])) == [])
        let land = table("land", ["id"])
        #expect(
            hints(land + [index("land", "one", on: "id")], land + [index("land", "two", on: "id")])
                == ["? index public.land.one may have been renamed to public.land.two"])
        #expect(hints(land + [index("land", "one", on: "id")], land + [index("land", "two", on: "x")]) == [])
    }

    @Test("Servers of one version are compared to the letter, those of two in the canonical form")
    func versions() {
        func view(_ definition: String) -> [SchemaObject] {
            [SchemaObject(.view, SchemaName(["public", "v"]), [.definition: .text(definition)])]
        }
        let (old, new) = (view("SELECT t.id FROM t"), view("SELECT id FROM t"))
        #expect(difference(old, new, versions: ("15.1", "16.2")).isEmpty)
        #expect(!difference(old, new, versions: ("15.1", "15.2")).isEmpty)
        #expect(!difference(old, view("SELECT x FROM t"), versions: ("15.1", "16.2")).isEmpty)
    }

    @Test("A routine's body is told as text where there is one, and otherwise by its digest")
    func bodies() {
        func routine(_ body: String?, _ digest: String) -> [SchemaObject] {
            [
                SchemaObject(
                    .function, SchemaName(["public", "f", "integer"]),
                    [.body: body.map { .text($0) }, .bodyDigest: .text(digest)].compactMapValues { $0 })
            ]
        }
        let name = "~ function public.f(integer): "
        #expect(difference(routine("one", "1"), routine("two", "2")).lines() == [name + "body: one → two"])
        #expect(difference(routine("one", "1"), routine(nil, "2")).lines() == [name + "bodyDigest: 1 → 2"])
        #expect(difference(routine("one", "1"), routine(nil, "1")).isEmpty)
        #expect(difference(routine("one", "1"), routine(nil, "1"), versions: ("15", "16")).isEmpty)
    }

    @Test("Of many lines the first are shown, with how many there are more")
    func limit() {
        let lines = difference([], table("t", (0..<20).map { "c\($0)" })).lines(limit: 5)
        #expect(lines.count == 5)
        #expect(lines.last == "… and 17 more lines")
    }

    @Test("A difference survives its way through JSON")
    func json() throws {
        let found = difference(table("land", ["id"]), table("parcel", ["id"]) + table("more", ["a", "b"]))
        let data = try JSONEncoder().encode(found)
        #expect(try JSONDecoder().decode(SchemaDifference.self, from: data) == found)
    }

    @Test(
        "A file that is no snapshot is refused with what is wrong and where",
        arguments: [
            ("", "it"), ("{}", "\"format\" is missing"),
            (#"{"format": 2}"#, "the format is 2, and only 1 is known at format"),
            (#"{"format": 1, "serverVersion": "15", "objects": [{"kind": "duck"}]}"#, "objects[0].kind"),
            (
                #"{"format": 1, "serverVersion": "15", "objects": [{"kind": "schema", "name": "a", "colour": "b"}]}"#,
                "objects[0].colour"
            ),
            (
                #"{"format": 1, "serverVersion": "15", "objects": [{"kind": "schema", "name": "a", "comment": 1}]}"#,
                "a value is a string, an array of strings, or true at objects[0].comment"
            ),
        ])
    func unreadable(_ json: String, _ words: String) {
        let error = #expect(throws: (any Error).self) { try SchemaSnapshot(json: Array(json.utf8), file: "old.json") }
        #expect("\(error.map(String.init(describing:)) ?? "")".contains(words))
        #expect("\(error.map(String.init(describing:)) ?? "")".contains("old.json"))
    }
}
