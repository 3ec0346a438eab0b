/// What `migrate repair` is asked to do.
public enum MigrationRepair: Sendable, Equatable {
    /// The file as it is now is what was applied.
    case acceptDrift(file: String)
    /// The operator has seen to it that a statement's effect is there.
    case markDone(file: String, ordinal: Int)
    /// Forgets where a file failed or was cut off: it goes on with the first statement that is not done.
    case clearFailed(file: String)

    /// - Parameter text: `FILE:N`.
    /// - Throws: ``MigrationError`` for anything else.
    public static func markDone(_ text: String) throws -> Self {
        let parts = text.split(separator: ":")
        guard parts.count == 2, let ordinal = Int(parts[1]), ordinal > 0 else {
            throw MigrationError("MIGRATION_STATEMENT_INVALID", "\(text) is not FILE:N", exit: .usage)
        }
        return .markDone(file: String(parts[0]), ordinal: ordinal)
    }

    /// The file that is meant.
    public var file: String {
        switch self {
        case .acceptDrift(let file), .markDone(let file, _), .clearFailed(let file): file
        }
    }

    /// What it does, for a question.
    public var purpose: String {
        switch self {
        case .acceptDrift(let file): "accepting \(file) as it is now for what was applied"
        case .markDone(let file, let ordinal): "taking statement \(ordinal) of \(file) for done"
        case .clearFailed(let file): "forgetting where \(file) stopped"
        }
    }
}
