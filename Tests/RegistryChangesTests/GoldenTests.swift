import Changelog
import Foundation
import Testing

/// What the platform's own tool sends for the changes of a real regulation, beside what is sent here.
///
/// The golden texts lie beside the repository, or where `SLUICE_CORPUS` says; without them there is nothing to compare.
@Suite struct GoldenTests {
    private static let corpus: String? = {
        let beside = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "shared/corpus").path
        let given = ProcessInfo.processInfo.environment["SLUICE_CORPUS"].map { "\($0)/.." }
        return [given, beside].compactMap(\.self).first {
            FileManager.default.fileExists(atPath: "\($0)/registry/golden")
        }
    }()

    /// The statements of each changeset, by its id.
    private static func golden(_ name: String) throws -> [String: [String]] {
        guard let corpus else { return [:] }
        let text = try String(contentsOfFile: "\(corpus)/registry/golden/\(name)/update.sql", encoding: .utf8)
        var statements: [String: [String]] = [:]
        var id = ""
        for line in text.split(separator: "\n") {
            if line.hasPrefix("-- Changeset ") {
                id = line.split(separator: "::").dropFirst().first.map(String.init) ?? ""
            } else if line.contains("INTO public.ddm_db_changelog") {
                id = ""
            } else if !line.hasPrefix("--"), !id.isEmpty {
                statements[id, default: []].append(String(line.hasSuffix(";") ? line.dropLast() : line))
            }
        }
        return statements
    }

    private static let key = """
        <column name="%_id" type="UUID" defaultValueComputed="uuid_generate_v4()"%R><constraints nullable="false" \
        primaryKey="true" primaryKeyName="pk_%_id"/></column>
        """

    private static func key(_ table: String, remarks: String? = nil) -> String {
        key.replacing("%R", with: remarks.map { " remarks=\"\($0)\"" } ?? "").replacing("%", with: table)
    }

    private static func text(_ name: String, _ rest: String = "") -> String {
        "<column name=\"\(name)\" type=\"TEXT\" \(rest)><constraints nullable=\"false\"/></column>"
    }

    private static func unique(_ name: String, _ rest: String = "") -> String {
        "<column name=\"\(name)\" type=\"TEXT\" \(rest)><constraints nullable=\"false\" unique=\"true\"/></column>"
    }

    private static func reference(_ column: String, _ name: String, _ table: String, _ rest: String = "") -> String {
        """
        <column name="\(column)" type="UUID" \(rest)><constraints nullable="false" foreignKeyName="\(name)" \
        referencedTableName="\(table)" referencedColumnNames="\(table)_id"/></column>
        """
    }

    private static let master: [(id: String, changes: String)] = [
        (
            "enum subject_type",
            """
            <ext:createType name="type_subject_type"><ext:asEnum><ext:label translation="Фізична особа">INDIVIDUAL\
            </ext:label><ext:label translation="ФОП">ENTREPRENEUR</ext:label><ext:label translation="Юридична особа">\
            LEGAL</ext:label><ext:label translation="Чиновник">OFFICER</ext:label></ext:asEnum></ext:createType>
            """
        ),
        (
            "table koatuu",
            """
            <createTable tableName="koatuu" ext:historyFlag="true">\(key("koatuu"))\(text("code"))\(text("level1"))\
            \(text("level2"))<column name="type" type="TEXT"/><column name="category" type="CHAR(1)"/>\(text("name"))\
            </createTable>
            """
        ),
        (
            "table ownership",
            """
            <createTable tableName="ownership" ext:historyFlag="true" remarks="Reference table for ownership types">\
            \(key("ownership"))\(text("code", "remarks=\"Code\""))\(unique("name", "remarks=\"Name\""))</createTable>
            """
        ),
        (
            "table laboratory",
            """
            <createTable tableName="laboratory" ext:historyFlag="true" ext:isObject="true" \
            remarks="Accredited laboratories">\(key("laboratory"))<column name="subject_id" type="UUID" \
            remarks="Subject identifier"><constraints nullable="false"/></column>\(unique("name"))\
            \(reference("koatuu_id", "fk_laboratory_koatuu", "koatuu"))\(unique("address"))\(unique("edrpou"))\
            \(reference("ownership_id", "fk_laboratory_ownership", "ownership"))<column name="premises_file" \
            type="type_file" remarks="Premises documents"/></createTable>\
            <addUniqueConstraint tableName="laboratory" columnNames="name,edrpou"/>
            """
        ),
        (
            "table staff_status",
            """
            <createTable tableName="staff_status" ext:historyFlag="true" remarks="Reference table for staff statuses">\
            \(key("staff_status", remarks: "Staff status identifier"))\
            \(unique("name", "remarks=\"Staff status name\""))</createTable>
            """
        ),
        (
            "table staff",
            """
            <createTable tableName="staff" ext:historyFlag="true" remarks="Staff composition">\
            \(key("staff", remarks: "Staff unit identifier"))\
            \(reference("laboratory_id", "fk_staff_laboratory", "laboratory", "remarks=\"Laboratory identifier\""))\
            \(reference("staff_status_id", "fk_staff_status", "staff_status", "remarks=\"Staff status identifier\""))\
            \(text("full_name", "remarks=\"Full name\""))<column name="hygienist_flag" type="BOOLEAN" \
            remarks="Occupational hygienist (true) / Lab assistant (false)"><constraints nullable="false"/></column>\
            <column name="hygienist_certificate_file" type="type_file" remarks="Occupational hygienist certificate"/>\
            </createTable>
            """
        ),
        (
            "searchCondition laboratory_equal_edrpou_name_count",
            """
            <ext:createSearchCondition name="laboratory_equal_edrpou_name_count"><ext:table name="laboratory">\
            <ext:column name="edrpou" searchType="equal"/><ext:column name="name" searchType="equal"/>\
            <ext:function name="count" columnName="laboratory_id" alias="cnt"/></ext:table></ext:createSearchCondition>
            """
        ),
        (
            "searchCondition laboratory_start_with_edrpou_contains_name",
            """
            <ext:createSearchCondition name="laboratory_start_with_edrpou_contains_name"><ext:table name="laboratory">\
            <ext:column name="laboratory_id"/><ext:column name="edrpou" searchType="startsWith"/>\
            <ext:column name="name" searchType="contains"/></ext:table></ext:createSearchCondition>
            """
        ),
        (
            "searchCondition koatuu_obl_contains_name",
            """
            <ext:createSearchCondition name="koatuu_obl_contains_name"><ext:table name="koatuu" alias="k">\
            <ext:column name="koatuu_id"/><ext:column name="code"/><ext:column name="name" searchType="contains" \
            sorting="asc"/></ext:table><ext:where><ext:condition tableAlias="k" columnName="type" operator="eq" \
            value="'O'"/></ext:where></ext:createSearchCondition>
            """
        ),
        (
            "searchCondition koatuu_np_starts_with_name_by_obl",
            """
            <ext:createSearchCondition name="koatuu_np_starts_with_name_by_obl" limit="100"><ext:table name="koatuu" \
            alias="np"><ext:column name="koatuu_id"/><ext:column name="name" searchType="startsWith" sorting="asc"/>\
            <ext:column name="level1" searchType="equal"/></ext:table><ext:table name="koatuu" alias="rn">\
            <ext:column name="name" alias="name_rn"/></ext:table><ext:join type="left"><ext:left alias="np">\
            <ext:column name="level2"/></ext:left><ext:right alias="rn"><ext:column name="code"/></ext:right>\
            <ext:condition logicOperator="and" tableAlias="rn" columnName="type" operator="eq" value="'R'"/></ext:join>\
            <ext:where><ext:condition tableAlias="np" columnName="type" operator="eq" value="'NP'"/></ext:where>\
            </ext:createSearchCondition>
            """
        ),
    ]

    private static let candidate: [(id: String, changes: String)] = [
        (
            "table inspection_area",
            """
            <createTable tableName="inspection_area" ext:historyFlag="true" ext:isObject="true" \
            remarks="Area with a subject relation by flag"><column name="inspection_area_id" type="UUID" \
            defaultValueComputed="uuid_generate_v4()"><constraints nullable="false" primaryKey="true" \
            primaryKeyName="pk_inspection_area"/></column><column name="title" type="VARCHAR(200)"><constraints \
            nullable="false"/></column><column name="hours" type="NUMERIC(6,2)" defaultValueNumeric="0"/>\
            <column name="koatuu_ids" type="UUID[]"/></createTable><createIndex tableName="inspection_area" \
            indexName="ix_inspection_area__title_hours"><column name="title"/><column name="hours" descending="true"/>\
            </createIndex>
            """
        ),
        (
            "edrpou type of ownership",
            """
            <ext:createDomain name="dn_title" type="text"><ext:constraint name="title_not_blank" \
            implementation="length(VALUE) &gt; 0"/></ext:createDomain>
            """
        ),
        (
            "area to koatuu many to many",
            """
            <ext:createMany2Many mainTableName="inspection_area" mainTableKeyField="inspection_area_id" \
            referenceTableName="koatuu" referenceKeysArray="koatuu_ids"/>
            """
        ),
        (
            "rights",
            """
            <ext:rbac><ext:role name="officer"><ext:table name="staff"><ext:column name="email" read="true" \
            update="true"/></ext:table><ext:table name="koatuu" read="true"/></ext:role></ext:rbac>
            """
        ),
        (
            "sc staff by status",
            """
            <ext:createSearchCondition name="staff_by_status" indexing="true" limit="all" \
            pagination="offset"><ext:table \
            name="staff" alias="s"><ext:column name="staff_id"/><ext:column name="full_name" searchType="contains" \
            sorting="asc"/><ext:column name="email" searchType="equal"/></ext:table><ext:table name="staff_status" \
            alias="t"><ext:column name="name" alias="status_name" searchType="startsWith"/></ext:table><ext:join \
            type="inner"><ext:left alias="s"><ext:column name="staff_status_id"/></ext:left><ext:right alias="t">\
            <ext:column name="staff_status_id"/></ext:right></ext:join></ext:createSearchCondition>
            """
        ),
    ]

    /// Makes `email` known to the search condition.
    private static let added = """
        <addColumn tableName="staff" ext:historyFlag="true"><column name="email" type="TEXT"/></addColumn>
        """

    @Test("a regulation is sent in the same statements as by the platform's own tool", .enabled(if: corpus != nil))
    func regulation() throws {
        let expected = try Self.golden("master").merging(Self.golden("c1-good")) { $1 }
        let all = Self.master + Self.candidate + [("added", Self.added)]
        let changelog = try Regulation.changelog(
            all.map { Regulation.changeSet($0.changes, id: $0.id) }.joined(separator: "\n"))
        for prepared in changelog.changeSets where prepared.identity.id != "added" {
            let sent = try prepared.statements().map(\.text)
            let wanted = try #require(expected[prepared.identity.id])
            #expect(sent.map(Self.sorted) == wanted.map(Self.sorted), "\(prepared.identity.id)")
        }
        #expect(changelog.changeSets.count == all.count)
    }

    private static let noted = [
        (
            id: "partial staff",
            changes: """
            <ext:partialUpdate name="staff_contacts"><ext:table name="staff"><ext:column name="email"/><ext:column \
            name="phone"/></ext:table></ext:partialUpdate>
            """
        ),
        (
            id: "staff add phone (same changelog, second time)",
            changes: """
            <addColumn tableName="staff" ext:historyFlag="true"><column name="phone" type="TEXT"/></addColumn>
            """
        ),
    ]

    @Test(
        "the books of the platform's own tool are recognised by their checksums of version 8",
        .enabled(if: corpus != nil))
    func checksums() throws {
        let corpus = try #require(Self.corpus)
        let rows = try ["master", "c1-good"].flatMap { name in
            try String(contentsOfFile: "\(corpus)/registry/golden/\(name)/ddm_db_changelog.csv", encoding: .utf8)
                .split(separator: "\n")
        }
        // The text behind these books is not known, only its effect, and of one table it can be written in many ways.
        let all =
            Self.master.filter { $0.id != "table laboratory" } + Self.candidate + Self.noted
            + [("added", Self.added)]
        let changelog = try Regulation.changelog(
            all.map { Regulation.changeSet($0.changes, id: $0.id) }.joined(separator: "\n"))
        for prepared in changelog.changeSets where prepared.identity.id != "added" {
            let id = prepared.identity.id
            let row = rows.last { $0.hasPrefix("\(id),") || $0.hasPrefix("\"\(id)\",") }
            #expect(row?.contains(",\(prepared.checksum(.v8)),") == true, "\(id)")
        }
    }

    @Test("the books describe the changes as the platform's own tool does")
    func descriptions() throws {
        let all = Self.master + Self.candidate
        let changelog = try Regulation.changelog(
            (all + [("added", Self.added)]).map { Regulation.changeSet($0.changes, id: $0.id) }.joined())
        let descriptions = Dictionary(
            changelog.changeSets.map { ($0.identity.id, $0.description) }
        ) { $1 }
        #expect(descriptions["table koatuu"] == "createTable tableName=koatuu")
        #expect(descriptions["rights"] == "rbac")
        #expect(descriptions["added"] == "addColumn tableName=staff")
        #expect(
            descriptions["area to koatuu many to many"]
                == "createMany2Many mainTableName=inspection_area, referenceTableName=koatuu")
        #expect(descriptions["sc staff by status"] == "createSearchCondition name=staff_by_status")
    }

    /// The constraints of a table in one order: a subject's key stands last there, and where its column is here.
    private static func sorted(_ statement: String) -> [String] {
        guard statement.hasPrefix("CREATE TABLE") else { return [statement] }
        return statement.dropLast().components(separatedBy: ", CONSTRAINT ").flatMap { part in
            part.components(separatedBy: ", UNIQUE ")
        }.sorted()
    }
}
