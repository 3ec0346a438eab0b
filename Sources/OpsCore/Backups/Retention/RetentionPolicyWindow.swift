import Foundation

extension RetentionPolicy {
    /// A length of time as people count it, written `1y6m14d12h`: years, months, days, hours.
    public struct Window: Sendable, Equatable, CustomStringConvertible {
        public let years: Int
        public let months: Int
        public let days: Int
        public let hours: Int

        public init(years: Int = 0, months: Int = 0, days: Int = 0, hours: Int = 0) {
            self.years = years
            self.months = months
            self.days = days
            self.hours = hours
        }

        /// Reads `7d`, `2y5m7d3h` and the like: each unit at most once, in any order. Nil for anything else, and for a
        /// length of nothing.
        public init?(_ text: String) {
            var numbers: [Character: Int] = [:]
            var digits = ""
            for character in text {
                if character.isASCII, character.isNumber {
                    digits.append(character)
                } else {
                    guard "ymdh".contains(character), numbers[character] == nil, digits.count <= 5,
                        let number = Int(digits)
                    else { return nil }
                    numbers[character] = number
                    digits = ""
                }
            }
            guard digits.isEmpty, numbers.values.contains(where: { $0 > 0 }) else { return nil }
            self.init(
                years: numbers["y"] ?? 0, months: numbers["m"] ?? 0, days: numbers["d"] ?? 0, hours: numbers["h"] ?? 0)
        }

        public var description: String {
            [(years, "y"), (months, "m"), (days, "d"), (hours, "h")].filter { $0.0 > 0 }.map { "\($0)\($1)" }.joined()
        }

        /// The moment that lies this long before `date`. A year before February 29 is February 28.
        func start(before date: Date) -> Date {
            let step = DateComponents(year: -years, month: -months, day: -days, hour: -hours)
            return Calendar.utc.date(byAdding: step, to: date) ?? .distantPast
        }
    }
}
