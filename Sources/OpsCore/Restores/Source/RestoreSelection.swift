/// Makes a loaded shadow schema fit for an exchange of some tables: nothing of it points into itself that stays behind.
struct RestoreSelection {
    let scope: RestoreScope
    let database: String
    /// The shadow schema, in which the tables of the scope are loaded.
    let shadow: String

    /// Makes again what an earlier attempt had dropped for its exchange.
    /// - Parameter kept: what the journal knows of the side that comes in.
    func restore(_ kept: [RestoreJournal.Object], _ session: MariaDBHandle) throws {
        let present = try RestoreForeignKey.identities(shadow, session)
        try session.execute("SET SESSION foreign_key_checks = 0")
        for object in kept where object.isForeignKey(of: scope) && !present.contains(object.identity) {
            try RestoreScript.run(object.script, session)
        }
        try session.execute("SET SESSION foreign_key_checks = DEFAULT")
    }

    /// - Returns: the foreign keys to make after the exchange.
    /// - Throws: ``RestoreError`` where rows would point to nothing; ``DatabaseError``.
    func foreignKeys(_ session: MariaDBHandle) throws -> [RestoreForeignKey] {
        let own = try RestoreForeignKey.edges(of: scope, in: shadow, session)
        let foreign = try RestoreForeignKey.edges(of: scope, in: database, session)
            .filter { !scope.contains($0.table) }
        try requireParents(own, foreign, session)
        return own
    }

    /// - Parameter keys: those that ``foreignKeys(_:)`` has found, which the journal knows by now.
    func prepare(dropping keys: [RestoreForeignKey], _ server: ServerInfo, _ session: MariaDBHandle) throws {
        for key in keys { try key.drop(in: shadow, session) }
        if server.flavour == .mariadb { try replaceSequences(session) }
    }

    private func requireParents(
        _ own: [RestoreForeignKey], _ foreign: [RestoreForeignKey], _ session: MariaDBHandle
    ) throws {
        var findings: [String] = []
        var wanted: [String] = []
        for key in own {
            let check = RestoreOrphans(key: key, home: shadow, rows: shadow, parents: database)
            if let finding = try finding(check, session) {
                findings.append("restored rows of \(finding)")
                wanted.append(key.parent)
            }
        }
        for key in foreign {
            let check = RestoreOrphans(key: key, home: database, rows: database, parents: shadow)
            if let finding = try finding(check, session) {
                findings.append("rows of \(finding)")
                wanted.append(key.table)
            }
        }
        guard !findings.isEmpty else { return }
        let options = Set(wanted).sorted().map { "--table \($0)" }.joined(separator: " ")
        throw RestoreError.orphans(findings, hint: "restore those tables with them: \(options)")
    }

    private func finding(_ check: RestoreOrphans, _ session: MariaDBHandle) throws -> String? {
        let key = check.key
        do {
            let count = try check.count(session)
            return count == 0 ? nil : "\(key.table) lack their \(key.parent) (\(key.name), \(count) rows)"
        } catch let error as DatabaseError where error.kind == .unknownTable || error.number == 1054 {
            return "\(key.table) point to \(key.parent) (\(key.name)), where they find none: \(error.message)"
        }
    }

    /// The sequences of a restored table are those of the database: what was loaded of them was only needed to make it.
    private func replaceSequences(_ session: MariaDBHandle) throws {
        try SequenceDefaults(schema: shadow).point(to: database, from: [shadow], session)
        for relation in try RestoreRelation.list(shadow, session) where relation.kind == .sequence {
            try session.execute("DROP SEQUENCE \(identifier: shadow).\(identifier: relation.name)")
        }
    }
}
