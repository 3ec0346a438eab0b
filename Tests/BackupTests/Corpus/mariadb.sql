-- What only MariaDB has. Load it after common.sql into the same database.
SET NAMES utf8mb4;
SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO', time_zone = '+00:00';

-- sequences -----------------------------------------------------------------------------------
CREATE SEQUENCE seq_plain;
SELECT NEXTVAL(seq_plain);
CREATE SEQUENCE seq_fresh START WITH 100 INCREMENT BY 10 MINVALUE 50 MAXVALUE 10000 CACHE 5;
CREATE SEQUENCE seq_down START WITH -1 INCREMENT BY -2 MINVALUE -100 MAXVALUE -1 NOCACHE;
SELECT NEXTVAL(seq_down), NEXTVAL(seq_down);
CREATE SEQUENCE seq_cycle START WITH 1 MINVALUE 1 MAXVALUE 3 NOCACHE CYCLE;
SELECT NEXTVAL(seq_cycle), NEXTVAL(seq_cycle), NEXTVAL(seq_cycle), NEXTVAL(seq_cycle);
CREATE SEQUENCE seq_spent START WITH 1 MINVALUE 1 MAXVALUE 2 NOCACHE NOCYCLE;
SELECT NEXTVAL(seq_spent), NEXTVAL(seq_spent);
CREATE SEQUENCE `seq we``ird` COMMENT 'it''s';
SELECT SETVAL(`seq we``ird`, 500, 0);
CREATE SEQUENCE seq_myisam ENGINE=MyISAM;
SELECT NEXTVAL(seq_myisam);
CREATE TABLE q_default (id INT NOT NULL DEFAULT NEXTVAL(seq_plain) PRIMARY KEY, v INT DEFAULT (NEXT VALUE FOR seq_fresh), s VARCHAR(40) DEFAULT 'nextval(`seq`)') ENGINE=InnoDB;
INSERT INTO q_default (s) VALUES ('a'), ('b');
CREATE VIEW v_sequence AS SELECT PREVIOUS VALUE FOR seq_plain AS last, start_value FROM seq_plain;
CREATE VIEW v_nextval AS SELECT NEXTVAL(seq_fresh) AS n, NEXTVAL(`seq we``ird`) AS m;

-- system versioning and periods ---------------------------------------------------------------
CREATE TABLE sv_plain (id INT PRIMARY KEY, v INT) ENGINE=InnoDB WITH SYSTEM VERSIONING;
INSERT INTO sv_plain VALUES (1, 1), (2, 2), (3, 3);
UPDATE sv_plain SET v = 10 WHERE id = 1;
DELETE FROM sv_plain WHERE id = 2;
CREATE TABLE sv_columns (
    id INT PRIMARY KEY, v INT, noted TIMESTAMP NULL WITHOUT SYSTEM VERSIONING, s TIMESTAMP(6) GENERATED ALWAYS AS ROW START INVISIBLE, e TIMESTAMP(6) GENERATED ALWAYS AS ROW END,
    PERIOD FOR SYSTEM_TIME (s, e)
) ENGINE=InnoDB WITH SYSTEM VERSIONING;
INSERT INTO sv_columns (id, v) VALUES (1, 1);
UPDATE sv_columns SET v = 2;
CREATE TABLE sv_transactions (
    id INT PRIMARY KEY, s BIGINT UNSIGNED GENERATED ALWAYS AS ROW START, e BIGINT UNSIGNED GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (s, e)
) ENGINE=InnoDB WITH SYSTEM VERSIONING;
INSERT INTO sv_transactions (id) VALUES (1);
CREATE TABLE sv_partitions (id INT) ENGINE=InnoDB WITH SYSTEM VERSIONING PARTITION BY SYSTEM_TIME (PARTITION old HISTORY, PARTITION now CURRENT);
INSERT INTO sv_partitions VALUES (1), (2);
DELETE FROM sv_partitions WHERE id = 1;
CREATE TABLE ap_period (id INT NOT NULL, s DATE NOT NULL, e DATE NOT NULL, PERIOD FOR booking (s, e), UNIQUE KEY (id, booking WITHOUT OVERLAPS)) ENGINE=InnoDB;
INSERT INTO ap_period VALUES (1, '2024-01-01', '2024-02-01'), (1, '2024-02-01', '2024-03-01');
CREATE TABLE ap_both (id INT, s DATE, e DATE, PERIOD FOR p (s, e), PRIMARY KEY (id, p WITHOUT OVERLAPS)) ENGINE=InnoDB WITH SYSTEM VERSIONING;
INSERT INTO ap_both VALUES (1, '2024-01-01', '2024-02-01');
CREATE VIEW v_history AS SELECT id, v FROM sv_plain FOR SYSTEM_TIME ALL;

