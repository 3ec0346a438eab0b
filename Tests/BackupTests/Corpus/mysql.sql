-- What only MySQL has. Load it after common.sql into the same database.
SET NAMES utf8mb4;
SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO', time_zone = '+00:00';

-- keys and columns ----------------------------------------------------------------------------
CREATE TABLE y_functional (id INT PRIMARY KEY, a INT, t VARCHAR(50), UNIQUE KEY f ((a + 1)), KEY g ((LOWER(t)), a), KEY h ((CAST(t AS CHAR(10))) DESC)) ENGINE=InnoDB;
INSERT INTO y_functional VALUES (1, 1, 'Ab'), (2, 2, 'C');
CREATE TABLE y_multi_valued (id INT PRIMARY KEY, j JSON, KEY zips ((CAST(j->'$.zip' AS UNSIGNED ARRAY)))) ENGINE=InnoDB;
INSERT INTO y_multi_valued VALUES (1, '{"zip": [1, 2, 3]}');
CREATE TABLE y_invisible_index (id INT NOT NULL, n INT NOT NULL, v INT, UNIQUE KEY w (id, n), UNIQUE KEY u (n) INVISIBLE, KEY (v) INVISIBLE COMMENT 'it''s') ENGINE=InnoDB;
INSERT INTO y_invisible_index VALUES (1, 1, 1);
CREATE TABLE y_descending (a INT NOT NULL, b VARCHAR(10) NOT NULL, PRIMARY KEY (a DESC, b), KEY (b DESC)) ENGINE=InnoDB;
INSERT INTO y_descending VALUES (1, 'a'), (2, 'b');
SET SESSION sql_generate_invisible_primary_key = ON;
CREATE TABLE y_gipk (a INT, b VARCHAR(10)) ENGINE=InnoDB;
INSERT INTO y_gipk VALUES (1, 'same'), (1, 'same');
DELETE FROM y_gipk ORDER BY my_row_id LIMIT 1;
INSERT INTO y_gipk VALUES (3, 'other');
SET SESSION sql_generate_invisible_primary_key = OFF;
CREATE TABLE y_checks (id INT PRIMARY KEY, a INT, CONSTRAINT not_enforced CHECK (a > 10) NOT ENFORCED, CONSTRAINT enforced CHECK (id > 0)) ENGINE=InnoDB;
INSERT INTO y_checks VALUES (1, 1);
CREATE TABLE y_defaults (id BINARY(16) DEFAULT (UUID_TO_BIN('123e4567-e89b-12d3-a456-426655440000')) PRIMARY KEY, j JSON DEFAULT (JSON_OBJECT('a', 'it''s')), b BLOB DEFAULT (X'00FF'), p POINT DEFAULT (POINT(1, 2)), e VARCHAR(10) DEFAULT '🧬') ENGINE=InnoDB;
INSERT INTO y_defaults () VALUES ();
CREATE TABLE y_invisible_all (id INT PRIMARY KEY, a INT INVISIBLE DEFAULT 3, g INT GENERATED ALWAYS AS (id + 1) VIRTUAL INVISIBLE) ENGINE=InnoDB;
INSERT INTO y_invisible_all (id, a) VALUES (1, 7);
CREATE TABLE y_attributes (id INT PRIMARY KEY, v INT SECONDARY_ENGINE_ATTRIBUTE='{"a": "it''s"}') ENGINE=InnoDB SECONDARY_ENGINE_ATTRIBUTE='{"y": 2}';
CREATE TABLE y_autoextend (id INT PRIMARY KEY) ENGINE=InnoDB AUTOEXTEND_SIZE=4M;
CREATE TABLE y_compressed (id INT PRIMARY KEY) ENGINE=InnoDB COMPRESSION='zlib';

-- types ---------------------------------------------------------------------------------------
CREATE TABLE y_json (id INT PRIMARY KEY, j JSON) ENGINE=InnoDB;
INSERT INTO y_json VALUES (1, JSON_OBJECT('d', CAST('2024-01-01' AS DATE), 'n', 1.25, 'b', TRUE, 'x', NULL)), (2, '[9223372036854775807, 18446744073709551615, 1e-10, -0.0]'), (3, JSON_QUOTE(REPEAT('"\\é🧬', 100))), (4, CAST(1.1 AS JSON));
CREATE TABLE y_vector (id INT PRIMARY KEY, v VECTOR(3), w VECTOR) ENGINE=InnoDB;
INSERT INTO y_vector VALUES (1, STRING_TO_VECTOR('[1.1,-0,3e38]'), STRING_TO_VECTOR('[5592405.5]')), (2, NULL, NULL);
CREATE TABLE y_srid (id INT PRIMARY KEY, g GEOMETRY NOT NULL SRID 4326, p POINT SRID 3857, n GEOMETRY, SPATIAL KEY (g)) ENGINE=InnoDB;
INSERT INTO y_srid VALUES
    (1, ST_GeomFromText('POINT(10 20)', 4326), ST_GeomFromText('POINT(1 2)', 3857), ST_GeomFromText('POLYGON((0 0,0 1,1 1,0 0))', 4326)),
    (2, ST_GeomFromText('LINESTRING(89 179, -89 -179)', 4326), NULL, ST_GeomFromText('POINT(5 6)', 0));
