import Diagnostics

/// A small land registry: what the demonstration pushes, and what a newcomer may copy. Paths to contents.
enum SampleRegistry {
    /// The registry's name in the sample manifests, and the name of its repository.
    static let name = "land-registry"

    /// What is on master.
    static let master: [String: String] = [
        "README.md": "# Land registry\n\nThe data model is in `data-model/`; `bpmn/` holds the processes.\n",
        "bpmn/register-parcel.bpmn":
            "<definitions><process id=\"register-parcel\" name=\"Register a parcel\"/></definitions>\n",
        "data-model/main-liquibase.xml": changelog(
            """
                <property name="money" value="numeric(14, 2)"/>
                <include file="data-model/createTables.xml"/>
                <include file="data-model/populateDictionaries.sql"/>
                <include file="data-model/searchViews.yaml"/>
            """),
        "data-model/createTables.xml": changelog(tables),
        "data-model/populateDictionaries.sql": dictionaries,
        "data-model/searchViews.yaml": views,
        "data-model/data-load/region.csv": "code,name\n01,North\n02,South\n03,Coast\n",
    ]

    /// Candidate 101: a table that refers to one of master's. It deploys.
    static let visits: [String: String] = [
        "data-model/main-liquibase.xml": changelog(
            """
                <property name="money" value="numeric(14, 2)"/>
                <include file="data-model/createTables.xml"/>
                <include file="data-model/populateDictionaries.sql"/>
                <include file="data-model/searchViews.yaml"/>
                <include file="data-model/visits.xml"/>
            """),
        "data-model/visits.xml": changelog(visit(referringTo: "parcel")),
    ]

    /// Candidate 102 as first pushed: its foreign key refers to a table that does not exist.
    static let brokenInspections: [String: String] = inspections(referringTo: "staff")

    /// Candidate 102 as pushed again: the table is there.
    static let fixedInspections: [String: String] = inspections(referringTo: "subject")

    /// Candidate 103: edits a changeset of master in place instead of adding one.
    static let editedInPlace: [String: String] = [
        "data-model/createTables.xml": changelog(
            tables.replacingAll(
                "<column name=\"address\" type=\"text\"/>", with: "<column name=\"address\" type=\"varchar(100)\"/>"))
    ]

    /// Candidate 104: touches a process and no data model.
    static let processOnly: [String: String] = [
        "bpmn/register-parcel.bpmn":
            "<definitions><process id=\"register-parcel\" name=\"Register a parcel of land\"/></definitions>\n"
    ]

    private static func inspections(referringTo table: String) -> [String: String] {
        [
            "data-model/main-liquibase.xml": changelog(
                """
                    <property name="money" value="numeric(14, 2)"/>
                    <include file="data-model/createTables.xml"/>
                    <include file="data-model/populateDictionaries.sql"/>
                    <include file="data-model/searchViews.yaml"/>
                    <include file="data-model/inspections.xml"/>
                """),
            "data-model/inspections.xml": changelog(
                """
                    <changeSet id="table inspection" author="land team">
                        <createTable tableName="inspection" remarks="An inspection of a parcel">
                            <column name="inspection_id" type="uuid">
                                <constraints nullable="false" primaryKey="true" primaryKeyName="pk_inspection"/>
                            </column>
                            <column name="parcel_id" type="uuid">
                                <constraints nullable="false"/>
                            </column>
                            <column name="inspector_id" type="uuid">
                                <constraints nullable="false"/>
                            </column>
                            <column name="held_on" type="date"/>
                        </createTable>
                    </changeSet>
                    <changeSet id="inspection refers to its inspector" author="land team">
                        <addForeignKeyConstraint constraintName="fk_inspection_inspector"
                            baseTableName="inspection" baseColumnNames="inspector_id"
                            referencedTableName="\(table)" referencedColumnNames="\(table)_id"/>
                    </changeSet>
                """),
        ]
    }

    private static func visit(referringTo table: String) -> String {
        """
            <changeSet id="table visit" author="land team">
                <createTable tableName="visit" remarks="A visit to a parcel">
                    <column name="visit_id" type="uuid">
                        <constraints nullable="false" primaryKey="true" primaryKeyName="pk_visit"/>
                    </column>
                    <column name="\(table)_id" type="uuid">
                        <constraints nullable="false" foreignKeyName="fk_visit_\(table)" references="\(table)(\(table)_id)"/>
                    </column>
                    <column name="visited_at" type="timestamp with time zone" defaultValueComputed="now()"/>
                </createTable>
                <createIndex indexName="ix_visit_\(table)" tableName="visit">
                    <column name="\(table)_id"/>
                </createIndex>
            </changeSet>
        """
    }

    private static func changelog(_ body: String) -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog"
            xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
            xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog
                http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd">
        \(body)
        </databaseChangeLog>

        """
    }
}
