-- HGNC now lists several OMIM ids for a gene, and one RNAcentral id that is longer than its column: omim_id takes 40
-- characters, rna_central_ids becomes rna_central_id and takes 30.
--
-- The procedure exists while this file runs, and never narrows a column that is wider already.
--
-- sysndd: verify SELECT COUNT(*) = 1 FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'non_alt_loci_set' AND COLUMN_NAME = 'omim_id' AND CHARACTER_MAXIMUM_LENGTH >= 40
-- sysndd: verify SELECT COUNT(*) = 1 AND MIN(COLUMN_NAME) = 'rna_central_id' FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'non_alt_loci_set' AND COLUMN_NAME IN ('rna_central_id', 'rna_central_ids')
-- sysndd: verify SELECT COUNT(*) = 0 FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() AND ROUTINE_NAME = 'migrate_hgnc_columns'

DROP PROCEDURE IF EXISTS migrate_hgnc_columns;

DELIMITER //

CREATE PROCEDURE migrate_hgnc_columns()
    SQL SECURITY INVOKER
BEGIN
    IF EXISTS (
        SELECT 1
        FROM information_schema.COLUMNS
        WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'non_alt_loci_set'
            AND COLUMN_NAME = 'omim_id' AND CHARACTER_MAXIMUM_LENGTH < 40
    ) THEN
        ALTER TABLE non_alt_loci_set MODIFY COLUMN omim_id VARCHAR(40) NULL;
    END IF;

    IF EXISTS (
        SELECT 1
        FROM information_schema.COLUMNS
        WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'non_alt_loci_set' AND COLUMN_NAME = 'rna_central_ids'
    ) THEN
        ALTER TABLE non_alt_loci_set CHANGE COLUMN rna_central_ids rna_central_id VARCHAR(30) NULL;
    END IF;
END //

DELIMITER ;

CALL migrate_hgnc_columns();

DROP PROCEDURE migrate_hgnc_columns;
