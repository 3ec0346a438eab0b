-- Everything that is hard to dump and that both flavours know. Load it into an empty database with
-- DEFAULT CHARACTER SET utf8mb4, with a client that keeps comments. The flavour's own file follows.
SET NAMES utf8mb4;
SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO', time_zone = '+00:00', foreign_key_checks = 0;

-- numbers -------------------------------------------------------------------------------------
CREATE TABLE n_integers (
    t TINYINT, tu TINYINT UNSIGNED, s SMALLINT, su SMALLINT UNSIGNED, m MEDIUMINT, mu MEDIUMINT UNSIGNED,
    i INT, iu INT UNSIGNED, b BIGINT NOT NULL PRIMARY KEY, bu BIGINT UNSIGNED, bo BOOLEAN
) ENGINE=InnoDB;
INSERT INTO n_integers VALUES
    (-128, 0, -32768, 0, -8388608, 0, -2147483648, 0, -9223372036854775808, 0, FALSE),
    (127, 255, 32767, 65535, 8388607, 16777215, 2147483647, 4294967295, 9223372036854775807, 18446744073709551615, TRUE),
    (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL);
CREATE TABLE n_zerofill (id INT(10) UNSIGNED ZEROFILL NOT NULL PRIMARY KEY, y YEAR, z BIGINT(20) UNSIGNED ZEROFILL) ENGINE=InnoDB;
INSERT INTO n_zerofill VALUES (1, 1901, 7), (2, 2155, 0), (3, 0000, NULL), (4, NULL, 18446744073709551615);
CREATE TABLE n_decimals (id INT PRIMARY KEY, a DECIMAL(65,30), b DECIMAL(1,0), c DECIMAL(10,10), d DECIMAL(20,4) UNSIGNED ZEROFILL) ENGINE=InnoDB;
INSERT INTO n_decimals VALUES
    (1, 99999999999999999999999999999999999.999999999999999999999999999999, 9, 0.9999999999, 0000000000000001.5),
    (2, -99999999999999999999999999999999999.999999999999999999999999999999, -9, -0.0000000001, 0),
    (3, 0.000000000000000000000000000001, 0, 0, NULL);
CREATE TABLE n_floats (id INT PRIMARY KEY, f FLOAT, f1 FLOAT(20,3), fu FLOAT UNSIGNED) ENGINE=InnoDB;
INSERT INTO n_floats VALUES
    (1, 5592405.5, 5592405.5, 5592405.5), (2, 3.40282346638528859811704183484516925440e38, -1.5, 3.4028234663852886e38),
    (3, -3.40282346638528859811704183484516925440e38, 0.125, 1e-38), (4, 1.401298464324817e-45, 1, 0), (5, -0e0, -0e0, 0),
    (6, 16777217, 16777216, 16777215), (7, 0.1, 0.1, 0.1), (8, 1.17549435e-38, NULL, NULL), (9, NULL, 123456.789, 8388608.5);
CREATE TABLE n_doubles (id INT PRIMARY KEY, d DOUBLE, d1 DOUBLE(30,10), du DOUBLE UNSIGNED) ENGINE=InnoDB;
INSERT INTO n_doubles VALUES
    (1, 1.7976931348623157e308, 12345678901234567890.0123456789, 0), (2, -1.7976931348623157e308, -0.0000000001, 1.5),
    (3, 2.2250738585072014e-308, 0, 5e-324), (4, 4.9406564584124654e-324, 1, 1), (5, -0e0, -0e0, 0), (6, 0.1, 0.1, 0.1),
    (7, 0.30000000000000004, 1e15, 9007199254740993), (8, 123456789012345678, NULL, NULL);
CREATE TABLE n_bits (id INT PRIMARY KEY, b1 BIT, b7 BIT(7), b8 BIT(8), b9 BIT(9), b64 BIT(64) DEFAULT b'1010') ENGINE=InnoDB;
INSERT INTO n_bits VALUES (1, b'1', b'1111111', b'10000000', b'100000001', ~0), (2, 0, 0, 0, 0, 0), (3, NULL, 39, 92, 92, 10),
    (4, 1, 127, 255, 511, 1 << 63);
CREATE TABLE n_bit_key (b BIT(64) NOT NULL PRIMARY KEY, v INT) ENGINE=InnoDB;
INSERT INTO n_bit_key VALUES (0, 1), (b'100111', 2), (~0, 3);
CREATE TABLE n_unsigned_key (id BIGINT UNSIGNED NOT NULL PRIMARY KEY, v INT) ENGINE=InnoDB;
INSERT INTO n_unsigned_key VALUES (0, 0), (9223372036854775807, 1), (9223372036854775808, 2), (18446744073709551615, 3);
CREATE TABLE n_decimal_key (k DECIMAL(30,10) NOT NULL PRIMARY KEY, v INT) ENGINE=InnoDB;
INSERT INTO n_decimal_key VALUES (-1.5, 1), (0, 2), (99999999999999999999.9999999999, 3);
CREATE TABLE n_double_key (k DOUBLE NOT NULL PRIMARY KEY, f FLOAT NOT NULL, UNIQUE KEY (f)) ENGINE=InnoDB;
INSERT INTO n_double_key VALUES (-1e300, 5592405.5), (0.1, 0.1), (1e300, 16777216);

