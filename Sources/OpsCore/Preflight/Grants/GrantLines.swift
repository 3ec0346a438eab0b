/// The privileges that lines of SHOW GRANTS tell.
struct GrantLines: Sendable, Equatable {
    /// One line: privileges on a scope, as the server writes it.
    struct Line: Sendable, Equatable {
        let scope: String
        let privileges: Set<String>
        let isPassedOn: Bool
    }

    private(set) var lines: [Line] = []

    init(_ texts: [String]) { lines = texts.compactMap(Self.read) }

    /// The grants of the session's account.
    init(asking session: MariaDBHandle) throws {
        self.init(try session.query("SHOW GRANTS").compactMap { $0.text(0) })
    }

    /// True when anything may be passed on to others.
    var hasGrantOption: Bool { lines.contains(where: \.isPassedOn) }

    /// True when the privilege, or all of them, are held on the whole server.
    func holdsGlobally(_ privilege: String) -> Bool { holds(privilege, on: .server) }

    /// True when the privilege is held on all of a scope.
    func holds(_ privilege: String, on scope: GrantScope) -> Bool {
        lines.contains { line in
            (line.privileges.contains(privilege) || line.privileges.contains("ALL PRIVILEGES"))
                && Self.covers(line.scope, scope)
        }
    }

    /// The privileges without which some object of the database is not in the server's lists; empty when all are held.
    func missingForListing(_ database: String) -> [String] {
        let missing = ["SELECT", "TRIGGER", "EVENT"].filter { !holds($0, on: .database(database)) }
        let listsRoutines =
            ["EXECUTE", "CREATE ROUTINE", "ALTER ROUTINE", "SHOW CREATE ROUTINE", "SHOW_ROUTINE"]
            .contains { holds($0, on: .database(database)) }
            || holds("SELECT", on: .table(database: "mysql", "proc"))
        return missing + (listsRoutines ? [] : ["one that shows routines"])
    }

    private static func covers(_ held: String, _ scope: GrantScope) -> Bool {
        if held == "*.*" || held == scope.text { return true }
        func isDatabase(_ name: String) -> Bool { SchemaPrivileges.names("\(held) ", name) }
        return switch scope {
        case .server: false
        case .database(let name), .table(let name, _): isDatabase(name)
        case .databases(let prefix): isDatabase(prefix + "%")
        }
    }

    /// `GRANT a, b (column) ON scope TO …`; roles have no ON.
    private static func read(_ text: String) -> Line? {
        guard text.hasPrefix("GRANT "), let on = text.range(of: " ON ") else { return nil }
        let rest = text[on.upperBound...]
        guard let to = rest.range(of: " TO ") else { return nil }
        let words = text[text.index(text.startIndex, offsetBy: 6)..<on.lowerBound]
        return Line(
            scope: String(rest[..<to.lowerBound]), privileges: Set(split(words).filter { $0 != "USAGE" }),
            isPassedOn: rest.contains(" GRANT OPTION"))
    }

    /// The commas between privileges, not those of column lists.
    private static func split(_ words: Substring) -> [String] {
        var parts: [String] = [""]
        var depth = 0
        for character in words {
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            if character == ",", depth == 0 { parts.append("") } else { parts[parts.count - 1].append(character) }
        }
        return parts.map { $0.trimmed }.filter { !$0.isEmpty }
    }
}
