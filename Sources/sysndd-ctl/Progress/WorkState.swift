/// How far one step of long work has come.
struct WorkState: Equatable {
    /// The step, in a word or a few; another one begins a new line.
    var step: String
    /// What it works on at the moment, such as a table.
    var item: String?
    var done = 0
    /// Nil where it is not known, or where there is nothing to count.
    var total: Int?
    /// What is counted.
    var unit = "items"
    /// Anything else worth a look, such as the bytes that were written.
    var detail: String?

    /// One line for a terminal: what, done of total, rate, remaining time.
    /// - Parameter elapsed: since the step began.
    func line(after elapsed: Duration) -> String {
        let what = [step, item.map(\.asVisible)].compactMap { $0 }.joined(separator: " ")
        guard done > 0 || total != nil else { return what }
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        // An estimated total can be too small; then it says nothing any more.
        let known = total.flatMap { $0 >= done ? $0 : nil }
        var parts = [what, "\(done.asCount)\(known.map { "/\($0.asCount)" } ?? "") \(unit)"]
        if let detail { parts.append(detail) }
        // The first moments tell nothing about the rest.
        if seconds >= 1, done > 0 {
            let rate = Double(done) / seconds
            parts.append("\(Int(rate.rounded()).asCount) \(unit)/s")
            if let known { parts.append("\(Self.time(Double(known - done) / rate)) left") }
        }
        return parts.joined(separator: "  ")
    }

    private static func time(_ seconds: Double) -> String {
        let whole = Int(min(seconds, 1e9).rounded(.up))
        if whole < 60 { return "\(whole) s" }
        return whole < 3600 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole % 3600 / 60) min"
    }
}

extension String {
    /// The text on one line: a name of the database cannot move the cursor.
    var asVisible: String {
        String(
            String.UnicodeScalarView(unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }))
    }
}

extension Int {
    /// A number for people: `9999`, `12.3 k`, `1.2 M`.
    var asCount: String {
        guard self >= 10_000 else { return "\(self)" }
        let (value, unit) = self >= 1_000_000 ? (Double(self) / 1e6, "M") : (Double(self) / 1e3, "k")
        return "\((value * 10).rounded(.down) / 10) \(unit)"
    }
}
