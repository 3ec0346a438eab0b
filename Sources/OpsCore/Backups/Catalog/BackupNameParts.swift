import Foundation

/// The parts of the names that the toolkit gives to its backups, and how they are written and read.
struct BackupNameParts: Equatable {
    let kind: BackupName.Kind
    let date: Date
    /// Nil where the name does not tell it.
    var database: String?
    /// 1, or more for a further backup at the same time.
    var ordinal = 1

    private static let suffix = ".sql.gz"
    private static let seconds = BackupNameTime(pattern: "YYYY-MM-DD_hh-mm-ss")
    private static let minutes = BackupNameTime(pattern: "YYYYMMDDhhmm")

    // MARK: - Writing

    var text: String {
        let mark = ordinal > 1 ? "_\(ordinal)" : ""
        if kind == .scheduled {
            return "\(Self.minutes.text(date))\(mark).\(Self.encoded(database ?? ""))\(Self.suffix)"
        }
        return "\(kind.rawValue)_\(Self.seconds.text(date))\(mark)\(Self.suffix)"
    }

    /// A database's name as a part of a file name: the characters that a ``BackupName`` refuses, and `%` itself, are
    /// percent-encoded.
    static func encoded(_ database: String) -> String {
        database.unicodeScalars.map { scalar in
            guard "/\\%".unicodeScalars.contains(scalar) || scalar.properties.generalCategory == .control else {
                return String(scalar)
            }
            return String(scalar).utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }
                .joined()
        }.joined()
    }

    // MARK: - Reading

    /// Nil for a name of any other form, or with a date that the calendar does not have.
    init?(parsing text: String) {
        guard text.hasSuffix(Self.suffix) else { return nil }
        let stem = text.dropLast(Self.suffix.count)
        for kind in [BackupName.Kind.manual, .preRestore, .preMigrate] where stem.hasPrefix(kind.rawValue + "_") {
            self.init(kind: kind, stamped: stem.dropFirst(kind.rawValue.count + 1))
            return
        }
        self.init(scheduled: stem)
    }

    init(kind: BackupName.Kind, date: Date, database: String? = nil, ordinal: Int = 1) {
        self.kind = kind
        self.date = date
        self.database = database
        self.ordinal = ordinal
    }

    private init?(kind: BackupName.Kind, stamped text: Substring) {
        guard let date = Self.seconds.date(text.prefix(Self.seconds.width)),
            let ordinal = Self.ordinal(text.dropFirst(Self.seconds.width))
        else { return nil }
        self.init(kind: kind, date: date, ordinal: ordinal)
    }

    private init?(scheduled stem: Substring) {
        guard let dot = stem.firstIndex(of: "."), let date = Self.minutes.date(stem.prefix(Self.minutes.width)),
            let ordinal = Self.ordinal(stem[..<dot].dropFirst(Self.minutes.width)),
            let database = String(stem[dot...].dropFirst()).removingPercentEncoding, !database.isEmpty
        else { return nil }
        self.init(kind: .scheduled, date: date, database: database, ordinal: ordinal)
    }

    /// What follows the time: nothing, or an underscore and a number from 2 on as ``text`` writes it.
    private static func ordinal(_ mark: Substring) -> Int? {
        if mark.isEmpty { return 1 }
        guard mark.hasPrefix("_"), let number = Int(mark.dropFirst()), number > 1, mark == "_\(number)" else {
            return nil
        }
        return number
    }
}