-- dates ---------------------------------------------------------------------------------------
CREATE TABLE d_dates (id INT PRIMARY KEY, d DATE, t TIME, t6 TIME(6), dt DATETIME, dt6 DATETIME(6)) ENGINE=InnoDB;
INSERT INTO d_dates VALUES
    (1, '0000-00-00', '-838:59:59', '-838:59:58.999999', '0000-00-00 00:00:00', '0000-00-00 00:00:00.000000'),
    (2, '2024-00-00', '838:59:59', '838:59:58.000001', '2024-02-00 00:00:00', '2024-02-29 23:59:59.999999'),
    (3, '9999-12-31', '00:00:00', '-00:00:00.000001', '9999-12-31 23:59:59', '9999-12-31 23:59:59.999999'),
    (4, '1000-01-01', '-01:02:03', '00:00:00.1', '1000-01-01 00:00:00', '1000-01-01 00:00:00.000001'),
    (5, '2024-02-29', NULL, NULL, '2024-03-31 02:30:00', NULL);
CREATE TABLE d_timestamps (
    id INT PRIMARY KEY, ts TIMESTAMP NULL DEFAULT NULL, ts6 TIMESTAMP(6) NULL DEFAULT NULL,
    made TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    made3 DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3), zero TIMESTAMP NOT NULL DEFAULT '0000-00-00 00:00:00'
) ENGINE=InnoDB;
INSERT INTO d_timestamps VALUES
    (1, '1970-01-01 00:00:01', '1970-01-01 00:00:01.000001', '2024-03-31 00:59:59', '2024-03-31 00:59:59.999', 0),
    (2, '2024-03-31 01:00:00', '2024-10-27 00:30:00.5', '2024-10-27 01:30:00', NULL, '2001-01-01'),
    (3, '2038-01-19 03:14:07', '2038-01-19 03:14:07.999999', '2024-10-27 00:59:59', '2024-10-27 01:00:00.001', 0),
    (4, '0000-00-00 00:00:00', NULL, '2024-03-10 07:00:00', NULL, 0);
CREATE TABLE d_key (k DATETIME(6) NOT NULL, d DATE NOT NULL, PRIMARY KEY (k, d)) ENGINE=InnoDB;
INSERT INTO d_key VALUES ('0000-00-00', '0000-00-00'), ('2024-01-01 00:00:00.000001', '2024-01-01'), ('9999-12-31 23:59:59', '9999-12-31');
CREATE TABLE d_timestamp_key (k TIMESTAMP(6) NOT NULL PRIMARY KEY, v INT) ENGINE=InnoDB;
INSERT INTO d_timestamp_key VALUES ('2024-10-27 00:30:00', 1), ('2024-10-27 01:30:00', 2), ('2024-10-27 01:30:00.000001', 3);

-- text and bytes ------------------------------------------------------------------------------
CREATE TABLE s_texts (
    id INT PRIMARY KEY, c CHAR(10), v VARCHAR(300), t TINYTEXT, x TEXT, m MEDIUMTEXT, l LONGTEXT
) ENGINE=InnoDB;
INSERT INTO s_texts VALUES
    (1, '', '', '', '', '', ''), (2, '  lead', '  both  ', '\t\r\n\Z\0\b', 'it''s "q" `b` \\ % _ ; -- # /* */', '{"a": [1]}', 'a\nb\r\nc\rd'),
    (3, '🧬é', 'DNA 🧬 – “ü” ÿ', '\\''', '''', '\\', '\\\\n'), (4, NULL, NULL, NULL, NULL, NULL, NULL),
    (5, 'NULL', 'NULL', '0x41', 'X''41''', '/*!50000 SELECT 1 */', 'DELIMITER ;;\n;;\nDROP TABLE s_texts;'),
    (6, '\Zend', 'ends with backslash\\', 'ends with quote''', '\0', '\r', '\n');
CREATE TABLE s_bytes (
    id INT PRIMARY KEY, b BINARY(5), v VARBINARY(300), t TINYBLOB, x BLOB, m MEDIUMBLOB, l LONGBLOB
) ENGINE=InnoDB;
INSERT INTO s_bytes VALUES (1, 'a', '', '', '', '', ''), (2, X'0000000000', X'00', X'5C27', X'FFFE', X'270A0D1A', X'C328'),
    (3, NULL, NULL, NULL, NULL, NULL, NULL), (4, 'ab\0', 'ü', X'F09FA7AC', X'22', X'60', 'text ');
CREATE TABLE s_all_bytes (id INT PRIMARY KEY, v VARBINARY(256), t TEXT CHARACTER SET latin1, b BLOB) ENGINE=InnoDB;
SET SESSION group_concat_max_len = 1000000;
SET @hex = (WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 255)
    SELECT GROUP_CONCAT(LPAD(HEX(i), 2, '0') ORDER BY i SEPARATOR '') FROM n);
