/// What is known of one restore, kept in its journal.
struct RestoreRecord: Sendable, Equatable {
    /// What has to happen, or can.
    enum Condition: Sendable, Equatable {
        /// Stopped before the exchange: the database has its old tables, and gets back what was dropped.
        case unfinished
        /// Stopped behind the exchange: the database has its new tables, and gets what belongs to them.
        case exchanged
        case done
        /// Undoing stopped before the exchange.
        case undoUnfinished
        /// Undoing stopped behind the exchange.
        case undoExchanged
        case undone
        /// In place: what is there is neither what was there nor what is restored.
        case inPlaceUnfinished
        case inPlaceDone
    }

    var phase: RestorePhase
    /// The backup that is restored.
    var archive: String
    /// What tells it from every other backup, whatever its name is by now; nil for the dump of another tool.
    var archiveSHA256: String?
    /// The backup of what was there.
    var safetyBackup: String?
    var tables = 0
    var rows = 0
    /// Which tables it is about.
    var scope = RestoreScope.whole
    var definer = DefinerPolicy.keep
    /// Whether what was there is brought back when an object cannot be made.
    var undoesOnFailure = false
    /// Objects that could not be made.
    var missing: String?
    /// ISO 8601, by the server's clock.
    var startedAt = ""

    /// - Parameter role: of the schema in which the journal lies.
    func condition(in role: RestoreSchemaName.Role) -> Condition {
        switch (role, phase) {
        case (.before, .swapping), (.before, .loading), (.before, .clearing): .exchanged
        case (.before, .done): .done
        case (.before, .undoing): .undoUnfinished
        case (.before, .undone), (_, .undone): .undone
        case (_, .undoing): .undoExchanged
        case (_, .clearing), (_, .loading), (_, .swapping), (_, .done): .unfinished
        }
    }

    /// Objects that could not be made, one by one.
    var missingObjects: [String] { missing?.split(separator: "\n").map(String.init) ?? [] }

    /// For a journal that lies in the database itself.
    var conditionInPlace: Condition { phase == .done ? .inPlaceDone : .inPlaceUnfinished }
}
