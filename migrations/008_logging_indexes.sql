-- The administrators' log page filters by time, by status within a time, and by path: three secondary indexes, so that it
-- does not read the whole table.
--
-- Each guard asks for `> 0` rows: information_schema.STATISTICS has one row for each column of an index.
--
-- sysndd: verify SELECT COUNT(*) = 1 FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'logging' AND INDEX_NAME = 'idx_logging_timestamp'
-- sysndd: verify SELECT COUNT(*) = 2 FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'logging' AND INDEX_NAME = 'idx_logging_status_timestamp'
-- sysndd: verify SELECT COUNT(*) = 1 FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'logging' AND INDEX_NAME = 'idx_logging_path'

SET @statement = (
    SELECT IF(
        COUNT(*) > 0,
        'DO 0',
        'ALTER TABLE logging ADD INDEX idx_logging_timestamp (timestamp)'
    )
    FROM information_schema.STATISTICS
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'logging' AND INDEX_NAME = 'idx_logging_timestamp'
);
PREPARE migration FROM @statement;
EXECUTE migration;
DEALLOCATE PREPARE migration;

SET @statement = (
    SELECT IF(
        COUNT(*) > 0,
        'DO 0',
        'ALTER TABLE logging ADD INDEX idx_logging_status_timestamp (status, timestamp)'
    )
    FROM information_schema.STATISTICS
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'logging' AND INDEX_NAME = 'idx_logging_status_timestamp'
);
PREPARE migration FROM @statement;
EXECUTE migration;
DEALLOCATE PREPARE migration;

SET @statement = (
    SELECT IF(
        COUNT(*) > 0,
        'DO 0',
        'ALTER TABLE logging ADD INDEX idx_logging_path (path(191))'
    )
    FROM information_schema.STATISTICS
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'logging' AND INDEX_NAME = 'idx_logging_path'
);
PREPARE migration FROM @statement;
EXECUTE migration;
DEALLOCATE PREPARE migration;