INSERT INTO s_all_bytes SELECT 1, UNHEX(@hex), CONVERT(UNHEX(@hex) USING latin1), UNHEX(@hex);
INSERT INTO s_all_bytes SELECT 2, UNHEX(REVERSE(@hex)), CONVERT(UNHEX(REVERSE(@hex)) USING latin1), UNHEX(REPEAT(@hex, 20));
CREATE TABLE s_latin1 (id INT PRIMARY KEY, a VARCHAR(50), b ENUM('ä', 'ö', 'it''s')) ENGINE=InnoDB DEFAULT CHARSET=latin1;
INSERT INTO s_latin1 VALUES (1, 'Zürich €', 'ä'), (2, X'80819FA0FF', 'it''s');
CREATE TABLE s_utf16 (id INT PRIMARY KEY, a VARCHAR(50) CHARACTER SET utf16, b TEXT CHARACTER SET utf32, c CHAR(5) CHARACTER SET ucs2, d VARCHAR(20) CHARACTER SET utf16le) ENGINE=InnoDB;
INSERT INTO s_utf16 VALUES (1, 'a🧬', 'b🧬', 'ü', 'le🧬'), (2, '', '', '', '');
CREATE TABLE s_asian (
    id INT PRIMARY KEY, a VARCHAR(50) CHARACTER SET sjis, b VARCHAR(50) CHARACTER SET cp932, c VARCHAR(50) CHARACTER SET gbk,
    d VARCHAR(50) CHARACTER SET big5, e VARCHAR(50) CHARACTER SET eucjpms, f VARCHAR(50) CHARACTER SET ujis,
    g VARCHAR(50) CHARACTER SET euckr, h VARCHAR(50) CHARACTER SET gb2312
) ENGINE=InnoDB;
INSERT INTO s_asian VALUES (1, _sjis X'835C95CA', _cp932 X'FA54879A8790', _gbk X'95DC', _big5 X'A4A4A5A7', _eucjpms X'A4A2ADB5', _ujis X'A4A2', _euckr X'B0A1', _gb2312 X'B0A1');
CREATE TABLE s_charsets (
    id INT PRIMARY KEY, a VARCHAR(50) CHARACTER SET cp1250, b VARCHAR(50) CHARACTER SET greek, c VARCHAR(50) CHARACTER SET koi8r,
    d VARCHAR(50) CHARACTER SET hebrew, e VARCHAR(50) CHARACTER SET ascii, f VARCHAR(50) CHARACTER SET tis620,
    g VARCHAR(50) CHARACTER SET armscii8, h VARCHAR(50) CHARACTER SET utf8mb3, i VARCHAR(50) CHARACTER SET binary
) ENGINE=InnoDB;
INSERT INTO s_charsets VALUES (1, 'Žluťoučký', 'αβγ', 'привет', 'שלום', 'plain', 'ก', _armscii8 X'B2B3', 'Zürich', X'00FF');
CREATE TABLE s_collations (
    a VARCHAR(20) COLLATE utf8mb4_bin NOT NULL, b VARCHAR(20) CHARACTER SET latin1 COLLATE latin1_german1_ci,
    c VARCHAR(20) COLLATE utf8mb4_unicode_ci, d TEXT COLLATE utf8mb4_general_ci, PRIMARY KEY (a)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
INSERT INTO s_collations VALUES ('a', 'ä', 'A', 'x'), ('A', 'ß', 'ä', 'y'), ('ä', NULL, NULL, NULL);
CREATE TABLE s_sets (id INT PRIMARY KEY, e ENUM('', 'a', 'b,c', 'it''s', 'back\\slash', 'ünï') NOT NULL DEFAULT 'a', s SET('x', 'y', 'z w', 'ü') DEFAULT 'x,ü', n ENUM('1', '2', '3')) ENGINE=InnoDB;
INSERT INTO s_sets VALUES (1, '', '', '1'), (2, 'b,c', 'x,y,z w,ü', 2), (3, 'it''s', NULL, NULL), (4, 'back\\slash', 'y', '3'), (5, 'ünï', 'ü', '1');
CREATE TABLE s_json (id INT PRIMARY KEY, j JSON, k JSON NOT NULL) ENGINE=InnoDB;
INSERT INTO s_json VALUES (1, '{"a": "é🧬", "b": [1, 2.5, null, true, "q\\"uote", "back\\\\slash", "line\\nfeed"]}', '[]'), (2, NULL, '"text"'), (3, 'null', '1e100');
CREATE TABLE s_string_key (k VARCHAR(100) NOT NULL PRIMARY KEY, v INT) ENGINE=InnoDB;
INSERT INTO s_string_key VALUES ('', 0), ('it''s', 1), ('back\\slash', 2), ('🧬', 3), ('Zürich', 4), ('%_', 5), ('a b', 6), ('a', 7);
CREATE TABLE s_ci_key (a VARCHAR(40) COLLATE utf8mb4_general_ci NOT NULL, b CHAR(3) CHARACTER SET latin1 NOT NULL, n INT, PRIMARY KEY (a, b)) ENGINE=InnoDB;
INSERT INTO s_ci_key VALUES ('Straße', 'abc', 1), ('strasse2', 'ABD', 2), ('Ärger', 'ä', 3), ('', '', 4);
CREATE TABLE s_binary_key (k VARBINARY(40) NOT NULL, n BINARY(3) NOT NULL, v INT, PRIMARY KEY (k, n)) ENGINE=InnoDB;
INSERT INTO s_binary_key VALUES (X'', X'000000', 1), (X'00', 'abc', 2), (X'275C', 'abc', 3), (X'FF', 'abc', 4);
CREATE TABLE s_prefix_key (k TEXT NOT NULL, v INT, PRIMARY KEY (k(10))) ENGINE=InnoDB;
INSERT INTO s_prefix_key VALUES ('short', 1), ('a longer text than the key', 2);
CREATE TABLE s_enum_key (e ENUM('z', 'a', 'm') NOT NULL, s SET('p', 'q') NOT NULL, PRIMARY KEY (e, s)) ENGINE=InnoDB;
INSERT INTO s_enum_key VALUES ('z', 'p'), ('a', 'p,q'), ('m', '');
CREATE TABLE s_long_row (id INT PRIMARY KEY, a LONGTEXT, b LONGBLOB) ENGINE=InnoDB;
INSERT INTO s_long_row VALUES (1, REPEAT('0123456789 it''s \\ \n', 120000), REPEAT(X'00FF5C27', 300000)), (2, 'short', NULL);
CREATE TABLE s_fulltext (id INT PRIMARY KEY AUTO_INCREMENT, t TEXT, u VARCHAR(50), FULLTEXT KEY ft (t, u), KEY pre (t(20), u(5))) ENGINE=InnoDB;
INSERT INTO s_fulltext (t, u) VALUES ('the quick brown fox', 'jumps'), ('over the lazy dog', NULL);
CREATE TABLE s_spatial (id INT PRIMARY KEY, g GEOMETRY, p POINT NOT NULL, l LINESTRING, y POLYGON, mp MULTIPOINT, gc GEOMETRYCOLLECTION, SPATIAL KEY (p)) ENGINE=InnoDB;
INSERT INTO s_spatial VALUES
    (1, ST_GeomFromText('POINT(1 2)'), ST_GeomFromText('POINT(-0.5 1e10)'), ST_GeomFromText('LINESTRING(0 0, 1 1)'), ST_GeomFromText('POLYGON((0 0,1 0,1 1,0 0))'), ST_GeomFromText('MULTIPOINT(1 1, 2 2)'), ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 1), LINESTRING(0 0, 1 1))')),
    (2, NULL, ST_GeomFromText('POINT(0 0)'), NULL, NULL, NULL, NULL);

