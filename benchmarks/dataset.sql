-- The data set of the benchmarks, made by a MariaDB server in the current database. The same on every run.
--
-- @scale is the size in percent; 100, the default, gives about 1.6 GB of InnoDB data and 1.9 GB of SQL:
--   a log of 3 million rows with two secondary indexes, 200,000 rows of text and JSON, 240 MB of bytes that cannot be
--   compressed, 2.5 million rows of numbers, 300 small tables.

SET @scale = COALESCE(@scale, 100);
SET SESSION unique_checks = 0, foreign_key_checks = 0, sql_log_bin = 0, group_concat_max_len = 1048576;
SET SESSION time_zone = '+00:00', NAMES utf8mb4;

CREATE TABLE request_log (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    logged_at DATETIME NOT NULL,
    account_id INT NOT NULL,
    method ENUM('GET', 'POST', 'PUT', 'DELETE') NOT NULL,
    path VARCHAR(255) NOT NULL,
    agent VARCHAR(255) NOT NULL,
    status SMALLINT NOT NULL,
    duration_ms DOUBLE NOT NULL,
    address VARCHAR(45) NULL,
    KEY logged_at (logged_at),
    KEY account_id (account_id, status)
) ENGINE = InnoDB;

INSERT INTO request_log
SELECT seq, '2020-01-01' + INTERVAL seq * 37 + CRC32(seq) % 31 SECOND, CRC32(CONCAT('a', seq)) % 20000,
    ELT(1 + CRC32(CONCAT('m', seq)) % 7, 'GET', 'GET', 'GET', 'GET', 'POST', 'PUT', 'DELETE'),
    CONCAT('/api/', ELT(1 + CRC32(CONCAT('p', seq)) % 6, 'entity', 'gene', 'review', 'status', 'publication', 'search'),
        '/', CRC32(CONCAT('q', seq)) % 90000, '?fields=', ELT(1 + CRC32(CONCAT('f', seq)) % 4,
            'symbol,hgnc_id,category,inheritance', 'entity_id,disease_ontology_name', 'all', 'synopsis,comment,is_primary'),
        '&page_after=', seq % 5000, '&page_size=', 10 * (1 + seq % 9)),
    CONCAT('Mozilla/5.0 (', ELT(1 + CRC32(CONCAT('o', seq)) % 4, 'X11; Linux x86_64', 'Windows NT 10.0; Win64; x64',
        'Macintosh; Intel Mac OS X 10_15_7', 'iPhone; CPU iPhone OS 17_4 like Mac OS X'),
        ') AppleWebKit/537.36 (KHTML, like Gecko) Version/', 90 + CRC32(CONCAT('v', seq)) % 40, '.0.',
        CRC32(CONCAT('w', seq)) % 7000),
    ELT(1 + CRC32(CONCAT('s', seq)) % 8, 200, 200, 200, 200, 200, 304, 404, 500),
    (CRC32(CONCAT('d', seq)) % 1000000) / 997,
    IF(seq % 11 = 0, NULL, CONCAT_WS('.', 10, seq % 250, CRC32(CONCAT('x', seq)) % 250, CRC32(CONCAT('y', seq)) % 250))
FROM seq_1_to_3000000 WHERE seq <= 30000 * @scale;

CREATE TABLE review (
    id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    synopsis TEXT NOT NULL,
    document JSON NULL,
    edited_at TIMESTAMP NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

INSERT INTO review
SELECT seq,
    (SELECT GROUP_CONCAT(ELT(1 + CRC32(CONCAT(r.seq, '-', w.seq)) % 24, 'patients', 'with', 'pathogenic', 'variants', 'in',
        'this gene', 'show', 'developmental delay', 'seizures', 'microcephaly', 'hypotonia', 'and', 'the family\'s',
        'de novo', 'heterozygous', 'missense', 'autosomal', 'dominant', 'recessive', 'inheritance;', 'was “confirmed”',
        'by sequencing', 'über', 'two siblings.') SEPARATOR ' ') FROM seq_1_to_60 AS w),
    JSON_OBJECT('id', seq, 'score', CRC32(seq) % 1000 / 7, 'tags', JSON_ARRAY('definitive', SHA1(seq), seq % 17),
        'note', CONCAT('row "', seq, '"')),
    FROM_UNIXTIME(1500000000 + CRC32(seq) % 200000000)
FROM seq_1_to_200000 AS r WHERE seq <= 2000 * @scale;

CREATE TABLE attachment (
    id INT NOT NULL PRIMARY KEY,
    name VARCHAR(100) NOT NULL,
    content MEDIUMBLOB NOT NULL
) ENGINE = InnoDB;

-- Blocks that all differ, encrypted with a key of each row's own: no compressor finds anything in them.
SET @plain = (SELECT GROUP_CONCAT(LPAD(seq, 16, '0') SEPARATOR '') FROM seq_1_to_3750);
INSERT INTO attachment
SELECT seq, CONCAT('figure-', seq, '.png'), AES_ENCRYPT(@plain, CONCAT('benchmark', seq))
FROM seq_1_to_4000 WHERE seq <= 40 * @scale;

CREATE TABLE measurement (
    sample INT NOT NULL,
    position SMALLINT NOT NULL,
    depth INT UNSIGNED NOT NULL,
    quality FLOAT NOT NULL,
    ratio DOUBLE NOT NULL,
    price DECIMAL(20, 6) NOT NULL,
    counter BIGINT NOT NULL,
    PRIMARY KEY (sample, position)
) ENGINE = InnoDB;

INSERT INTO measurement
SELECT seq DIV 500, seq % 500, CRC32(seq), CRC32(CONCAT('q', seq)) / 7919, CRC32(CONCAT('r', seq)) / 104729,
    CRC32(CONCAT('p', seq)) / 1000, CAST(CRC32(CONCAT('c', seq)) AS SIGNED) * 1000003 - 2000000000000
FROM seq_1_to_2500000 WHERE seq <= 25000 * @scale;

DELIMITER $$
CREATE PROCEDURE make_small_tables()
BEGIN
    DECLARE n INT DEFAULT 1;
    WHILE n <= 300 DO
        EXECUTE IMMEDIATE CONCAT('CREATE TABLE small_', n, ' (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, ',
            'label VARCHAR(100) NOT NULL, amount DECIMAL(10, 2) NULL, changed_at DATETIME NULL) ENGINE = InnoDB');
        EXECUTE IMMEDIATE CONCAT('INSERT INTO small_', n, ' SELECT seq, CONCAT("label ", seq * ', n,
            '), seq / 7, "2024-01-01" + INTERVAL seq HOUR FROM seq_1_to_', 20 + n % 200);
        SET n = n + 1;
    END WHILE;
END $$
DELIMITER ;
CALL make_small_tables();
DROP PROCEDURE make_small_tables;
