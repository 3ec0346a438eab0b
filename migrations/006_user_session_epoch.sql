-- Every access token carries its owner's session epoch. Raising the number in this column, after a new password or a
-- change of role, ends all sessions of that account.
--
-- sysndd: verify SELECT COUNT(*) = 1 FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'user' AND COLUMN_NAME = 'session_epoch' AND DATA_TYPE = 'int' AND IS_NULLABLE = 'NO' AND COLUMN_DEFAULT = '0'

SET @statement = (
    SELECT IF(
        COUNT(*) > 0,
        'DO 0',
        'ALTER TABLE `user` ADD COLUMN session_epoch INT NOT NULL DEFAULT 0'
    )
    FROM information_schema.COLUMNS
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'user' AND COLUMN_NAME = 'session_epoch'
);
PREPARE migration FROM @statement;
EXECUTE migration;
DEALLOCATE PREPARE migration;