-- keys ----------------------------------------------------------------------------------------
CREATE TABLE k_auto (id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, v VARCHAR(10)) ENGINE=InnoDB AUTO_INCREMENT=1000;
INSERT INTO k_auto (v) VALUES ('a'), ('b');
INSERT INTO k_auto VALUES (0, 'zero'), (4294967290, 'high');
CREATE TABLE k_auto_empty (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY) ENGINE=InnoDB AUTO_INCREMENT=77;
CREATE TABLE k_auto_second (a INT NOT NULL, id INT NOT NULL AUTO_INCREMENT, PRIMARY KEY (a, id), KEY (id)) ENGINE=InnoDB;
INSERT INTO k_auto_second VALUES (1, 1), (1, 2), (2, 3);
CREATE TABLE k_composite (a INT NOT NULL, b VARCHAR(10) NOT NULL, c DATE NOT NULL, v INT, PRIMARY KEY (a, b, c), KEY vk (v DESC, a)) ENGINE=InnoDB;
INSERT INTO k_composite VALUES (1, 'a', '2024-01-01', 1), (1, 'a', '2024-01-02', 2), (1, 'b', '2024-01-01', 3), (2, '', '0000-00-00', 4);
CREATE TABLE k_none (a INT, b TEXT) ENGINE=InnoDB;
INSERT INTO k_none VALUES (1, 'same'), (1, 'same'), (NULL, NULL);
CREATE TABLE k_unique_only (a VARCHAR(20) NOT NULL, b INT NOT NULL, c INT, UNIQUE KEY wide (a, b), UNIQUE KEY one (b)) ENGINE=InnoDB;
INSERT INTO k_unique_only VALUES ('x', 1, 1), ('y', 2, NULL);
CREATE TABLE k_unique_null (a INT, b INT, UNIQUE KEY (a), UNIQUE KEY (b, a)) ENGINE=InnoDB;
INSERT INTO k_unique_null VALUES (NULL, 1), (NULL, 1), (2, 2);
CREATE TABLE k_unique_prefix (a VARCHAR(200) NOT NULL, v INT, UNIQUE KEY (a(5))) ENGINE=InnoDB;
INSERT INTO k_unique_prefix VALUES ('abcdefgh', 1), ('abcde', 2) ON DUPLICATE KEY UPDATE v = 9;
CREATE TABLE k_comments (id INT PRIMARY KEY COMMENT 'it''s a "key" `x` \\ and\na line', v INT COMMENT '', KEY vk (v) COMMENT 'index ''comment''; -- /* x */') ENGINE=InnoDB COMMENT='table ''comment'' "q" \\ ü;\nDROP TABLE x; /* */ -- #';
INSERT INTO k_comments VALUES (1, 1);
CREATE TABLE k_row_format (id INT PRIMARY KEY, t TEXT) ENGINE=InnoDB ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8 STATS_PERSISTENT=1 STATS_SAMPLE_PAGES=30 MAX_ROWS=1000000 AVG_ROW_LENGTH=100;
INSERT INTO k_row_format VALUES (1, 'x');
CREATE TABLE empty_table (id INT PRIMARY KEY, t TEXT) ENGINE=InnoDB;
CREATE TABLE empty_no_key (t TEXT) ENGINE=InnoDB;

-- foreign keys --------------------------------------------------------------------------------
CREATE TABLE f_parent (id INT PRIMARY KEY, child INT, KEY (child), CONSTRAINT f_parent_child FOREIGN KEY (child) REFERENCES f_child (id) ON DELETE SET NULL ON UPDATE CASCADE) ENGINE=InnoDB;
CREATE TABLE f_child (id INT PRIMARY KEY, parent INT NOT NULL, KEY (parent), CONSTRAINT f_child_parent FOREIGN KEY (parent) REFERENCES f_parent (id) ON DELETE CASCADE) ENGINE=InnoDB;
INSERT INTO f_parent VALUES (1, 10), (2, NULL);
INSERT INTO f_child VALUES (10, 1), (11, 2);
CREATE TABLE f_self (id INT PRIMARY KEY, up INT, KEY (up), CONSTRAINT f_self_up FOREIGN KEY (up) REFERENCES f_self (id)) ENGINE=InnoDB;
INSERT INTO f_self VALUES (1, 3), (2, 1), (3, 2), (4, NULL);
CREATE TABLE f_a_first (id INT PRIMARY KEY, z INT, CONSTRAINT f_a_z FOREIGN KEY (z) REFERENCES f_z_last (id)) ENGINE=InnoDB;
CREATE TABLE f_z_last (id INT PRIMARY KEY, a INT, b INT, UNIQUE KEY ab (a, b)) ENGINE=InnoDB;
CREATE TABLE f_composite (a INT, b INT, CONSTRAINT `f-com``pos ite` FOREIGN KEY (a, b) REFERENCES f_z_last (a, b)) ENGINE=InnoDB;
INSERT INTO f_z_last VALUES (1, 1, 2);
INSERT INTO f_a_first VALUES (1, 1);
INSERT INTO f_composite VALUES (1, 2), (NULL, 5);
CREATE TABLE `f``names` (`x``y` INT, CONSTRAINT `f``k` FOREIGN KEY (`x``y`) REFERENCES `back``tick` (`a``b`) ON DELETE CASCADE, CONSTRAINT `f``` FOREIGN KEY (`x``y`) REFERENCES f_self (id)) ENGINE=InnoDB;
CREATE TABLE f_orphan (id INT PRIMARY KEY, p INT, CONSTRAINT f_orphan_p FOREIGN KEY (p) REFERENCES f_self (id)) ENGINE=InnoDB;
INSERT INTO f_orphan VALUES (1, 999);

