/// A day of the Gregorian calendar.
struct CivilDay: Sendable, Equatable {
    let year: Int
    let month: Int
    let day: Int
    /// 0 for Sunday.
    let weekday: Int

    /// The algorithm of Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`: a year begins
    /// in March, so that the leap day is its last one.
    init(daysSince1970 days: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        weekday = ((days % 7) + 11) % 7
    }
}
