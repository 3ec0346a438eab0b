extension CheckReport {
    /// JUnit's XML: a group is a suite; warnings are passes with output, because the format has no word for them.
    public var junit: String {
        var lines = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>"]
        lines.append("<testsuites name=\"preflight\" \(Self.counts(checks))>")
        for group in groups {
            let results = checks.filter { $0.group == group }
            lines.append("  <testsuite name=\"\(Self.escaped(group))\" \(Self.counts(results))>")
            lines += results.map(Self.testCase)
            lines.append("  </testsuite>")
        }
        return (lines + ["</testsuites>"]).joined(separator: "\n")
    }

    /// The groups in their first order.
    var groups: [String] {
        checks.map(\.group).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    private static func counts(_ results: [CheckResult]) -> String {
        let seconds = Double(results.reduce(0) { $0 + $1.ms }) / 1000
        return "tests=\"\(results.count)\" failures=\"\(results.count { $0.status == .fail })\" "
            + "errors=\"\(results.count { $0.status == .error })\" "
            + "skipped=\"\(results.count { $0.status == .skip })\" time=\"\(seconds)\""
    }

    private static func testCase(_ result: CheckResult) -> String {
        let name = escaped("\(result.id) \(result.title)")
        let body = escaped(
            "observed: \(result.observed)\nexpected: \(result.expected)"
                + (result.remedy.map { "\nremedy: \($0)" } ?? ""))
        let inner =
            switch result.status {
            case .fail: "<failure message=\"\(escaped(firstLine(result.observed)))\">\(body)</failure>"
            case .error: "<error message=\"\(escaped(firstLine(result.observed)))\">\(body)</error>"
            case .skip: "<skipped message=\"\(escaped(firstLine(result.observed)))\"/>"
            case .warn: "<system-err>warning: \(body)</system-err>"
            case .pass: "<system-out>\(escaped(result.observed))</system-out>"
            }
        return "    <testcase classname=\"preflight.\(escaped(result.group))\" name=\"\(name)\" "
            + "time=\"\(Double(result.ms) / 1000)\">\(inner)</testcase>"
    }

    private static func firstLine(_ text: String) -> String { String(text.prefix { $0 != "\n" }) }

    /// XML 1.0 has no way to write most control characters at all.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\t", "\n": result.unicodeScalars.append(scalar)
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
