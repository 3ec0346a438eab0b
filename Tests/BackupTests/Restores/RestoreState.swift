import Foundation
import TestSupport

@testable import OpsCore

/// All that a database is: every definition, and the checksum of each table's rows. The lease is not part of it.
struct RestoreState: Equatable {
    let fingerprint: String
    let rows: [String: RowChecksum]

    init(_ scope: BackupScope) async throws {
        fingerprint = try await DatabaseConnection(scope.database).schema().fingerprint
        rows = try await BackupScope.checksums(scope.database)
    }
}

extension BackupScope {
    var restore: Restore { Restore(database: database, directory: folder) }

    /// A small database with every kind of object that is not moved with its tables.
    func fillSmall() async throws {
        try await execute(
            "CREATE TABLE parent (id INT PRIMARY KEY AUTO_INCREMENT, v VARCHAR(20))",
            "CREATE TABLE child (id INT PRIMARY KEY, parent INT, FOREIGN KEY (parent) REFERENCES parent (id))",
            "INSERT INTO parent VALUES (1, 'one'), (2, 'two')", "INSERT INTO child VALUES (1, 1), (2, 2), (3, NULL)",
            "CREATE FUNCTION f() RETURNS INT DETERMINISTIC NO SQL RETURN 1",
            "CREATE VIEW v AS SELECT id, f() AS n FROM parent",
            "CREATE TRIGGER t BEFORE INSERT ON child FOR EACH ROW SET NEW.id = NEW.id + 0",
            "CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2037-01-01' DO DELETE FROM child")
    }

    /// Changes something of every kind.
    func spoil() async throws {
        try await execute(
            "DELETE FROM child", "INSERT INTO parent (v) VALUES ('three')", "ALTER TABLE parent ADD COLUMN n INT",
            "DROP VIEW v", "CREATE TABLE v (id INT)", "CREATE TABLE added (id INT PRIMARY KEY)",
            "INSERT INTO added VALUES (5)", "CREATE VIEW w AS SELECT id FROM added", "DROP FUNCTION f",
            "CREATE FUNCTION g() RETURNS INT DETERMINISTIC NO SQL RETURN 2", "DROP TRIGGER t", "DROP EVENT e",
            "CREATE TRIGGER u BEFORE INSERT ON added FOR EACH ROW SET NEW.id = NEW.id + 0")
    }

    /// What the server's own tool dumps of the database, without the lease. Since when a row of a system-versioned table is
    /// valid is not restored.
    func dumped(without others: Set<String> = []) async throws -> [Substring] {
        let tables = try await DatabaseConnection(database).run { try SchemaDump(reading: $0).tables }
        let versioned = tables.filter(\.isSystemVersioned).map { "--ignore-table-data=\(database.database).\($0.name)" }
        let lease = others.union(["sysndd_ctl_lease"]).map { "--ignore-table=\(database.database).\($0)" }
        return try await SchemaOracle(target: target).dump(database, versioned + lease)
            .split(separator: "\n", omittingEmptySubsequences: false)
    }
}
