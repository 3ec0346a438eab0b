import Foundation

/// Which tables a restore is about: all of a database, or some.
///
/// A restore of some tables leaves every other object as it is. What goes with the tables is exactly: their triggers, and
/// the foreign keys between them and tables that stay, which are dropped before the exchange and made after it, because
/// they would follow the tables out of the database.
struct RestoreScope: Sendable, Equatable {
    /// Nil for all.
    let tables: [String]?

    static let whole = RestoreScope(tables: nil)

    var isWhole: Bool { tables == nil }

    /// Names are compared by their bytes.
    func contains(_ table: String) -> Bool {
        tables?.containsExactly(table) ?? true
    }

    /// As the journal keeps it; nil for all.
    var text: String? { tables.flatMap { try? JSONEncoder().encode($0) }.map { String(decoding: $0, as: UTF8.self) } }

    init(tables: [String]?) { self.tables = tables }

    init(text: String?) {
        self.init(tables: text.flatMap { try? JSONDecoder().decode([String].self, from: Data($0.utf8)) })
    }

    /// The scope that an operator asked for.
    /// - Parameter available: the tables of the backup.
    /// - Throws: ``RestoreError`` for a table that is not there, or is the toolkit's.
    init(asked: [String], of available: [String], in path: String) throws {
        guard !asked.isEmpty else {
            self = .whole
            return
        }
        for table in asked where SchemaToolkitTable(rawValue: table) != nil || RestoreJournal.tables.contains(table) {
            throw RestoreError.reserved(table)
        }
        let missing = asked.filter { !available.containsExactly($0) }
        guard missing.isEmpty else { throw RestoreError.noTable(missing, in: path) }
        self.init(tables: asked)
    }
}

extension RestoreError {
    static func noTable(_ tables: [String], in path: String) -> Self {
        Self(
            "RESTORE_NO_TABLE", "\(path) holds no table \(tables.joined(separator: ", "))",
            hint: "list what it holds with: sysndd-ctl backup show", exit: .badInput)
    }
}
