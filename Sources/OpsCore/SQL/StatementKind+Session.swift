/// The statements whose first word does not tell yet.
extension StatementKind {
    init(setting tokens: inout SQLTokens) {
        let first = tokens.next()
        switch first {
        case .word("PASSWORD"): self = .ddl
        case .word("DEFAULT"): self = tokens.next() == .word("ROLE") ? .ddl : .other
        case .word("STATEMENT"): self.init(afterSetStatement: &tokens)
        default: self = Self.reachesServer(first, &tokens) ? .other : .session
        }
    }

    /// MariaDB's SET STATEMENT … FOR statement.
    private init(afterSetStatement tokens: inout SQLTokens) {
        while let token = tokens.next(), token != .word("FOR") {}
        self.init(rest: &tokens)
    }

    /// Whether a SET touches a variable of the whole server, at the start or after a comma.
    private static func reachesServer(_ first: SQLTokens.Token?, _ tokens: inout SQLTokens) -> Bool {
        var (token, startsItem, depth) = (first, true, 0)
        while let current = token {
            switch current {
            case .word("GLOBAL"), .word("PERSIST"), .word("PERSIST_ONLY"): if startsItem { return true }
            case .systemVariable(let name):
                if startsItem, name.hasPrefix("GLOBAL.") || name.hasPrefix("PERSIST") { return true }
            case .symbol(UInt8(ascii: "(")): depth += 1
            case .symbol(UInt8(ascii: ")")): depth -= 1
            default: break
            }
            startsItem = current == .symbol(UInt8(ascii: ",")) && depth == 0
            token = tokens.next()
        }
        return false
    }

    /// SELECT … INTO @x, or with an assignment `@x := …`.
    static func assignsVariables(_ tokens: inout SQLTokens) -> Bool {
        var previous: SQLTokens.Token?
        while let token = tokens.next() {
            if previous == .word("INTO"), token == .userVariable { return true }
            if previous == .symbol(UInt8(ascii: ":")), token == .symbol(UInt8(ascii: "=")) { return true }
            previous = token
        }
        return false
    }

    /// The statement that follows WITH name AS (…), name AS (…).
    init(afterCommonTables tokens: inout SQLTokens) {
        var depth = 0
        while let token = tokens.next() {
            switch token {
            case .symbol(UInt8(ascii: "(")): depth += 1
            case .symbol(UInt8(ascii: ")")): depth -= 1
            case .word(let word) where depth == 0 && Self.rowVerbs.contains(word):
                self = .dml
                return
            case .word("SELECT") where depth == 0:
                self = Self.assignsVariables(&tokens) ? .session : .other
                return
            default: break
            }
        }
        self = .other
    }
}
