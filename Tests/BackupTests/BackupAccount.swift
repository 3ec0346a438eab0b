import TestSupport

@testable import OpsCore

/// A database account of a test's own, without any right at first.
struct BackupAccount {
    let settings: DatabaseSettings
    /// As a GRANT names it.
    let quoted: String

    static func make(_ scope: BackupScope) async throws -> BackupAccount {
        let name = "t" + String(UInt32.random(in: 0 ... .max), radix: 36)
        let quoted = "'\(name)'@'%'"
        try await scope.execute("CREATE USER \(quoted) IDENTIFIED BY 'secret-of-a-test'")
        var settings = scope.database
        settings.user = name
        settings.password = Secret("secret-of-a-test")
        return BackupAccount(settings: settings, quoted: quoted)
    }

    /// Grants what a backup needs of the database itself, and nothing for the whole server.
    func grantReading(_ scope: BackupScope) async throws {
        let name = SQLQuery.identifier(scope.database.database)
        try await scope.execute("GRANT SELECT, SHOW VIEW, TRIGGER, EVENT ON \(name).* TO \(quoted)")
    }

    func drop(_ scope: BackupScope) async throws { try await scope.execute("DROP USER \(quoted)") }
}