-- generated columns, defaults, checks ---------------------------------------------------------
CREATE TABLE g_generated (
    id INT PRIMARY KEY, a INT, v INT GENERATED ALWAYS AS (a + 1) VIRTUAL, s INT GENERATED ALWAYS AS (a * 2) STORED,
    t VARCHAR(100) GENERATED ALWAYS AS (CONCAT('it''s ', a, ' \\ "q"')) VIRTUAL COMMENT 'virtual', last INT, KEY (v), KEY (s)
) ENGINE=InnoDB;
INSERT INTO g_generated (id, a, last) VALUES (1, 5, 1), (2, NULL, 2);
CREATE TABLE g_only_generated (v INT GENERATED ALWAYS AS (1 + 1) VIRTUAL, s INT GENERATED ALWAYS AS (2 + 2) STORED) ENGINE=InnoDB;
INSERT INTO g_only_generated () VALUES (), ();
CREATE TABLE g_json (id INT PRIMARY KEY, j JSON, n VARCHAR(20) GENERATED ALWAYS AS (JSON_UNQUOTE(JSON_EXTRACT(j, '$.name'))) STORED, KEY (n)) ENGINE=InnoDB;
INSERT INTO g_json (id, j) VALUES (1, '{"name": "Ada"}'), (2, '{}');
CREATE TABLE g_defaults (
    id INT NOT NULL DEFAULT 0 PRIMARY KEY, a VARCHAR(50) DEFAULT 'it''s "q" \\ ü', b VARCHAR(50) NOT NULL DEFAULT '', c INT DEFAULT NULL,
    d DATE DEFAULT '0000-00-00', e VARCHAR(10) DEFAULT (CONCAT('x', 'y')), f DATETIME DEFAULT (NOW() + INTERVAL 1 DAY),
    g TEXT DEFAULT ('text'), h BINARY(3) DEFAULT 'a\0b', i DECIMAL(5,2) DEFAULT -1.5, j BIT(3) DEFAULT b'101', k VARCHAR(20) DEFAULT 'NULL', l FLOAT DEFAULT 0.1
) ENGINE=InnoDB;
INSERT INTO g_defaults (id) VALUES (1);
CREATE TABLE g_checks (
    id INT PRIMARY KEY, a INT, b INT, s VARCHAR(10), CONSTRAINT a_positive CHECK (a > 0), CONSTRAINT `odd ``name` CHECK (a < b),
    CONSTRAINT text_check CHECK (s <> 'it''s' AND s NOT LIKE '%\\%')
) ENGINE=InnoDB;
INSERT INTO g_checks VALUES (1, 1, 2, 'x'), (2, NULL, NULL, NULL);
CREATE TABLE g_invisible (id INT PRIMARY KEY, hidden VARCHAR(20) DEFAULT 'secret' INVISIBLE, shown INT) ENGINE=InnoDB;
INSERT INTO g_invisible (id, hidden, shown) VALUES (1, 'kept', 5), (2, DEFAULT, 6);

-- partitions ----------------------------------------------------------------------------------
CREATE TABLE p_range (id INT NOT NULL, y INT NOT NULL, PRIMARY KEY (id, y)) ENGINE=InnoDB
    PARTITION BY RANGE (y) (PARTITION p0 VALUES LESS THAN (2000) COMMENT = 'it''s old', PARTITION p1 VALUES LESS THAN (2010), PARTITION pmax VALUES LESS THAN MAXVALUE);
INSERT INTO p_range VALUES (1, 1999), (2, 2005), (3, 2050);
CREATE TABLE p_range_columns (a INT NOT NULL, b VARCHAR(10) NOT NULL, KEY (a)) ENGINE=InnoDB
    PARTITION BY RANGE COLUMNS (a, b) (PARTITION p0 VALUES LESS THAN (10, 'm'), PARTITION p1 VALUES LESS THAN (MAXVALUE, MAXVALUE));
INSERT INTO p_range_columns VALUES (1, 'a'), (10, 'z');
CREATE TABLE p_list (id INT NOT NULL PRIMARY KEY) ENGINE=InnoDB PARTITION BY LIST (id) (PARTITION odd VALUES IN (1, 3, 5), PARTITION even VALUES IN (2, 4, 6));
INSERT INTO p_list VALUES (1), (2), (6);
CREATE TABLE p_list_columns (c VARCHAR(10) NOT NULL, v INT) ENGINE=InnoDB PARTITION BY LIST COLUMNS (c) (PARTITION a VALUES IN ('x', 'it''s'), PARTITION b VALUES IN ('ü'));
INSERT INTO p_list_columns VALUES ('x', 1), ('it''s', 2), ('ü', 3);
CREATE TABLE p_hash (id INT NOT NULL PRIMARY KEY, v INT) ENGINE=InnoDB PARTITION BY HASH (id) PARTITIONS 4;
INSERT INTO p_hash VALUES (1, 1), (2, 2), (3, 3), (4, 4), (5, 5);
CREATE TABLE p_linear_hash (id INT NOT NULL PRIMARY KEY) ENGINE=InnoDB PARTITION BY LINEAR HASH (id) PARTITIONS 3;
INSERT INTO p_linear_hash VALUES (1), (2), (3);
CREATE TABLE p_key (id VARCHAR(20) NOT NULL PRIMARY KEY) ENGINE=InnoDB PARTITION BY KEY (id) PARTITIONS 2;
INSERT INTO p_key VALUES ('a'), ('b'), ('c');
CREATE TABLE p_sub (id INT NOT NULL, d DATE NOT NULL) ENGINE=InnoDB
    PARTITION BY RANGE (YEAR(d)) SUBPARTITION BY HASH (TO_DAYS(d)) SUBPARTITIONS 2 (PARTITION `p 1` VALUES LESS THAN (2020), PARTITION `p``2` VALUES LESS THAN MAXVALUE);
