-- The text of the "About" page moves into the database, so that curators edit it: drafts and published versions.
--
-- sysndd: verify SELECT COUNT(*) = 1 FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE() AND TABLE_NAME = 'about_content' AND REFERENCED_TABLE_NAME = 'user'

CREATE TABLE IF NOT EXISTS about_content (
    id INT NOT NULL AUTO_INCREMENT,
    user_id INT NOT NULL,
    sections_json JSON NOT NULL,
    status ENUM('draft', 'published') NULL DEFAULT 'draft',
    version INT NULL,
    published_at TIMESTAMP NULL DEFAULT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    CONSTRAINT fk_about_content_user FOREIGN KEY (user_id) REFERENCES `user` (user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
