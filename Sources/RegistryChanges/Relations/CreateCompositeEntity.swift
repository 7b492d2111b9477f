import Changelog
import Diagnostics

/// `createCompositeEntity`: tables that services write together, in the order of their references.
struct CreateCompositeEntity: Change {
    static let name = "createCompositeEntity"

    private struct Link {
        var column: String
        var entity: String
    }

    private struct Entity {
        var name: String?
        var table: String
        var links: [Link]
        var location: SourceLocation
    }

    private var composite: String
    private var entities: [Entity] = []

    init(from decoder: inout ChangeDecoder) {
        composite = decoder.requiredValue("name")
        var records: [ChangeRecord] = []
        for node in decoder.elements("nestedEntity") {
            let (entity, record) = decoder.nested(node) { Self.entity(&$0) }
            entities.append(entity)
            records.append(record)
        }
        decoder.record("nestedEntities", .list(records))
        check(&decoder)
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        entities.flatMap { entity in
            entity.links.map { MetadataSQL.insert("nested", composite, entity.table, $0.column) }
        }
    }

    private static func entity(_ decoder: inout ChangeDecoder) -> Entity {
        let table = decoder.requiredValue("table")
        let name = decoder.string("name")
        var links: [Link] = []
        var records: [ChangeRecord] = []
        for node in decoder.elements("link") {
            let (link, record) = decoder.nested(node) { decoder in
                Link(column: decoder.requiredValue("column"), entity: decoder.required("entity"))
            }
            links.append(link)
            records.append(record)
        }
        decoder.record("linkConfigs", .list(records))
        return Entity(name: name, table: table, links: links, location: decoder.node.location)
    }

    /// Every table is the changelog's own, and every link follows a foreign key of it.
    private func check(_ decoder: inout ChangeDecoder) {
        let tables = decoder.tables
        let named = Dictionary(entities.compactMap { entity in entity.name.map { ($0, entity.table) } }) { $1 }
        for entity in entities {
            guard tables.creates(entity.table) else {
                decoder.report("the changelog does not create the table \(entity.table)", at: entity.location)
                continue
            }
            let columns = Dictionary(tables.columns(of: entity.table).map { ($0.name, $0) }) { first, _ in first }
            for link in entity.links {
                guard let target = named[link.entity] else {
                    decoder.report("no nested entity has the name '\(link.entity)'", at: entity.location)
                    continue
                }
                let column = columns[link.column]
                guard column?.foreignKeyName == nil || column?.referencedTable != target else { continue }
                decoder.report(
                    "the column '\(link.column)' of \(entity.table) has no foreign key to \(target)",
                    at: entity.location, hint: "foreignKeyName and referencedTableName in its createTable")
            }
        }
    }
}
