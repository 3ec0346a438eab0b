-- Views that the web API reads: accounts without their passwords, and entities with the names that belong to their ids.
--
-- SQL SECURITY INVOKER: they work after a restore on a server that does not know the account that made them.
--
-- sysndd: verify SELECT COUNT(*) = 2 FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN ('users_view', 'ndd_entity_view')
-- sysndd: verify SELECT (SELECT COUNT(*) FROM ndd_entity_view) = (SELECT COUNT(*) FROM ndd_entity)

CREATE OR REPLACE SQL SECURITY INVOKER VIEW users_view AS
SELECT
    user_id,
    user_name,
    email AS user_email,
    user_role
FROM `user`;

-- Outer joins: an entity whose gene, disease or inheritance is not known yet is shown all the same.
CREATE OR REPLACE SQL SECURITY INVOKER VIEW ndd_entity_view AS
SELECT
    entity.entity_id,
    entity.hgnc_id,
    gene.symbol,
    entity.disease_ontology_id_version,
    disease.disease_ontology_name,
    entity.hpo_mode_of_inheritance_term,
    inheritance.name AS hpo_mode_of_inheritance_term_name,
    entity.ndd_phenotype,
    entity.entry_date,
    entity.entry_source,
    entity.entry_user_id,
    entity.is_active,
    entity.replaced_by
FROM ndd_entity AS entity
LEFT JOIN non_alt_loci_set AS gene
    ON gene.hgnc_id = entity.hgnc_id
LEFT JOIN disease_ontology_set AS disease
    ON disease.disease_ontology_id_version = entity.disease_ontology_id_version
LEFT JOIN mode_of_inheritance_list AS inheritance
    ON inheritance.hpo_mode_of_inheritance_term = entity.hpo_mode_of_inheritance_term;
