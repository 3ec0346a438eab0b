import Foundation

extension RetentionPolicy {
    /// What a rule counts.
    enum Period: String, CaseIterable {
        /// No period: every backup by itself.
        case backup
        case hour, day, week, month, year

        /// The period that a moment lies in, such as `2026-W53`; nil for `backup`. Weeks belong to the year of their
        /// Thursday.
        func name(of moment: DateComponents) -> String? {
            let year = Self.text(moment.year, 4)
            let month = "\(year)-\(Self.text(moment.month, 2))"
            let day = "\(month)-\(Self.text(moment.day, 2))"
            return switch self {
            case .backup: nil
            case .hour: "\(day) \(Self.text(moment.hour, 2)):00"
            case .day: day
            case .week: "\(Self.text(moment.yearForWeekOfYear, 4))-W\(Self.text(moment.weekOfYear, 2))"
            case .month: month
            case .year: year
            }
        }

        /// The fields that the names are made of.
        static func moment(_ date: Date) -> DateComponents {
            Calendar.utc.dateComponents([.year, .month, .day, .hour, .weekOfYear, .yearForWeekOfYear], from: date)
        }

        private static func text(_ number: Int?, _ width: Int) -> String {
            let digits = String(number ?? 0)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
    }
}