INSERT INTO p_sub VALUES (1, '2019-01-01'), (2, '2024-01-01');

-- other engines -------------------------------------------------------------------------------
CREATE TABLE e_myisam (id INT AUTO_INCREMENT PRIMARY KEY, t VARCHAR(20), FULLTEXT KEY (t)) ENGINE=MyISAM CHECKSUM=1 DELAY_KEY_WRITE=1 COMMENT='not transactional';
INSERT INTO e_myisam (t) VALUES ('a'), ('b');
CREATE TABLE e_memory (id INT PRIMARY KEY, t VARCHAR(20), KEY (t) USING BTREE) ENGINE=MEMORY MAX_ROWS=100;
INSERT INTO e_memory VALUES (1, 'gone after a restart');
CREATE TABLE e_csv (a INT NOT NULL, b VARCHAR(20) NOT NULL) ENGINE=CSV;
INSERT INTO e_csv VALUES (1, 'x,"y"');
CREATE TABLE e_archive (a INT, b TEXT) ENGINE=ARCHIVE;
INSERT INTO e_archive VALUES (1, 'kept');
CREATE TABLE e_merge (id INT NOT NULL, t VARCHAR(20), KEY (id)) ENGINE=MyISAM;
INSERT INTO e_merge VALUES (1, 'below');
CREATE TABLE e_merged (id INT NOT NULL, t VARCHAR(20), KEY (id)) ENGINE=MRG_MyISAM UNION=(e_merge) INSERT_METHOD=LAST;

-- names ---------------------------------------------------------------------------------------
CREATE TABLE `back``tick` (`a``b` INT PRIMARY KEY, `c'd` INT, `e"f` INT, KEY `k``1` (`c'd`)) ENGINE=InnoDB;
INSERT INTO `back``tick` VALUES (1, 2, 3);
CREATE TABLE `it's "quoted"` (`select` INT PRIMARY KEY, `from` INT) ENGINE=InnoDB;
INSERT INTO `it's "quoted"` VALUES (1, 2);
CREATE TABLE `with space` (`a b` INT PRIMARY KEY, ` lead` INT) ENGINE=InnoDB;
INSERT INTO `with space` VALUES (1, 2);
CREATE TABLE `dot.ted` (`a.b` INT PRIMARY KEY) ENGINE=InnoDB;
INSERT INTO `dot.ted` VALUES (1);
CREATE TABLE `1digits` (`2` INT PRIMARY KEY, `3e4` INT) ENGINE=InnoDB;
INSERT INTO `1digits` VALUES (1, 2);
CREATE TABLE `per%cent_%s` (`%d` INT PRIMARY KEY) ENGINE=InnoDB;
INSERT INTO `per%cent_%s` VALUES (1);
CREATE TABLE `new
line` (`a
b` INT PRIMARY KEY) ENGINE=InnoDB;
INSERT INTO `new
line` VALUES (1);
CREATE TABLE `ünï-cødé` (`ключ` INT PRIMARY KEY, `名` VARCHAR(5)) ENGINE=InnoDB;
INSERT INTO `ünï-cødé` VALUES (1, '値');
CREATE TABLE `semi;colon -- dash # /* c */` (a INT PRIMARY KEY) ENGINE=InnoDB;
INSERT INTO `semi;colon -- dash # /* c */` VALUES (1);
CREATE TABLE `back\slash` (`a\b` INT PRIMARY KEY) ENGINE=InnoDB;
INSERT INTO `back\slash` VALUES (1);
CREATE TABLE `delimiter` (`delimiter` INT PRIMARY KEY, `status` INT) ENGINE=InnoDB;
INSERT INTO `delimiter` VALUES (1, 2);
CREATE TABLE `CaseName` (a INT PRIMARY KEY) ENGINE=InnoDB;
CREATE TABLE `casename` (b INT PRIMARY KEY) ENGINE=InnoDB;
INSERT INTO `CaseName` VALUES (1);
INSERT INTO `casename` VALUES (2), (3);
CREATE TABLE `Café` (a INT PRIMARY KEY) ENGINE=InnoDB;
CREATE TABLE `Café` (b INT PRIMARY KEY) ENGINE=InnoDB;
INSERT INTO `Café` VALUES (1);
CREATE TABLE `a_name_of_sixty_four_characters_which_is_the_longest_one_allowed` (a INT PRIMARY KEY) ENGINE=InnoDB;

-- wide ----------------------------------------------------------------------------------------
SET @wide = (WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
    SELECT CONCAT('CREATE TABLE w_thousand_columns (id INT PRIMARY KEY, ', GROUP_CONCAT('c', i, ' TINYINT DEFAULT ', i % 100 ORDER BY i SEPARATOR ', '), ') ENGINE=InnoDB') FROM n);
PREPARE wide FROM @wide;
EXECUTE wide;
DEALLOCATE PREPARE wide;
INSERT INTO w_thousand_columns (id) VALUES (1), (2);
CREATE TABLE w_many_rows (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, h CHAR(64), n INT, KEY (n)) ENGINE=InnoDB;
INSERT INTO w_many_rows (h, n)
    WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 900) SELECT SHA2(i, 256), i % 7 FROM s;
