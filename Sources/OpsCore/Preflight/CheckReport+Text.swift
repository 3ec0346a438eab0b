extension CheckReport {
    /// For people: the worst first, in groups; remedies stand on lines of their own, so that they can be pasted.
    /// - Parameter colours: whether the words for the status are coloured, for a terminal.
    public func text(colours: Bool = false) -> String {
        var lines: [String] = []
        for status in CheckStatus.allCases.sorted(by: >) {
            for result in checks where result.status == status {
                lines += Self.lines(result, colours: colours)
            }
        }
        return (lines + ["", "\(status.rawValue): \(summary)"]).joined(separator: "\n")
    }

    private static func lines(_ result: CheckResult, colours: Bool) -> [String] {
        let word = result.status.rawValue.uppercased()
        let padded = word + String(repeating: " ", count: 5 - word.count)
        let shown = colours ? "\u{1B}[\(result.status.colour)m\(padded)\u{1B}[0m" : padded
        let indent = String(repeating: " ", count: 6)
        let observed = result.observed.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let isShort = (result.status == .pass || result.status == .skip) && observed.count <= 1
        var lines = ["\(shown) \(result.id)  \(result.title)" + (isShort ? ": \(result.observed)" : "")]
        if isShort { return lines }
        lines += observed.map { indent + "   " + $0 }
        guard result.status != .pass else { return lines }
        lines.append(indent + "expected: " + result.expected)
        lines += (result.remedy ?? "").split(separator: "\n").enumerated().map { number, line in
            indent + (number == 0 ? "remedy:   " : "          ") + line
        }
        return lines
    }
}

extension CheckStatus {
    /// The number of the terminal's colour.
    fileprivate var colour: String {
        switch self {
        case .fail: "31;1"
        case .error: "35;1"
        case .warn: "33"
        case .pass: "32"
        case .skip: "2"
        }
    }
}
