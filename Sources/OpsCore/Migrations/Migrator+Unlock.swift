extension Migrator {
    /// Who holds the lease and the server's lock; changes nothing.
    public func holders() async throws -> MigrationHolders {
        try await DatabaseConnection(database).run { session in
            let lock = try ServerLock.Holder(reading: session)
            let isOurs = lock?.database ?? database.database == database.database
            return MigrationHolders(
                lease: try Lease.holder(in: database.database, session), serverLock: isOurs ? lock?.description : nil)
        }
    }

    /// Takes the lease away from the holder that was shown; a newer one keeps it.
    public func unlock(_ holders: MigrationHolders) async throws -> MigrationHolders {
        guard let holder = holders.lease else { return holders }
        return try await DatabaseConnection(database).run { session in
            var result = holders
            result.freed = try Lease.revoke(holder, in: database.database, session)
            return result
        }
    }
}
