/// What the statements of a file leave in their session.
extension MigrationRunner {
    /// Keeps track of what a statement did to the session.
    mutating func note(_ statement: ScriptStatement, _ handling: StepHandling) async throws {
        let known = known(statement)
        variables.formUnion(known.variables)
        if !known.variables.isEmpty || !variables.isEmpty && handling == .schema(nil) { isSnapshotOld = true }
        switch handling {
        case .lock: isLocked = true
        case .unlock, .begin: isLocked = false
        case .session:
            defaultDatabase = try await lock.work.run { try $0.query("SELECT DATABASE()").first?.text(0) ?? "" }
        case .variables: try await notePreparation(statement)
        default: break
        }
    }

    private mutating func notePreparation(_ statement: ScriptStatement) async throws {
        switch PreparationStatement(statement.text, dialect: dialect) {
        case .prepare(let name, let source)?:
            let text = try await lock.work.run { try $0.query(SQLQuery(unquoted: "SELECT " + source)).first?.text(0) }
            snapshot.prepared[name] = text
            if let text { variables.formUnion(StatementNames(Array(text.utf8), dialect: dialect).variables) }
        case .deallocate(let name)?: snapshot.prepared[name] = nil
        case nil: break
        }
    }

    mutating func readSnapshot() async throws {
        guard isSnapshotOld else { return }
        let (names, before) = (variables, snapshot)
        snapshot = try await lock.work.run { session in
            var snapshot = before
            try snapshot.read(names, session)
            return snapshot
        }
        isSnapshotOld = false
    }

    /// Makes the session as good as new, where the file may have left something in it.
    /// - Returns: true when it was done.
    func resetSession() async throws -> Bool {
        guard !script.leavesSessionClean else { return false }
        let database = defaultDatabase == database ? nil : database
        try await lock.work.run { try $0.reset(database: database) }
        return true
    }
}
