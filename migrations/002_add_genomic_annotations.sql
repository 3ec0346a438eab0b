-- Genes get their gnomAD constraint scores (a JSON document) and the id of their AlphaFold structure.
--
-- Only MariaDB knows ADD COLUMN IF NOT EXISTS, so each column is asked for in information_schema first.
--
-- sysndd: verify SELECT COUNT(*) = 1 FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'non_alt_loci_set' AND COLUMN_NAME = 'gnomad_constraints' AND DATA_TYPE = 'text' AND IS_NULLABLE = 'YES'
-- sysndd: verify SELECT COUNT(*) = 1 FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'non_alt_loci_set' AND COLUMN_NAME = 'alphafold_id' AND COLUMN_TYPE = 'varchar(100)' AND IS_NULLABLE = 'YES'

SET @statement = (
    SELECT IF(
        COUNT(*) > 0,
        'DO 0',
        'ALTER TABLE non_alt_loci_set ADD COLUMN gnomad_constraints TEXT NULL'
    )
    FROM information_schema.COLUMNS
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'non_alt_loci_set' AND COLUMN_NAME = 'gnomad_constraints'
);
PREPARE migration FROM @statement;
EXECUTE migration;
DEALLOCATE PREPARE migration;

SET @statement = (
    SELECT IF(
        COUNT(*) > 0,
        'DO 0',
        'ALTER TABLE non_alt_loci_set ADD COLUMN alphafold_id VARCHAR(100) NULL'
    )
    FROM information_schema.COLUMNS
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'non_alt_loci_set' AND COLUMN_NAME = 'alphafold_id'
);
PREPARE migration FROM @statement;
EXECUTE migration;
DEALLOCATE PREPARE migration;
