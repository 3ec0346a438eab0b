-- Passwords are stored as hashes from now on, and a hash is longer than the 50 characters that there were.
--
-- A column that is wide enough already is left alone, which saves a copy of the table.
--
-- sysndd: verify SELECT COUNT(*) = 1 FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'user' AND COLUMN_NAME = 'password' AND CHARACTER_MAXIMUM_LENGTH >= 255 AND IS_NULLABLE = 'YES'

SET @statement = (
    SELECT IF(
        COUNT(*) > 0,
        'ALTER TABLE `user` MODIFY COLUMN password VARCHAR(255) NULL',
        'DO 0'
    )
    FROM information_schema.COLUMNS
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'user'
        AND COLUMN_NAME = 'password' AND CHARACTER_MAXIMUM_LENGTH < 255
);
PREPARE migration FROM @statement;
EXECUTE migration;
DEALLOCATE PREPARE migration;
