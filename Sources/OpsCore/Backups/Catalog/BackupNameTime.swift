import Foundation

/// Writes and reads moments in UTC by a pattern in which the letters `YMDhms` stand for the digits of a field.
struct BackupNameTime {
    private let pattern: [UInt8]

    private static let letters = Array("YMDhms".utf8)
    private static let units: [Calendar.Component] = [.year, .month, .day, .hour, .minute, .second]

    init(pattern: String) { self.pattern = Array(pattern.utf8) }

    /// Characters of a moment that is written by the pattern.
    var width: Int { pattern.count }

    func text(_ date: Date) -> String {
        var fields = Self.fields(of: date)
        // Filled from the end, so each letter takes the last digit that is left of its field.
        let bytes = pattern.reversed().map { byte -> UInt8 in
            guard let index = Self.letters.firstIndex(of: byte) else { return byte }
            defer { fields[index] /= 10 }
            return UInt8(ascii: "0") + UInt8(fields[index] % 10)
        }
        return String(decoding: bytes.reversed(), as: UTF8.self)
    }

    /// Nil for text of another form, and for a date that the calendar does not have, such as February 30.
    func date(_ text: Substring) -> Date? {
        guard text.utf8.count == pattern.count else { return nil }
        var fields = [0, 0, 0, 0, 0, 0]
        for (expected, byte) in zip(pattern, text.utf8) {
            guard let index = Self.letters.firstIndex(of: expected) else {
                guard byte == expected else { return nil }
                continue
            }
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            fields[index] = fields[index] * 10 + Int(byte - UInt8(ascii: "0"))
        }
        let date = Calendar.utc.date(
            from: DateComponents(
                year: fields[0], month: fields[1], day: fields[2], hour: fields[3], minute: fields[4],
                second: fields[5]))
        // The calendar takes February 30 for March 2, so what it made is compared with what was asked for.
        return date.flatMap { Self.fields(of: $0) == fields ? $0 : nil }
    }

    private static func fields(of date: Date) -> [Int] {
        let components = Calendar.utc.dateComponents(Set(units), from: date)
        return units.map { components.value(for: $0) ?? 0 }
    }
}

extension Calendar {
    /// The calendar of ISO 8601, with its weeks, in UTC.
    static let utc: Calendar = {
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = .gmt
        return calendar
    }()
}
