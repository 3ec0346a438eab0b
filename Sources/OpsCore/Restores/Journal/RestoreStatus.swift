/// What the schemas beside a database tell of its restores, as `restore status` prints it.
public struct RestoreStatus: Sendable, Equatable, Codable {
    /// One restore.
    public struct Item: Sendable, Equatable, Codable {
        /// `unfinished`, `exchanged`, `done`, `undo_unfinished`, `undo_exchanged` or `undone`; of one in place,
        /// `in_place_unfinished` or `in_place_done`.
        public let state: String
        /// What that means for the database.
        public let explanation: String
        /// What can be done.
        public internal(set) var choices: [String]
        public let archive: String
        @EncodedAsNull public var safetyBackup: String?
        /// ISO 8601.
        public let startedAt: String
        /// The schema that holds its journal, and the tables that are not in the database.
        public let schema: String
        /// Objects that could not be made.
        @EncodedAsNull public var missing: String?

        enum CodingKeys: String, CodingKey {
            case state, explanation, choices, archive
            case safetyBackup = "safety_backup"
            case startedAt = "started_at"
            case schema, missing
        }

        init(_ site: RestoreSite) { self.init(site.record, site.condition, in: site.place.text) }

        /// A restore in place, whose journal lies in the database.
        init(inPlace record: RestoreRecord, _ database: String) {
            self.init(record, record.conditionInPlace, in: database)
        }

        private init(_ record: RestoreRecord, _ condition: RestoreRecord.Condition, in schema: String) {
            let words = condition.words
            state = words.state
            explanation = words.explanation
            choices = words.choices
            archive = record.archive
            safetyBackup = record.safetyBackup
            startedAt = record.startedAt
            self.schema = schema
            missing = record.missing
        }
    }

    public let database: String
    /// Who is at work on the database now; an unfinished restore may be theirs.
    @EncodedAsNull public var holder: String?
    /// The oldest first.
    public internal(set) var restores: [Item]

    /// Whether a restore can be undone, at the latest once it has been brought into order.
    public var canUndo: Bool { restores.contains { $0.state == "done" || $0.state == "exchanged" } }
}

extension RestoreRecord.Condition {
    fileprivate var words: (state: String, explanation: String, choices: [String]) {
        switch self {
        case .unfinished:
            (
                "unfinished", "the tables were not exchanged: the database has its old rows",
                [
                    "sysndd-ctl restore resume goes on where it stopped",
                    "sysndd-ctl restore undo takes it back, and makes again what was dropped",
                ]
            )
        case .exchanged:
            (
                "exchanged", "the tables are restored; views, routines, triggers or events may be missing",
                ["sysndd-ctl restore resume makes them", "sysndd-ctl restore undo brings back what was there"]
            )
        case .done:
            (
                "done", "the database is restored; what was there is kept",
                ["sysndd-ctl restore undo brings it back", "sysndd-ctl restore discard drops it"]
            )
        case .undoUnfinished:
            (
                "undo_unfinished", "the tables were not exchanged back: the database has the restored rows",
                ["sysndd-ctl restore resume makes again what was dropped", "sysndd-ctl restore undo tries again"]
            )
        case .undoExchanged:
            (
                "undo_exchanged", "what was there is back; views, routines, triggers or events may be missing",
                ["sysndd-ctl restore resume makes them"]
            )
        case .inPlaceUnfinished:
            (
                "in_place_unfinished",
                "the database is neither what it was nor what is restored; what it was is in the safety backup",
                [
                    "sysndd-ctl restore resume goes on where it stopped",
                    "sysndd-ctl restore undo loads the safety backup",
                ]
            )
        case .inPlaceDone:
            (
                "in_place_done", "the database is restored; what was there is in the safety backup",
                [
                    "sysndd-ctl restore undo loads the safety backup",
                    "sysndd-ctl restore discard forgets it; the file stays",
                ]
            )
        case .undone:
            (
                "undone", "what was there before the restore is back; what was restored is kept",
                ["sysndd-ctl restore discard drops it"]
            )
        }
    }
}
