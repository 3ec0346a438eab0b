/// What a restore does about definers whose account the server does not have.
public enum DefinerPolicy: String, Sendable, CaseIterable {
    /// Leaves them: the objects are made, and cannot be used until there is such an account.
    case keep
    /// Puts the account that restores in their place.
    case current
}

/// The definers of the objects of a backup.
struct RestoreDefiners: Sendable {
    let policy: DefinerPolicy
    /// Objects by the account that is missing.
    private(set) var missing: [String: [String]] = [:]
    /// The account may not see which there are.
    private(set) var isBlind = false

    init(policy: DefinerPolicy) { self.policy = policy }

    /// Looks at the objects, and changes them as the policy says.
    mutating func settle(
        _ objects: [RestoreJournal.Object], _ session: MariaDBHandle
    ) throws -> [RestoreJournal.Object] {
        var known: [String: Bool] = [:]
        return try objects.map { object in
            var object = object
            for clause in try Self.clauses(of: object.script).reversed() {
                if known[clause.account] == nil { known[clause.account] = try exists(clause, session) }
                guard known[clause.account] == false else { continue }
                missing[clause.account, default: []].append("\(object.kind) \(object.name)")
                if policy == .current {
                    object.script.replaceSubrange(clause.range, with: Array("DEFINER=CURRENT_USER".utf8))
                }
            }
            return object
        }
    }

    /// What the operator should know.
    var notes: [String] {
        missing.sorted { $0.key < $1.key }.map { account, objects in
            let what =
                policy == .keep ? "kept; they cannot be used before it exists" : "replaced by the account that restores"
            let doubt = isBlind ? "may not exist (the account cannot look into mysql.user)" : "does not exist"
            return "the definer \(account) of \(objects.joined(separator: ", ")) \(doubt) and was \(what)"
        }
    }

    private mutating func exists(_ clause: DefinerClause, _ session: MariaDBHandle) throws -> Bool {
        do {
            let rows = try session.query(
                "SELECT 1 FROM mysql.user WHERE BINARY User = \(clause.user) AND Host = \(clause.host)")
            return !rows.isEmpty
        } catch let error as DatabaseError where error.kind == .accessDenied {
            isBlind = true
            let current = try session.query("SELECT CURRENT_USER()").first?.text(0)
            return current == clause.account
        }
    }

    /// Every clause in a script, with its place in the script.
    static func clauses(of script: [UInt8]) throws -> [DefinerClause] {
        try ObjectScript.statements(of: script).compactMap { statement in
            guard let clause = DefinerClause(in: statement.text, dialect: statement.dialect) else { return nil }
            let start = statement.range.lowerBound
            return DefinerClause(
                user: clause.user, host: clause.host,
                range: clause.range.lowerBound + start..<clause.range.upperBound + start)
        }
    }
}

extension DefinerClause {
    fileprivate init(user: String, host: String, range: Range<Int>) {
        self.user = user
        self.host = host
        self.range = range
    }
}
