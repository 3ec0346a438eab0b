/// One of the five fields of a ``CronSchedule``.
struct CronField: Sendable, Equatable {
    static let monthNames = names("jan feb mar apr may jun jul aug sep oct nov dec", from: 1)
    static let weekdayNames = names("sun mon tue wed thu fri sat", from: 0)

    /// False when the field begins with `*`: with regard to days, cron then takes it for no condition.
    let isRestricted: Bool
    /// One bit a value.
    private var bits: UInt64

    /// Nil for a text that is no such field.
    init?(_ text: String, _ range: ClosedRange<Int>, names: [String: Int] = [:]) {
        isRestricted = !text.hasPrefix("*")
        bits = 0
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let values = Self.values(String(part), range, names) else { return nil }
            for value in values { bits |= 1 << UInt64(value) }
        }
    }

    func includes(_ value: Int) -> Bool { bits & (1 << UInt64(value)) != 0 }

    /// The same field, where `value` means `other`.
    func joining(_ value: Int, with other: Int) -> CronField {
        var field = self
        if includes(value) { field.bits |= 1 << UInt64(other) }
        return field
    }

    private static func values(
        _ text: String, _ range: ClosedRange<Int>, _ names: [String: Int]
    ) -> StrideThrough<Int>? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, let step = parts.count == 2 ? number(parts[1]) : 1, step > 0 else { return nil }
        if parts[0] == "*" { return stride(from: range.lowerBound, through: range.upperBound, by: step) }
        let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard ends.count <= 2, let first = value(ends[0], range, names),
            let last = ends.count == 2 ? value(ends[1], range, names) : parts.count == 2 ? range.upperBound : first,
            first <= last
        else { return nil }
        return stride(from: first, through: last, by: step)
    }

    private static func value(_ text: String, _ range: ClosedRange<Int>, _ names: [String: Int]) -> Int? {
        guard let value = names[text.lowercased()] ?? number(text), range.contains(value) else { return nil }
        return value
    }

    /// Digits only: a sign is no part of a number here.
    private static func number(_ text: String) -> Int? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(text) : nil
    }

    private static func names(_ text: String, from first: Int) -> [String: Int] {
        Dictionary(uniqueKeysWithValues: text.split(separator: " ").enumerated().map { (String($1), first + $0) })
    }
}