INSERT INTO w_many_rows (h, n) SELECT SHA2(CONCAT(a.h, b.id), 256), b.n FROM w_many_rows a JOIN (SELECT * FROM w_many_rows LIMIT 9) b;
-- INSERT … SELECT reserves more values than it uses. The server remembers those only until it drops the table from its
-- memory, which it may do at any time, and then goes on behind the last row; ALTER TABLE makes it remember.
ALTER TABLE w_many_rows AUTO_INCREMENT = 10000;

-- the toolkit's own tables --------------------------------------------------------------------
CREATE TABLE sysndd_ctl_lease (name VARCHAR(64) PRIMARY KEY) ENGINE=InnoDB COMMENT='sysndd-ctl';
CREATE TABLE sysndd_ctl_jobs (id CHAR(36) PRIMARY KEY) ENGINE=InnoDB COMMENT='sysndd-ctl';
CREATE TABLE sysndd_ctl_outbox (id INT PRIMARY KEY) ENGINE=InnoDB COMMENT='sysndd-ctl';
CREATE TABLE sysndd_ctl_audit (id INT PRIMARY KEY) ENGINE=InnoDB COMMENT='sysndd-ctl';
INSERT INTO sysndd_ctl_lease VALUES ('maintenance');
INSERT INTO sysndd_ctl_jobs VALUES ('00000000-0000-0000-0000-000000000000');
INSERT INTO sysndd_ctl_audit VALUES (1);

-- routines ------------------------------------------------------------------------------------
DELIMITER //
CREATE FUNCTION r_plain(i INT) RETURNS INT DETERMINISTIC NO SQL COMMENT 'it''s "plain" \\'
RETURN i + 1//
CREATE FUNCTION r_comments(s VARCHAR(20)) RETURNS VARCHAR(50) CHARSET utf8mb4 DETERMINISTIC NO SQL
BEGIN
    -- a dash comment with an ' apostrophe and $$ and ;;
    # a hash comment with a " quote
    /* a block comment; with `backticks` and ' and
       a second line */
    SET s = CONCAT(s, '-- no comment', "# none /* either */"); /* trailing */ -- and more
    RETURN s; --
END//
DELIMITER $$
CREATE PROCEDURE r_delimiters(OUT a TEXT)
BEGIN
    SET a = ';; // $$ \\ '' "';
    SELECT 'semi;colon' INTO a; SELECT ";;" INTO a;
    BEGIN SET a = '//'; END;
END$$
CREATE PROCEDURE r_strings()
BEGIN
    DECLARE a TEXT DEFAULT 'a line that ends with two backslashes \\
and goes on';
    DECLARE b TEXT DEFAULT "double ""quoted""
line"; -- a comment that ends with a full stop.
    SELECT a, b, 'ünï 🧬', _latin1'x', X'00FF', N'national';
END$$
CREATE DEFINER=`nobody`@`nowhere.example` PROCEDURE `r we``ird'name`(IN `a b` INT, INOUT `c``d` DECIMAL(10,2))
    SQL SECURITY INVOKER MODIFIES SQL DATA COMMENT ''
BEGIN
    label: LOOP LEAVE label; END LOOP label;
    IF `a b` > 1 THEN SET `c``d` = 1.5; ELSE SET `c``d` = 2; END IF;
END$$
SET SESSION sql_mode = 'ANSI_QUOTES'$$
CREATE PROCEDURE r_ansi_quotes()
BEGIN
    -- "a name" and 'a text'
    SELECT "id" AS "the "" name", 'it''s' FROM "k_auto" WHERE "v" = 'back\\slash';
END$$
SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES'$$
CREATE PROCEDURE r_no_backslash_escapes()
BEGIN
    SELECT '\', 'C:\dir\', "\" ; -- the comment's end
    SELECT '\
'; # last
END$$
SET SESSION sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT'$$
CREATE FUNCTION r_pipes(a TEXT) RETURNS TEXT CHARSET utf8mb4 DETERMINISTIC NO SQL
RETURN a || '\' || 'x'$$
SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO'$$
CREATE FUNCTION r_uses_view() RETURNS INT READS SQL DATA
BEGIN
    DECLARE n INT;
    SELECT COUNT(*) INTO n FROM v_b_base;
    RETURN n;
END$$
CREATE FUNCTION r_calls_function() RETURNS INT READS SQL DATA
RETURN r_uses_view() + 1$$
CREATE PROCEDURE r_empty() BEGIN END$$
CREATE PROCEDURE r_handler()
BEGIN
    DECLARE done BOOLEAN DEFAULT FALSE;
    DECLARE c CURSOR FOR SELECT id FROM k_auto;
    DECLARE CONTINUE HANDLER FOR NOT FOUND SET done = TRUE;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION ROLLBACK;
    OPEN c; CLOSE c;
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'it''s /* no comment */';
END$$
DELIMITER ;

