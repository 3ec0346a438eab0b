-- In latin1, as an old client wrote it: this file is not UTF-8. The bytes of the texts must come back.
SET NAMES latin1;
DELIMITER //
CREATE PROCEDURE r_latin1() COMMENT 'Zürich'
BEGIN
    SELECT 'Zürich', "naïve" AS `größe`; /* it's "plain" */
END//
CREATE FUNCTION `r_größe`(`länge` INT) RETURNS VARCHAR(20) CHARSET latin1 DETERMINISTIC NO SQL
RETURN CONCAT('ü', `länge`)//
CREATE TRIGGER t_latin1 BEFORE UPDATE ON s_latin1 FOR EACH ROW BEGIN SET NEW.a = 'Ärger'; END//
CREATE EVENT ev_latin1 ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' DISABLE COMMENT 'täglich' DO SET @`ü` = 'ö'//
DELIMITER ;
CREATE VIEW v_latin1 AS SELECT id, 'Zürich' AS `größe`, a FROM s_latin1 WHERE a <> 'ß';
SET NAMES cp1251;
CREATE VIEW v_cp1251 AS SELECT 'ïðè' AS a;
SET NAMES utf8mb4;