-- types and columns ---------------------------------------------------------------------------
CREATE TABLE m_types (id INT PRIMARY KEY, u UUID, i6 INET6, i4 INET4, UNIQUE KEY (u)) ENGINE=InnoDB;
INSERT INTO m_types VALUES (1, '123e4567-e89b-12d3-a456-426655440000', '2001:db8::ff00:42:8329', '192.0.2.1'), (2, NULL, '::', '0.0.0.0'), (3, 'ffffffff-ffff-ffff-ffff-ffffffffffff', '::ffff:192.0.2.1', '255.255.255.255');
CREATE TABLE m_uuid_key (u UUID NOT NULL PRIMARY KEY DEFAULT UUID(), v INT) ENGINE=InnoDB;
INSERT INTO m_uuid_key VALUES ('00000000-0000-1000-8000-000000000000', 1), ('ffffffff-ffff-4fff-bfff-ffffffffffff', 2);
CREATE TABLE m_inet_key (i INET6 NOT NULL PRIMARY KEY) ENGINE=InnoDB;
INSERT INTO m_inet_key VALUES ('::1'), ('fe80::1');
CREATE TABLE m_compressed (id INT PRIMARY KEY, t TEXT COMPRESSED, b VARBINARY(1000) COMPRESSED) ENGINE=InnoDB;
INSERT INTO m_compressed VALUES (1, REPEAT('abc', 1000), REPEAT(X'00FF', 400));
CREATE TABLE m_page_compressed (id INT PRIMARY KEY) ENGINE=InnoDB PAGE_COMPRESSED=1 PAGE_COMPRESSION_LEVEL=3;
INSERT INTO m_page_compressed VALUES (1);
CREATE TABLE m_long_unique (t TEXT NOT NULL, b BLOB NOT NULL, UNIQUE KEY (t), UNIQUE KEY (b, t)) ENGINE=InnoDB;
INSERT INTO m_long_unique VALUES ('a', 'b'), ('c', 'd');
CREATE TABLE m_ignored (id INT NOT NULL, n INT NOT NULL, v INT, UNIQUE KEY u (id, n), UNIQUE KEY i (n) IGNORED, KEY (v)) ENGINE=InnoDB;
INSERT INTO m_ignored VALUES (1, 1, 1);
CREATE TABLE m_defaults (id INT PRIMARY KEY, a INT DEFAULT (id + 1), b VARCHAR(50) DEFAULT UUID(), c VARCHAR(64) DEFAULT USER(), d DATETIME DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP) ENGINE=InnoDB;
INSERT INTO m_defaults VALUES (1, 5, 'x', 'y', '2024-01-01');
CREATE TABLE m_checks (id INT PRIMARY KEY CHECK (id > 0), j JSON, t LONGTEXT CHECK (JSON_VALID(t)), CHECK (id < 1000)) ENGINE=InnoDB;
INSERT INTO m_checks VALUES (1, '{"a":  1}', '[]');
SET SESSION check_constraint_checks = 0;
INSERT INTO m_checks VALUES (2000, '{}', 'not json');
SET SESSION check_constraint_checks = 1;
CREATE TABLE m_geometry (id INT PRIMARY KEY, g GEOMETRY REF_SYSTEM_ID=4326, p POINT) ENGINE=InnoDB;
INSERT INTO m_geometry VALUES (1, ST_GeomFromText('POINT(10 20)', 4326), ST_GeomFromText('POINT(1 2)', 3857));
CREATE TABLE m_uca (id VARCHAR(50) PRIMARY KEY) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_nopad_ci;
INSERT INTO m_uca VALUES ('a'), ('a ');
CREATE TABLE m_aria (id INT AUTO_INCREMENT PRIMARY KEY, t TEXT) ENGINE=Aria TRANSACTIONAL=1 ROW_FORMAT=PAGE;
INSERT INTO m_aria (t) VALUES ('crash safe'), ('but without snapshots');
CREATE TABLE m_aria_0 (id INT PRIMARY KEY) ENGINE=Aria TRANSACTIONAL=0;
INSERT INTO m_aria_0 VALUES (1);
CREATE TABLE m_descending (a INT NOT NULL, b INT, PRIMARY KEY (a DESC), KEY (b DESC, a)) ENGINE=InnoDB;
INSERT INTO m_descending VALUES (1, 1), (2, 2);

