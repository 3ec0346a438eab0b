extension CheckReport {
    /// The Test Anything Protocol, version 13: `not ok` for what failed or could not be checked.
    public var tap: String {
        var lines = ["TAP version 13", "1..\(checks.count)"]
        for (number, result) in checks.enumerated() {
            let isBad = result.status == .fail || result.status == .error
            // A `#` would begin a directive.
            let name = "\(result.id) \(result.title)".replacing("#", with: "\\#")
            let reason = result.observed.replacing("\n", with: "; ").replacing("#", with: "\\#")
            lines.append(
                "\(isBad ? "not ok" : "ok") \(number + 1) - \(name)"
                    + (result.status == .skip ? " # SKIP \(reason)" : ""))
            if result.status == .skip || result.status == .pass { continue }
            lines += [
                "  ---", "  severity: \(result.status.rawValue)", "  observed: \(Self.quoted(result.observed))",
                "  expected: \(Self.quoted(result.expected))", "  remedy: \(result.remedy.map(Self.quoted) ?? "null")",
                "  ...",
            ]
        }
        return lines.joined(separator: "\n")
    }

    /// A double-quoted scalar of YAML.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20: result += "?"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