-- views ---------------------------------------------------------------------------------------
CREATE VIEW v_b_base AS SELECT id, v FROM k_auto WHERE v <> 'it''s; -- x';
CREATE VIEW v_a_on_b AS SELECT id FROM v_b_base;
CREATE VIEW v_0_on_a AS SELECT a.id, b.v FROM v_a_on_b a LEFT JOIN v_b_base b ON a.id = b.id;
CREATE ALGORITHM=MERGE VIEW v_merge AS SELECT id FROM k_auto;
CREATE ALGORITHM=TEMPTABLE VIEW v_temptable AS SELECT v, COUNT(*) AS n FROM k_auto GROUP BY v;
CREATE ALGORITHM=UNDEFINED SQL SECURITY INVOKER VIEW v_invoker AS SELECT 1 AS one;
CREATE DEFINER=CURRENT_USER SQL SECURITY DEFINER VIEW v_definer AS SELECT 'a''b' AS `q``uote`, 'back\\slash' AS `it's`;
CREATE VIEW v_local AS SELECT id, a FROM g_checks WHERE a > 1 WITH LOCAL CHECK OPTION;
CREATE VIEW v_cascaded AS SELECT id, a FROM v_local WHERE a < 100 WITH CASCADED CHECK OPTION;
CREATE VIEW v_columns (x, `y z`, `from`) AS SELECT id, v, 3 FROM k_auto;
CREATE VIEW v_union AS SELECT id FROM k_auto UNION SELECT id FROM f_self UNION ALL SELECT 5 ORDER BY 1 LIMIT 10;
CREATE VIEW v_subquery AS SELECT (SELECT MAX(id) FROM f_self s WHERE s.id > p.id) AS m FROM f_parent p WHERE p.id IN (SELECT parent FROM f_child);
CREATE VIEW v_function AS SELECT r_plain(id) AS n, r_comments(v) AS c FROM k_auto;
CREATE VIEW v_0_function_view AS SELECT r_uses_view() AS n;
CREATE VIEW v_0_nested_function AS SELECT r_calls_function() AS n;
CREATE VIEW v_strings AS SELECT 'ünï 🧬' AS a, _latin1'x' AS b, X'00FF' AS c, '%\\_' LIKE 'x' AS d, 'a\nb' AS e, '/* no */ -- comment' AS f;
CREATE VIEW `v we``ird "name"` AS SELECT `a``b` AS `x;y` FROM `back``tick` JOIN `with space` ON `a b` = `a``b`;
CREATE VIEW v_dates AS SELECT EXTRACT(YEAR FROM d) AS y, TRIM(BOTH 'x' FROM 'xax') AS t, d + INTERVAL 1 DAY AS n, CAST(d AS CHAR(10)) AS c FROM d_dates;
CREATE VIEW v_window AS SELECT id, ROW_NUMBER() OVER (PARTITION BY v ORDER BY id) AS r FROM k_auto;
CREATE VIEW v_cte AS WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 3) SELECT n FROM t;
CREATE VIEW v_derived AS SELECT d.m FROM (SELECT MAX(id) AS m FROM k_auto) d JOIN (SELECT 1 AS one) o ON TRUE;
CREATE VIEW v_nonsense_joins AS SELECT a.id FROM k_auto a STRAIGHT_JOIN f_self b ON a.id = b.id RIGHT JOIN f_parent c ON c.id = a.id CROSS JOIN empty_table;
CREATE DEFINER=`nobody`@`nowhere.example` SQL SECURITY DEFINER VIEW v_no_definer AS SELECT id FROM k_auto;
CREATE TABLE gone (id INT) ENGINE=InnoDB;
CREATE VIEW v_broken AS SELECT id FROM gone;
CREATE VIEW v_broken_2 AS SELECT id, 'two
lines' AS l FROM v_broken;
DROP TABLE gone;

-- triggers ------------------------------------------------------------------------------------
DELIMITER //
CREATE TRIGGER t_bi_2 BEFORE INSERT ON k_auto_second FOR EACH ROW SET NEW.a = NEW.a * 2//
CREATE TRIGGER t_bi_1 BEFORE INSERT ON k_auto_second FOR EACH ROW PRECEDES t_bi_2 SET NEW.a = NEW.a + 1//
CREATE TRIGGER t_bi_3 BEFORE INSERT ON k_auto_second FOR EACH ROW FOLLOWS t_bi_1
BEGIN
    -- between the two; it's "quoted" `all` ways: /* no */
    # hash
    SET NEW.a = NEW.a + 10; /* ;; $$ */ SET @x = '// in a text';
END//
DELIMITER ;;
CREATE TRIGGER t_au AFTER UPDATE ON k_auto_second FOR EACH ROW BEGIN IF OLD.a <> NEW.a THEN SET @log = CONCAT(@log, ';', '//'); END IF; END;;
CREATE TRIGGER t_bd BEFORE DELETE ON k_auto_second FOR EACH ROW SET @deleted = OLD.id;;
CREATE TRIGGER `t we``ird` AFTER INSERT ON `back``tick` FOR EACH ROW SET @x = '$$ // ;;;';;
SET SESSION sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES';;
CREATE TRIGGER t_ansi AFTER DELETE ON "it's ""quoted""" FOR EACH ROW SET @y = '\' ;;
SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO';;

-- events --------------------------------------------------------------------------------------
CREATE EVENT ev_every ON SCHEDULE EVERY 90 MINUTE STARTS '2030-01-01 00:00:00' ENDS '2031-01-01 00:00:00' DISABLE COMMENT 'it''s "q" \\' DO DELETE FROM empty_table;;
SET SESSION time_zone = '+05:30';;
CREATE EVENT ev_zone ON SCHEDULE EVERY 1 DAY STARTS '2030-03-31 02:30:00' ON COMPLETION PRESERVE DISABLE DO
BEGIN
    -- midnight in India; it's "late"; two semicolons here would hang mysqldump and mariadb-dump for ever
    SET @a = '; // $$'; /* block */
END;;
SET SESSION time_zone = 'SYSTEM';;
CREATE EVENT ev_once ON SCHEDULE AT '2035-01-01 12:00:00' ON COMPLETION PRESERVE DO SET @x = 1;;
SET SESSION time_zone = '+00:00', sql_mode = 'ANSI_QUOTES';;
CREATE EVENT `ev we``ird name` ON SCHEDULE EVERY '1:30' HOUR_MINUTE DISABLE DO SELECT "id" FROM "k_auto";;
SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO';;
DELIMITER ;
SET SESSION foreign_key_checks = 1;
