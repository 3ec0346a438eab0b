/// The statements on the table `user`. Each function runs within the session, and so the transaction, that it is given.
struct AccountStore: Sendable {
    /// How an account is looked for.
    enum Key: Sendable {
        case id(Int)
        case userName(String)
        case email(String)

        fileprivate var condition: SQLQuery {
            switch self {
            case .id(let id): "user_id = \(id)"
            case .userName(let name): "user_name = \(name)"
            case .email(let address): "LOWER(email) = LOWER(\(address))"
            }
        }
    }

    /// The account; nil when there is none or, by a name that is not unique, more than one.
    /// - Parameter isLocking: the row stays as it is until the transaction ends.
    func find(_ key: Key, isLocking: Bool = false, _ session: MariaDBHandle) throws -> Account? {
        // Time stamps are read and written as in UTC, where no hour comes twice.
        try session.execute("SET time_zone = '+00:00'")
        let lock: SQLQuery = isLocking ? " FOR UPDATE" : ""
        let rows = try session.query("SELECT \(Account.columns) FROM `user` WHERE \(key.condition)\(lock)")
        return rows.count == 1 ? rows.first.map(Account.init) : nil
    }

    func all(_ session: MariaDBHandle) throws -> [Account] {
        try session.execute("SET time_zone = '+00:00'")
        return try session.query("SELECT \(Account.columns) FROM `user` ORDER BY user_id").map(Account.init)
    }

    /// - Returns: the new account's id.
    /// - Throws: ``AccountError`` of kind `duplicate`.
    func register(_ registration: Registration.Checked, _ session: MariaDBHandle) throws -> Int {
        try unlessDuplicate {
            Int(
                try session.execute(
                    """
                    INSERT INTO `user` (user_name, first_name, family_name, email, orcid, comment, terms_agreed, approved,
                        user_role, password)
                    VALUES (\(registration.userName), \(registration.firstName), \(registration.familyName),
                        \(registration.email), \(registration.orcid), \(registration.comment), 1, 0, 'Viewer', NULL)
                    """
                ).lastInsertID)
        }
    }

    /// Makes an account that may sign in at once.
    func add(_ userName: String, role: Role, email: String?, hash: Secret, _ session: MariaDBHandle) throws -> Int {
        let id = try unlessDuplicate {
            Int(
                try session.execute(
                    """
                    INSERT INTO `user` (user_name, email, user_role, approved, terms_agreed)
                    VALUES (\(userName), \(email), \(role.rawValue), 1, 0)
                    """
                ).lastInsertID)
        }
        try setPassword(of: id, to: hash, raisingEpoch: false, session)
        return id
    }

    private func unlessDuplicate(_ insert: () throws -> Int) throws -> Int {
        do {
            return try insert()
        } catch let error as DatabaseError where error.kind == .duplicateKey {
            throw AccountError(.duplicate, "the user name, the mail address or the ORCID is another account's")
        }
    }

    func approve(_ id: Int, abbreviation: String, _ session: MariaDBHandle) throws {
        try session.execute(
            "UPDATE `user` SET approved = 1, abbreviation = \(abbreviation) WHERE user_id = \(id)")
    }

    /// - Throws: ``AccountError`` of kind `inUse` when other rows refer to the account.
    func delete(_ id: Int, _ session: MariaDBHandle) throws {
        do {
            try session.execute("DELETE FROM `user` WHERE user_id = \(id)")
        } catch let error as DatabaseError where [1217, 1451].contains(error.number) {
            throw AccountError(.inUse, "other rows of the database refer to this account")
        }
    }

    /// Stores a hash and closes an open reset link.
    /// - Parameter raisingEpoch: ends the sessions of the account.
    func setPassword(of id: Int, to hash: Secret, raisingEpoch: Bool, _ session: MariaDBHandle) throws {
        try session.execute(
            """
            UPDATE `user` SET password = \(hash.exposed), password_reset_date = NULL,
                session_epoch = session_epoch + \(raisingEpoch) WHERE user_id = \(id)
            """)
        try requireStored(hash, of: id, session)
    }

    /// Replaces an old password in plain text, unless it has been changed meanwhile.
    func replacePlainText(_ old: Secret, with hash: Secret, of id: Int, _ session: MariaDBHandle) throws {
        let outcome = try session.execute(
            """
            UPDATE `user` SET password = \(hash.exposed)
            WHERE user_id = \(id) AND CAST(password AS BINARY) = CAST(\(old.exposed) AS BINARY)
            """)
        if outcome.affectedRows > 0 { try requireStored(hash, of: id, session) }
    }

    /// A server without strict mode would cut a hash off to what a narrow column takes, and lock the account out.
    private func requireStored(_ hash: Secret, of id: Int, _ session: MariaDBHandle) throws {
        guard try session.query("SELECT password FROM `user` WHERE user_id = \(id)").first?.text(0) == hash.exposed
        else {
            throw DatabaseError(
                kind: .other, message: "the column user.password is too narrow for a hash",
                hint: "apply the pending migrations: sysndd-ctl migrate")
        }
    }

    func setResetDate(of id: Int, to seconds: Int, _ session: MariaDBHandle) throws {
        try session.execute("SET time_zone = '+00:00'")
        try session.execute(
            "UPDATE `user` SET password_reset_date = FROM_UNIXTIME(\(seconds)) WHERE user_id = \(id)")
    }

    /// Changes a role and ends the sessions of the account, whose tokens carry the old one.
    func setRole(of id: Int, to role: Role, _ session: MariaDBHandle) throws {
        try session.execute(
            "UPDATE `user` SET user_role = \(role.rawValue), session_epoch = session_epoch + 1 WHERE user_id = \(id)")
    }
}
