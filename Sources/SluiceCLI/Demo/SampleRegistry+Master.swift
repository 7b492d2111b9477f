extension SampleRegistry {
    static let tables = """
            <changeSet id="table subject" author="land team">
                <createTable tableName="subject" remarks="A person or an organisation">
                    <column name="subject_id" type="uuid">
                        <constraints nullable="false" primaryKey="true" primaryKeyName="pk_subject"/>
                    </column>
                    <column name="full_name" type="text">
                        <constraints nullable="false"/>
                    </column>
                    <column name="tax_number" type="varchar(12)">
                        <constraints unique="true" uniqueConstraintName="ui_subject_tax_number"/>
                    </column>
                </createTable>
            </changeSet>
            <changeSet id="table region" author="land team">
                <createTable tableName="region" remarks="A region of the country">
                    <column name="code" type="char(2)">
                        <constraints nullable="false" primaryKey="true" primaryKeyName="pk_region"/>
                    </column>
                    <column name="name" type="text">
                        <constraints nullable="false"/>
                    </column>
                </createTable>
            </changeSet>
            <changeSet id="table parcel" author="land team">
                <createTable tableName="parcel" remarks="A parcel of land">
                    <column name="parcel_id" type="uuid">
                        <constraints nullable="false" primaryKey="true" primaryKeyName="pk_parcel"/>
                    </column>
                    <column name="owner_id" type="uuid">
                        <constraints nullable="false"/>
                    </column>
                    <column name="region_code" type="char(2)"/>
                    <column name="address" type="text"/>
                    <column name="area" type="numeric(12, 2)" remarks="Square metres"/>
                    <column name="value" type="${money}" defaultValueNumeric="0"/>
                </createTable>
            </changeSet>
            <changeSet id="parcel refers to owner and region" author="land team">
                <addForeignKeyConstraint constraintName="fk_parcel_owner" baseTableName="parcel" baseColumnNames="owner_id"
                    referencedTableName="subject" referencedColumnNames="subject_id"/>
                <addForeignKeyConstraint constraintName="fk_parcel_region" baseTableName="parcel" baseColumnNames="region_code"
                    referencedTableName="region" referencedColumnNames="code"/>
            </changeSet>
            <changeSet id="index parcel owner" author="land team">
                <createIndex indexName="ix_parcel_owner" tableName="parcel">
                    <column name="owner_id"/>
                </createIndex>
            </changeSet>
            <changeSet id="load regions" author="land team">
                <loadData file="data-model/data-load/region.csv" tableName="region">
                    <column name="code" type="string"/>
                    <column name="name" type="string"/>
                </loadData>
            </changeSet>
            <changeSet id="model 1.0" author="land team">
                <tagDatabase tag="model-1.0"/>
            </changeSet>
        """

    static let dictionaries = """
        --liquibase formatted sql

        --changeset land-team:dictionary-of-uses
        --comment What a parcel may be used for
        create table land_use (
            code text primary key,
            title text not null
        );
        insert into land_use (code, title) values ('farm', 'Farming'), ('wood', 'Forest'), ('town', 'Building');
        --rollback drop table land_use;

        --changeset land-team:parcel-use
        alter table parcel add column land_use_code text references land_use (code);
        --rollback alter table parcel drop column land_use_code;

        """

    static let views = """
        databaseChangeLog:
          - changeSet:
              id: view of parcels by owner
              author: land team
              changes:
                - createView:
                    viewName: parcel_by_owner_v
                    selectQuery: >-
                      select s.full_name, p.parcel_id, p.address, p.area
                      from parcel p join subject s on s.subject_id = p.owner_id

        """
}
