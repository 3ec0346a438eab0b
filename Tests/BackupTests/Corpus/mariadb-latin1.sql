-- In latin1, as latin1.sql: what only MariaDB accepts, bytes of another character set in comments of a body.
SET NAMES latin1;
DELIMITER //
CREATE PROCEDURE r_latin1_comments()
BEGIN
    -- für Zürich; it's "é"
    SELECT 'ü'; # naïve
    /* ÿ */
END//
CREATE TRIGGER t_latin1_comment AFTER UPDATE ON s_latin1 FOR EACH ROW BEGIN SET @a = 'Ärger'; /* ß */ END//
CREATE EVENT ev_latin1_comment ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' DISABLE DO BEGIN /* täglich */ SET @ü = 'ö'; END//
DELIMITER ;
SET NAMES utf8mb4;