-- routines ------------------------------------------------------------------------------------
DELIMITER //
CREATE OR REPLACE AGGREGATE FUNCTION r_aggregate(x INT) RETURNS INT DETERMINISTIC NO SQL
BEGIN
    DECLARE s INT DEFAULT 0;
    DECLARE CONTINUE HANDLER FOR NOT FOUND RETURN s;
    LOOP FETCH GROUP NEXT ROW; SET s = s + x; END LOOP;
END//
CREATE PROCEDURE r_anchored(IN a TYPE OF k_auto.id, OUT b ROW TYPE OF k_auto)
BEGIN
    FOR r IN (SELECT id, v FROM k_auto) DO SET b.id = r.id; END FOR; -- it's `done`
END//
SET SESSION sql_mode = ORACLE//
CREATE OR REPLACE PROCEDURE r_oracle(a IN INT, b OUT VARCHAR2(20)) AS
    c INT := 5; -- the "Oracle" way; it's different
BEGIN
    b := 'x' || a || c;
    IF a > 1 THEN NULL; END IF; /* ;; // $$ */
END;//
CREATE OR REPLACE FUNCTION r_oracle_function(a INT) RETURN VARCHAR2(20) DETERMINISTIC AS
BEGIN
    RETURN 'a' || a;
END;//
CREATE OR REPLACE PACKAGE pkg AS
    -- the public part
    FUNCTION twice(a INT) RETURN INT;
    PROCEDURE show_it();
END;//
CREATE OR REPLACE PACKAGE BODY pkg AS
    hidden INT := 3; -- it's hidden
    FUNCTION own(a INT) RETURN INT AS BEGIN RETURN a * hidden; END;
    FUNCTION twice(a INT) RETURN INT AS BEGIN RETURN own(a) * 2; END;
    PROCEDURE show_it() AS BEGIN SELECT twice(1); END;
BEGIN
    hidden := 4;
END;//
CREATE OR REPLACE PACKAGE `Pkg we``ird` AS PROCEDURE p; END;//
CREATE OR REPLACE TRIGGER t_oracle BEFORE INSERT ON m_defaults FOR EACH ROW BEGIN :NEW.a := 1; -- "oracle"
END;//
SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO'//
DELIMITER ;
CREATE VIEW v_aggregate AS SELECT r_aggregate(id) AS s FROM k_auto;
CREATE VIEW v_json_table AS SELECT t.n FROM JSON_TABLE('[{"a": 1}]', '$[*]' COLUMNS (n INT PATH '$.a')) t;
CREATE VIEW v_partition AS SELECT id FROM p_range PARTITION (p0, p1);
CREATE TABLE m_wide_default (id INT PRIMARY KEY, `d ?` VARCHAR(20) DEFAULT 'it''s 🧬 \\ ?', e TEXT DEFAULT '?', n INT DEFAULT 3 COMMENT 'really?') ENGINE=InnoDB;
INSERT INTO m_wide_default (id) VALUES (1);
