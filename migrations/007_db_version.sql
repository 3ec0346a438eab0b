-- The version of the data, as the web API shows it: one row, with the id 1. (Which migrations ran is not told here
-- but by schema_version.)
--
-- sysndd: verify SELECT COUNT(*) = 1 AND MIN(id) = 1 FROM db_version

CREATE TABLE IF NOT EXISTS db_version (
    id INT NOT NULL DEFAULT 1,
    db_version VARCHAR(50) NOT NULL,
    db_commit VARCHAR(64) NULL,
    description VARCHAR(500) NULL,
    applied_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    CONSTRAINT chk_db_version_one_row CHECK (id = 1)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

INSERT INTO db_version (id, db_version, db_commit, description)
SELECT 1, '1.0.0', NULL, 'made by migration 007'
FROM (SELECT 1 AS one) AS seed
WHERE NOT EXISTS (SELECT 1 FROM db_version WHERE id = 1);
