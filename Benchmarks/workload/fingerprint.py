"""How two databases are compared."""

# A digest of tables, columns, defaults, constraints, indexes, rows and comments, and of which changesets ran.
FINGERPRINT = """
WITH tables AS (
  SELECT c.oid, c.relname FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname NOT LIKE 'databasechangelog%'
), facts(fact) AS (
  SELECT format('table %s %s', relname, obj_description(oid, 'pg_class')) FROM tables
  UNION ALL SELECT format('rows %s %s', relname,
    (xpath('//c/text()', query_to_xml('SELECT count(*) AS c FROM ' || oid::regclass, false, true, '')))[1]) FROM tables
  UNION ALL SELECT format('column %s %s %s %s %s', relname, attname, format_type(atttypid, atttypmod), attnotnull,
    pg_get_expr(adbin, adrelid)) FROM tables t JOIN pg_attribute a ON attrelid = t.oid AND attnum > 0
    LEFT JOIN pg_attrdef ON adrelid = t.oid AND adnum = attnum
  UNION ALL SELECT format('constraint %s %s %s', relname, conname, pg_get_constraintdef(k.oid)) FROM tables t
    JOIN pg_constraint k ON conrelid = t.oid
  UNION ALL SELECT pg_get_indexdef(indexrelid) FROM tables t JOIN pg_index ON indrelid = t.oid
  UNION ALL SELECT format('changeset %s %s', id, exectype) FROM databasechangelog
)
SELECT count(*) || ' ' || md5(string_agg(fact, E'\\n' ORDER BY fact)) FROM facts
"""