CREATE TABLE y_geomcollection (id INT PRIMARY KEY, g GEOMCOLLECTION, mp MULTIPOLYGON, ml MULTILINESTRING) ENGINE=InnoDB;
INSERT INTO y_geomcollection VALUES (1, ST_GeomFromText('GEOMETRYCOLLECTION EMPTY'), ST_GeomFromText('MULTIPOLYGON(((0 0,1 0,1 1,0 0)))'), ST_GeomFromText('MULTILINESTRING((0 0,1 1),(2 2,3 3))'));
CREATE TABLE y_collations (a VARCHAR(20) COLLATE utf8mb4_0900_as_cs NOT NULL PRIMARY KEY, b VARCHAR(20) COLLATE utf8mb4_ja_0900_as_cs_ks, c VARCHAR(20) CHARACTER SET gb18030) ENGINE=InnoDB COLLATE=utf8mb4_0900_bin;
INSERT INTO y_collations VALUES ('a', 'あ', '中文🧬'), ('A', 'ア', _gb18030 X'81308130'), ('ä', NULL, '');
CREATE TABLE y_generated (id INT PRIMARY KEY, j JSON, n INT GENERATED ALWAYS AS (j->>'$.n') STORED, r VARCHAR(100) AS (REGEXP_REPLACE(j->>'$.t', '\\d', 'it''s')) VIRTUAL, KEY (n)) ENGINE=InnoDB;
INSERT INTO y_generated (id, j) VALUES (1, '{"n": 5, "t": "a1b"}');
CREATE TABLE y_histogram (id INT PRIMARY KEY, v INT) ENGINE=InnoDB;
INSERT INTO y_histogram VALUES (1, 1), (2, 2), (3, 2);
ANALYZE TABLE y_histogram UPDATE HISTOGRAM ON v WITH 4 BUCKETS;
CREATE TABLE y_partition_key (id INT NOT NULL PRIMARY KEY) ENGINE=InnoDB PARTITION BY LINEAR KEY ALGORITHM=2 (id) PARTITIONS 3;
INSERT INTO y_partition_key VALUES (1), (2), (3);

-- routines and views --------------------------------------------------------------------------
DELIMITER //
CREATE PROCEDURE y_hints()
BEGIN
    SELECT /*+ MAX_EXECUTION_TIME(1000) */ id FROM k_auto; -- it's a "hint"
    SELECT j->>'$.a' FROM s_json; # JSON
END//
CREATE FUNCTION y_json_function(j JSON) RETURNS JSON DETERMINISTIC NO SQL
RETURN JSON_SET(j, '$.a', 'it''s')//
CREATE TRIGGER y_trigger BEFORE INSERT ON y_json FOR EACH ROW SET @x = 1//
DELIMITER ;
CREATE VIEW v_y_hint AS SELECT /*+ NO_INDEX_MERGE(k_auto) */ id FROM k_auto;
CREATE VIEW v_y_lateral AS SELECT d.id, l.m FROM f_parent d, LATERAL (SELECT MAX(c.id) AS m FROM f_child c WHERE c.parent = d.id) l;
CREATE VIEW v_y_json_table AS SELECT t.n FROM s_json, JSON_TABLE(s_json.j, '$.b[*]' COLUMNS (n VARCHAR(20) PATH '$')) t;
CREATE VIEW v_y_values AS SELECT * FROM (VALUES ROW(1, 'it''s'), ROW(2, 'b')) v (a, b);
CREATE VIEW v_y_table AS TABLE f_self;
CREATE VIEW v_y_intersect AS SELECT id FROM f_self INTERSECT SELECT id FROM f_parent EXCEPT SELECT 99;
CREATE VIEW v_y_grouping AS SELECT v, GROUPING(v) AS g, COUNT(*) AS n FROM k_auto GROUP BY v WITH ROLLUP;
CREATE VIEW v_y_member AS SELECT id, 2 MEMBER OF (j->'$.zip') AS m FROM y_multi_valued;
CREATE VIEW v_y_function AS SELECT y_json_function(j) AS j FROM y_json;
