-- The tables that every SysNDD database began with, and the system account.
--
-- They are made as they were before migrations 001 and later: what those add or widen is not here.
-- A table that exists already is left as it is, whatever its columns are by now.
--
-- sysndd: verify SELECT COUNT(*) = 9 FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN ('user', 'non_alt_loci_set', 'mode_of_inheritance_list', 'disease_ontology_set', 'ndd_entity', 'ndd_entity_review', 'ndd_entity_status', 'publication', 'logging')
-- sysndd: verify SELECT COUNT(*) >= 11 FROM information_schema.KEY_COLUMN_USAGE WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN ('ndd_entity', 'ndd_entity_review', 'ndd_entity_status') AND REFERENCED_TABLE_NAME IS NOT NULL
-- sysndd: verify SELECT COUNT(*) = 1 FROM `user` WHERE user_id = 1 AND user_name = 'system'

CREATE TABLE IF NOT EXISTS `user` (
    user_id INT NOT NULL AUTO_INCREMENT,
    user_name VARCHAR(50) NULL,
    password VARCHAR(50) NULL,
    email VARCHAR(50) NULL,
    orcid VARCHAR(50) NULL,
    abbreviation VARCHAR(50) NULL,
    first_name VARCHAR(100) NULL,
    family_name VARCHAR(100) NULL,
    user_role CHAR(15) NOT NULL DEFAULT 'Viewer',
    comment VARCHAR(250) NULL,
    terms_agreed TINYINT NULL,
    approved TINYINT NULL DEFAULT 0,
    rereview_request TINYINT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    password_reset_date TIMESTAMP NULL DEFAULT NULL,
    PRIMARY KEY (user_id),
    UNIQUE KEY uq_user_user_name (user_name),
    UNIQUE KEY uq_user_email (email),
    UNIQUE KEY uq_user_orcid (orcid)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- Owns what no person did. It has no password, so nobody signs in as it.
INSERT INTO `user` (user_id, user_name, password, email, user_role, approved)
SELECT 1, 'system', NULL, 'system@sysndd.invalid', 'Administrator', 1
FROM (SELECT 1 AS one) AS seed
WHERE NOT EXISTS (SELECT 1 FROM `user` WHERE user_id = 1);

CREATE TABLE IF NOT EXISTS non_alt_loci_set (
    hgnc_id VARCHAR(10) NOT NULL,
    symbol VARCHAR(50) NULL,
    name VARCHAR(200) NULL,
    locus_group VARCHAR(50) NULL,
    locus_type VARCHAR(50) NULL,
    status VARCHAR(10) NULL,
    location VARCHAR(50) NULL,
    alias_symbol VARCHAR(200) NULL,
    alias_name VARCHAR(1000) NULL,
    prev_symbol VARCHAR(200) NULL,
    prev_name VARCHAR(1000) NULL,
    entrez_id VARCHAR(15) NULL,
    ensembl_gene_id VARCHAR(15) NULL,
    uniprot_ids VARCHAR(100) NULL,
    omim_id VARCHAR(10) NULL,
    rna_central_ids VARCHAR(10) NULL,
    update_date TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (hgnc_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS mode_of_inheritance_list (
    hpo_mode_of_inheritance_term VARCHAR(10) NOT NULL,
    name VARCHAR(100) NULL,
    is_active TINYINT NULL,
    PRIMARY KEY (hpo_mode_of_inheritance_term)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS disease_ontology_set (
    disease_ontology_id_version VARCHAR(20) NOT NULL,
    disease_ontology_id VARCHAR(15) NULL,
    disease_ontology_name VARCHAR(500) NULL,
    disease_ontology_source VARCHAR(15) NULL,
    hgnc_id VARCHAR(10) NULL,
    MONDO VARCHAR(200) NULL,
    Orphanet VARCHAR(200) NULL,
    is_active TINYINT NULL,
    update_date TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (disease_ontology_id_version)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS ndd_entity (
    entity_id INT NOT NULL AUTO_INCREMENT,
    hgnc_id VARCHAR(10) NULL,
    hpo_mode_of_inheritance_term VARCHAR(10) NULL,
    disease_ontology_id_version VARCHAR(20) NULL,
    ndd_phenotype TINYINT NULL,
    entry_date TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    entry_source CHAR(100) NULL,
    entry_user_id INT NULL,
    is_active TINYINT NULL,
    replaced_by INT NULL,
    PRIMARY KEY (entity_id),
    CONSTRAINT fk_ndd_entity_gene FOREIGN KEY (hgnc_id) REFERENCES non_alt_loci_set (hgnc_id),
    CONSTRAINT fk_ndd_entity_inheritance FOREIGN KEY (hpo_mode_of_inheritance_term)
        REFERENCES mode_of_inheritance_list (hpo_mode_of_inheritance_term),
    CONSTRAINT fk_ndd_entity_disease FOREIGN KEY (disease_ontology_id_version)
        REFERENCES disease_ontology_set (disease_ontology_id_version),
    CONSTRAINT fk_ndd_entity_entry_user FOREIGN KEY (entry_user_id) REFERENCES `user` (user_id),
    CONSTRAINT fk_ndd_entity_replaced_by FOREIGN KEY (replaced_by) REFERENCES ndd_entity (entity_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS ndd_entity_review (
    review_id INT NOT NULL AUTO_INCREMENT,
    entity_id INT NULL,
    synopsis TEXT NULL,
    is_primary TINYINT NULL,
    review_date TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    review_user_id INT NULL,
    review_approved TINYINT NULL,
    approving_user_id INT NULL,
    comment VARCHAR(1000) NULL,
    PRIMARY KEY (review_id),
    CONSTRAINT fk_ndd_entity_review_entity FOREIGN KEY (entity_id) REFERENCES ndd_entity (entity_id),
    CONSTRAINT fk_ndd_entity_review_user FOREIGN KEY (review_user_id) REFERENCES `user` (user_id),
    CONSTRAINT fk_ndd_entity_review_approving_user FOREIGN KEY (approving_user_id) REFERENCES `user` (user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS ndd_entity_status (
    status_id INT NOT NULL AUTO_INCREMENT,
    entity_id INT NULL,
    category_id DOUBLE NULL,
    is_active TINYINT NULL,
    status_date TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    status_user_id INT NULL,
    status_approved TINYINT NULL,
    approving_user_id INT NULL,
    problematic TINYINT NULL,
    comment VARCHAR(1000) NULL,
    PRIMARY KEY (status_id),
    CONSTRAINT fk_ndd_entity_status_entity FOREIGN KEY (entity_id) REFERENCES ndd_entity (entity_id),
    CONSTRAINT fk_ndd_entity_status_user FOREIGN KEY (status_user_id) REFERENCES `user` (user_id),
    CONSTRAINT fk_ndd_entity_status_approving_user FOREIGN KEY (approving_user_id) REFERENCES `user` (user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS publication (
    publication_id VARCHAR(15) NOT NULL,
    Title VARCHAR(1000) NULL,
    Abstract TEXT NULL,
    Publication_date DATE NULL,
    Journal VARCHAR(200) NULL,
    Lastname VARCHAR(255) NULL,
    Firstname VARCHAR(255) NULL,
    PRIMARY KEY (publication_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- One row for each request to the web API. Its indexes come with 008.
CREATE TABLE IF NOT EXISTS logging (
    id INT NOT NULL AUTO_INCREMENT,
    timestamp DATETIME NULL,
    address VARCHAR(255) NULL,
    agent TEXT NULL,
    host VARCHAR(255) NULL,
    request_method VARCHAR(10) NULL,
    path TEXT NULL,
    query TEXT NULL,
    post TEXT NULL,
    status INT NULL,
    duration FLOAT NULL,
    file VARCHAR(255) NULL,
    modified TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
