import OpsCore

/// What lets people into the stack's shim: the key of its tokens, and a demonstration administrator. Both are made once
/// and kept in files that only the stack's owner may read.
struct StackAccess: Sendable {
    /// The administrator's user name.
    static let administrator = "demo_admin"

    let folder: StackFolder

    /// The key of the access tokens.
    static func keyFile(in folder: StackFolder) -> String { folder.file("jwt-secret") }
    /// The administrator's password.
    static func passwordFile(in folder: StackFolder) -> String { folder.file("admin-password") }

    /// Makes the key where it is missing.
    func key() throws -> String {
        let path = Self.keyFile(in: folder)
        if let known = try PrivateFile.read(path)?.split(separator: "\n").first, known.utf8.count >= 32 {
            return String(known)
        }
        // One such password has 24 characters, and a key needs 32 bytes.
        let key = GeneratedPassword().value + GeneratedPassword().value
        try PrivateFile.write(key + "\n", to: path)
        return key
    }

    /// Adds the administrator where the database has none, with the password of the file. One that is there keeps the
    /// password that it has, unless the file is gone.
    /// - Returns: whether something was changed.
    func prepareAdministrator(_ database: DatabaseSettings) async throws -> Bool {
        let accounts = AccountAdministration(database)
        let isThere = try await accounts.list().contains { $0.userName == Self.administrator }
        let hasFile = PrivateFile.exists(Self.passwordFile(in: folder))
        guard !isThere || !hasFile else { return false }
        let password = Secret(try GeneratedPassword.remembered(in: Self.passwordFile(in: folder)).value)
        if isThere {
            _ = try await accounts.setPassword(of: Self.administrator, to: password)
        } else {
            _ = try await accounts.add(
                Self.administrator, role: .administrator, email: "demo_admin@example.org", password: password)
        }
        return true
    }

    static func remove(from folder: StackFolder) throws {
        for path in [keyFile(in: folder), passwordFile(in: folder)] { try PrivateFile.remove(path) }
    }
}
